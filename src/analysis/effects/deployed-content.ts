/**
 * Values that are the same in every worker, because they are read from files that are deployed with the code.
 */
import { unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import { isDeployedFile } from './local-paths.ts';

const READS = /^(?:fs|fs\/promises|fs-extra|graceful-fs):(?:\.default)?(?:\.promises)?\.readFile(?:Sync)?$/;
const MAX_DEPTH = 6;

/** Whether a value is what a deployed file holds, or is made of that alone: `Handlebars.compile(source)`. */
export function isDeployedContent(ev: Evaluation, ref: Ref, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  const node = unwrap(ref.node);
  const inner = (next: Node): boolean => isDeployedContent(ev, beside(ref, next), depth + 1);
  switch (node.type) {
    case 'AwaitExpression':
      return inner(node.argument);
    case 'Identifier': {
      const writes = ref.module.variableOf(node)?.references.flatMap(({ writeExpr }) => writeExpr ?? []);
      // `let text = cache.get(name); if (!text) text = read(name);`
      return writes?.some((written) => inner(written)) ?? false;
    }
    case 'CallExpression': {
      const [first, ...options] = node.arguments;
      if (!first) return false;
      if (reads(ev, beside(ref, node.callee))) return isDeployedFile(ev, beside(ref, first));
      return options.every(({ type }) => type === 'ObjectExpression' || type === 'Literal') && inner(first);
    }
    default:
      return false;
  }
}

function reads(ev: Evaluation, callee: Ref): boolean {
  return membersOf(present(ev.evaluate(callee))).some(
    (member) => member.kind === 'external' && READS.test(member.path),
  );
}
