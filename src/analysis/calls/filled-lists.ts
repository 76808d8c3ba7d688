/**
 * Lists and sets that are filled one place after the other: they have no more members than there are such places.
 */
import type { Reference } from '@typescript-eslint/scope-manager';
import type { SourceModule } from '../source/module.ts';
import {
  calleeName,
  contains,
  enclosingFunction,
  keyName,
  outermost,
  unwrap,
  type Node,
} from '../source/nodes.ts';
import { roundsAround } from './rounds.ts';

/**
 * The most members that a list or set has which a variable holds from its making on, where each place that adds to it
 * is come to once; `undefined` where that cannot be told, or nothing is ever added.
 */
export function mostMembers(module: SourceModule, list: Node): number | undefined {
  const name = copied(list);
  const variable = name.type === 'Identifier' ? module.variableOf(name) : undefined;
  const [definition] = variable?.defs ?? [];
  const declared = definition?.node as Node | undefined;
  if (variable?.defs.length !== 1 || declared?.type !== 'VariableDeclarator') return undefined;
  let members = declared.init ? membersAtFirst(unwrap(declared.init)) : undefined;
  for (const reference of variable.references) {
    const added = reference.init ? 0 : membersAdded(reference, declared);
    members = members === undefined || added === undefined ? undefined : members + added;
  }
  return members === 0 ? undefined : members;
}

/** `list` of `[...list]` and `Array.from(list)` */
function copied(list: Node): Node {
  const node = unwrap(list);
  const [only, more] =
    node.type === 'ArrayExpression'
      ? node.elements.map((element) => (element?.type === 'SpreadElement' ? element.argument : element))
      : node.type === 'CallExpression' && calleeName(node.callee) === 'from'
        ? node.arguments
        : [];
  return only && !more ? unwrap(only) : node;
}

function membersAtFirst(made: Node): number | undefined {
  if (made.type === 'ArrayExpression')
    return made.elements.some((element) => element?.type === 'SpreadElement')
      ? undefined
      : made.elements.length;
  if (made.type !== 'NewExpression' || calleeName(made.callee) !== 'Set') return undefined;
  const [first] = made.arguments;
  return first ? membersAtFirst(unwrap(first)) : 0;
}

const READS =
  /^(?:length|size|map|forEach|filter|flatMap|some|every|find\w*|includes|has|join|entries|values|keys|slice|reduce|at|indexOf|delete|clear|pop|shift)$/;

/** How many members a use of the list adds; `undefined` where it may be any number, as where others get hold of it. */
function membersAdded({ identifier }: Reference, declared: Node): number | undefined {
  const use = outermost(identifier);
  const { parent } = use;
  if (parent?.type === 'SpreadElement' || (parent?.type === 'ForOfStatement' && parent.right === use))
    return 0;
  if (parent?.type === 'CallExpression' && copied(parent) === identifier) return 0;
  if (parent?.type !== 'MemberExpression' || parent.object !== use) return undefined;
  const name = keyName(parent) ?? '';
  const call = outermost(parent).parent;
  if (READS.test(name)) return call?.type === 'AssignmentExpression' && call.left === parent ? undefined : 0;
  if (!/^(?:push|unshift|add)$/.test(name) || call?.type !== 'CallExpression') return undefined;
  const isPlain =
    // `set.add(a).add(b)`
    outermost(call).parent?.type !== 'MemberExpression' &&
    call.arguments.every((argument) => argument.type !== 'SpreadElement');
  return isPlain && isOnce(call, declared) ? call.arguments.length : undefined;
}

/** Whether a place is come to once for each list that is made: no loop or function lies between. */
function isOnce(place: Node, declared: Node): boolean {
  return (
    enclosingFunction(place) === enclosingFunction(declared) &&
    roundsAround(place).every(({ at }) => contains(at, declared))
  );
}
