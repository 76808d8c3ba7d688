/**
 * Removing files or folders.
 */
import { here } from '../../values/evaluation.ts';
import { membersOf, present } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

const REMOVERS =
  /^(?:(?:fs|fs\/promises|graceful-fs|fs-extra):\.(?:promises\.)?(?:rm|rmSync|unlink|unlinkSync|rmdir|rmdirSync|remove|removeSync|emptyDir)|rimraf:.*|del:.*|global:\.Deno\.remove(?:Sync)?)$/;

export const removesFile: EffectKind = {
  name: 'removes-file',
  mark: 'files',
  throughFloating: true,
  find(ev, running) {
    const found: Effect[] = [];
    for (const node of running.body) {
      if (node.type !== 'CallExpression') continue;
      const callees = membersOf(present(ev.evaluate(here(running.module, node.callee, running.frame))));
      if (callees.some((callee) => callee.kind === 'external' && REMOVERS.test(callee.path)))
        found.push({
          at: here(running.module, node, running.frame),
          label: `${running.module.textOf(node.callee)}()`,
          target: node.arguments[0] ? running.module.textOf(node.arguments[0]) : '',
        });
    }
    return found;
  },
};
