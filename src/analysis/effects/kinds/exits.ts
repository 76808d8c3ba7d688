/**
 * Ending the process: `process.exit()`, of the global or of the module.
 */
import { calleeName } from '../../source/nodes.ts';
import { here } from '../../values/evaluation.ts';
import { membersOf, present } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

const EXIT = /^(?:global:\.process|process:)\.exit$/;

export const exits: EffectKind = {
  name: 'exits',
  mark: 'exits',
  throughFloating: true,
  endsAtProcessors: true,
  find(ev, { module, frame, body }) {
    return body.flatMap((node): Effect[] => {
      // A renamed import is rare, and evaluation is not free.
      if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'exit') return [];
      const callees = membersOf(present(ev.evaluate(here(module, node.callee))));
      const isExit = callees.some((callee) => callee.kind === 'external' && EXIT.test(callee.path));
      return isExit ? [{ at: here(module, node, frame), label: 'process.exit()', target: 'process' }] : [];
    });
  },
};
