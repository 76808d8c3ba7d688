/**
 * Removing files or folders.
 */
import { here } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

const REMOVERS =
  /^(?:(?:fs|fs\/promises|graceful-fs|fs-extra):\.(?:promises\.)?(?:rm|rmSync|unlink|unlinkSync|rmdir|rmdirSync|remove|removeSync|emptyDir|emptyDirSync)|rimraf:.*|del:.*|global:\.Deno\.remove(?:Sync)?)$/;

export interface FileRemoval extends Effect {
  /** The path, where it is told. */
  path: Ref | undefined;
}

export const removesFile: EffectKind<FileRemoval> = {
  name: 'removes-file',
  mark: 'files',
  throughFloating: true,
  readsArguments: true,
  countsCalls: true,
  find(ev, running) {
    const found: FileRemoval[] = [];
    for (const node of running.body) {
      if (node.type !== 'CallExpression') continue;
      const callees = membersOf(present(ev.evaluate(here(running.module, node.callee, running.frame))));
      if (callees.some((callee) => callee.kind === 'external' && REMOVERS.test(callee.path))) {
        const [path] = node.arguments;
        found.push({
          at: here(running.module, node, running.frame),
          label: `${running.module.textOf(node.callee)}()`,
          target: path ? running.module.textOf(path) : '',
          path: path && here(running.module, path, running.frame),
        });
      }
    }
    return found;
  },
};
