/**
 * Tests of a status that others give a thing, and no run of the job: `if (order.status === 'cancelled') return` stops a
 * second run no more than the first, where the job sets `sent`.
 */
import { calleesOf } from '../calls/callees.ts';
import { calleeName, contains, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { ownNodes } from '../values/functions.ts';
import type { Ref } from '../values/value.ts';
import { isBroughtAbout, valuesGiven } from './state-names.ts';

/** Ends that somebody decides on. */
const ENDED =
  /^(?:cancel{1,2}ed|paused|archived|(?:soft_?)?deleted|revoked|suspended|withdrawn|unsubscribed|opted_?out|blocked|banned|muted|draft)$/i;

/**
 * Whether a test keeps an effect only from what others have ended: whatever the function and those that it calls write,
 * it gets there again.
 */
export function endsByOthers(
  ev: Evaluation,
  { module, node, frame }: Ref,
  when: boolean,
  running: FunctionNode,
): boolean {
  const ended = endedIn(node, when);
  return ended !== undefined && isLeftToOthers(ev, ended, { module, node: running, frame });
}

/**
 * The text of a query's condition without what only leaves out the rows that others have ended:
 * `status: { not: 'cancelled' }`.
 */
export function withoutEndedByOthers(ev: Evaluation, condition: string, running: Ref<FunctionNode>): string {
  return condition.replace(LEAVES_OUT, (text, column: string, given: string) => {
    const values = [...given.matchAll(/'([^']*)'|"([^"]*)"|\.(\w+)/g)].map(
      ([, single, double, member]) => single ?? double ?? member ?? '',
    );
    return values.length > 0 && isLeftToOthers(ev, { column, values }, running) ? '' : text;
  });
}

const LEAVES_OUT =
  /\b(\w*(?:status|state))['"]?\s*:\s*\{\s*(?:not|notIn|ne|\$ne|\$nin)\s*:\s*(\[[^\]]*\]|['"\w.]+)\s*,?\s*\}\s*,?/gi;

function isLeftToOthers(ev: Evaluation, { column, values }: Ended, running: Ref<FunctionNode>): boolean {
  if (!values.every((value) => ENDED.test(value))) return false;
  const { module } = running;
  const writers: Ref[] = [here(module, module.ast), ...functionsCalled(ev, running)];
  return writers.every(
    (writer) =>
      valuesGiven(writer.module, column).every(
        (given) => isNamedValue(given) || !contains(writer.node, given),
      ) && !values.some((value) => isGivenIn(writer, value)),
  );
}

function functionsCalled(ev: Evaluation, fn: Ref<FunctionNode>): Ref<FunctionNode>[] {
  return ownNodes(fn.module, fn.node)
    .filter((part) => part.type === 'CallExpression')
    .flatMap((call) => calleesOf(ev, beside(fn, call)))
    .flatMap((callee) => (callee.kind === 'function' ? [callee.at] : []));
}

interface Ended {
  column: string;
  /** With these the effect is not reached. */
  values: string[];
}

function endedIn(test: Node, when: boolean): Ended | undefined {
  switch (test.type) {
    case 'UnaryExpression':
      return test.operator === '!' ? endedIn(unwrap(test.argument), !when) : undefined;
    case 'BinaryExpression': {
      const isEqual = /^===?$/.test(test.operator);
      if (when === isEqual || (!isEqual && !/^!==?$/.test(test.operator))) return undefined;
      return endedBy(test.left, [test.right]) ?? endedBy(test.right, [test.left]);
    }
    case 'CallExpression': {
      // `['cancelled', 'paused'].includes(order.status)`
      const callee = unwrap(test.callee);
      const list = callee.type === 'MemberExpression' ? unwrap(callee.object) : undefined;
      const [asked] = test.arguments;
      if (when || !asked || list?.type !== 'ArrayExpression' || calleeName(callee) !== 'includes')
        return undefined;
      return endedBy(
        asked,
        list.elements.filter((element) => element !== null),
      );
    }
    default:
      return undefined;
  }
}

function endedBy(asked: Node, given: readonly Node[]): Ended | undefined {
  const node = unwrap(asked);
  const column =
    node.type === 'Identifier' ? node.name : node.type === 'MemberExpression' ? keyName(node) : undefined;
  const values = given.flatMap((one) => valueOf(one) ?? []);
  const isRead = values.length > 0 && values.length === given.length;
  return column !== undefined && /status|state/i.test(column) && isRead ? { column, values } : undefined;
}

/** `cancelled`, and the member of an enumeration that is called so. */
function valueOf(given: Node): string | undefined {
  const node = unwrap(given);
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node.type === 'MemberExpression' && !node.computed ? keyName(node) : undefined;
}

/** Whether it can be read what a status is given: `isLate ? 'late' : 'sent'`. */
function isNamedValue(given: Node): boolean {
  const node = unwrap(given);
  return node.type === 'ConditionalExpression'
    ? isNamedValue(node.consequent) && isNamedValue(node.alternate)
    : valueOf(node) !== undefined;
}

/** Whether code may give a status a value: it names the value where it does not compare, or calls for it. */
function isGivenIn({ module, node: within }: Ref, value: string): boolean {
  const wanted = value.toLowerCase();
  const code = module.textOf(within);
  const isNamed = (node: Node): boolean =>
    contains(within, node) &&
    valueOf(node)?.toLowerCase() === wanted &&
    !isComparing(node) &&
    node.parent?.type !== 'TSEnumMember';
  return (
    isBroughtAbout(code, value) ||
    module.nodes('Literal').some(isNamed) ||
    module.nodes('MemberExpression').some(isNamed) ||
    new RegExp(`\\bSET\\b[^;\`]*?'${value}'`, 'i').test(code)
  );
}

/** Whether a value stands in a comparison: `=== 'cancelled'`, `where: { status: { not: 'cancelled' } }`. */
function isComparing(value: Node): boolean {
  for (let node = value.parent; node; node = node.parent)
    switch (node.type) {
      case 'BinaryExpression':
      case 'SwitchCase':
      case 'TSLiteralType':
        return true;
      case 'Property':
        if (/^(?:where|not|not_?in|in|\$n?in|\$ne)$/i.test(keyName(node) ?? '')) return true;
        break;
      case 'CallExpression':
        return calleeName(node.callee) === 'includes';
      default:
    }
  return false;
}
