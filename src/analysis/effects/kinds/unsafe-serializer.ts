/**
 * Serializing or deserializing in an unsafe way; what goes in decides whether it concerns a job.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../../source/module.ts';
import type { FunctionNode, Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Frame, type Value } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';
import { isWriter, unsafeSerializer } from '../serializers.ts';

export interface UnsafeSerialization extends Effect {
  danger: string;
  /** Whether values become text here; text that becomes values is the more dangerous way. */
  writes: boolean;
  /** What the names and members among the arguments are. */
  inputs: readonly Value[];
}

export const serializesUnsafely: EffectKind<UnsafeSerialization> = {
  name: 'serializes-unsafely',
  mark: 'serializers',
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  find(ev, running) {
    const { module, frame } = running;
    return running.body.flatMap((node) => {
      const found = unsafeCall(ev, module, node, frame);
      if (!found) return [];
      return [
        {
          at: here(module, node, frame),
          label: found.label,
          target: found.label,
          danger: found.danger,
          writes: found.writes,
          inputs: found.call.arguments.flatMap((argument) => inputsOf(ev, module, argument, frame)),
        },
      ];
    });
  },
};

/** A call (or `new`) of an unsafe serializer. */
export function unsafeCall(
  ev: Evaluation,
  module: SourceModule,
  node: Node,
  frame?: Frame,
):
  | {
      call: TSESTree.CallExpression | TSESTree.NewExpression;
      label: string;
      danger: string;
      writes: boolean;
    }
  | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const args = node.arguments.map((argument) => module.textOf(argument)).join(' ');
  for (const callee of membersOf(present(ev.evaluate(here(module, node.callee, frame))))) {
    if (callee.kind !== 'external') continue;
    const serializer = unsafeSerializer(callee.path + (node.type === 'NewExpression' ? '#' : ''), args);
    if (serializer)
      return {
        call: node,
        label: `${module.textOf(node.callee)}()`,
        danger: serializer.danger,
        writes: isWriter(callee.path),
      };
  }
  return undefined;
}

function inputsOf(ev: Evaluation, module: SourceModule, argument: Node, frame: Frame | undefined): Value[] {
  const values: Value[] = [];
  const stack: Node[] = [argument];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'Identifier' || node.type === 'MemberExpression')
      values.push(ev.evaluate(here(module, node, frame)));
    stack.push(...module.childrenOf(node));
  }
  return values;
}

/** Whether a value is a job or a part of one, in a processor whose first parameter is the job. */
export function isOfJob(value: Value, processor: FunctionNode): boolean {
  return membersOf(value).some(
    (member) =>
      (member.kind === 'unknown' && member.parameter?.fn === processor && member.parameter.index === 0) ||
      (member.kind === 'external' &&
        /^[\w@/-]+:(?:\.\w+)?(?:\.(?:Sandboxed)?Job(?:Pro)?#|#(?:\.process)?>0|\.Worker#>0)/.test(
          member.path,
        )),
  );
}
