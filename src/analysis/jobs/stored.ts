/**
 * Ids that name something else as well: a value that is stored before it becomes the id of a job.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { calleeName, isFunction, outermost, unwrap, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { throughParameters } from '../values/trace.ts';
import type { Ref } from '../values/value.ts';
import { looksLikeEnqueue, readEnqueue } from './enqueues.ts';

const MAX_DEPTH = 6;

/**
 * Whether one of the variables by which a value comes to an expression is handed to what stores it: `exportId` of
 * `export-${exportId}`, `run` of `run.id`. `carries` tells which parts of an expression have the value.
 */
export function isStored(ev: Evaluation, ref: Ref, carries: (part: Ref) => boolean): boolean {
  return someHolder(ev, ref, carries, (module, variable) => isVariableStored(ev, module, variable));
}

/** Whether something holds of one of the variables by which a value comes to an expression. */
export function someHolder(
  ev: Evaluation,
  ref: Ref,
  carries: (part: Ref) => boolean,
  holds: (module: SourceModule, variable: Variable) => boolean,
  seen = new Set<Variable>(),
): boolean {
  if (seen.size > MAX_DEPTH) return false;
  return namedParts(ref)
    .filter(carries)
    .some((part) => {
      const given = throughParameters(ev, part);
      if (given.node !== unwrap(part.node) && someHolder(ev, given, carries, holds, seen)) return true;
      const variable = rootVariable(part);
      if (!variable || seen.has(variable)) return false;
      seen.add(variable);
      if (holds(part.module, variable)) return true;
      const definition = variable.defs[0];
      const declared = definition?.node as Node | undefined;
      return (
        (definition?.type as string | undefined) === 'Variable' &&
        declared?.type === 'VariableDeclarator' &&
        declared.init !== null &&
        someHolder(ev, beside(part, declared.init), carries, holds, seen)
      );
    });
}

/** Whether a value is stored where it is made: `const stamp = new Date(); await claim(id, stamp); return stamp;` */
export function isStoredFirst(ev: Evaluation, { module, node }: Ref): boolean {
  let child = outermost(node);
  for (let parent = child.parent; parent; child = parent, parent = child.parent) {
    if (parent.type === 'VariableDeclarator') {
      const variable = parent.id.type === 'Identifier' ? module.variableOf(parent.id) : undefined;
      return variable !== undefined && isVariableStored(ev, module, variable);
    }
    const isPart =
      /^(?:TemplateLiteral|BinaryExpression|LogicalExpression|ConditionalExpression|MemberExpression|AwaitExpression)$/.test(
        parent.type,
      ) ||
      (parent.type === 'CallExpression' && parent.callee === child);
    if (!isPart) return false;
  }
  return false;
}

/** The names and properties in an expression, without those inside of functions. */
function namedParts(ref: Ref): Ref[] {
  const found: Ref[] = [];
  const stack: Node[] = [ref.node];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFunction(node)) continue;
    if (node.type === 'Identifier' || node.type === 'MemberExpression') found.push(beside(ref, node));
    // The key of a property is no value.
    else if (node.type === 'Property') {
      stack.push(node.value);
      continue;
    }
    if (node.type !== 'Identifier' && !(node.type === 'MemberExpression' && !node.computed))
      stack.push(...ref.module.childrenOf(node));
    else if (node.type === 'MemberExpression') stack.push(node.object);
  }
  return found;
}

/** `record` of `record.id` */
function rootVariable({ module, node }: Ref): Variable | undefined {
  let root = unwrap(node);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  const variable = root.type === 'Identifier' ? module.variableOf(root) : undefined;
  const isImported = variable?.defs.some((definition) => (definition.type as string) === 'ImportBinding');
  return isImported ? undefined : variable;
}

function isVariableStored(ev: Evaluation, module: SourceModule, variable: Variable, depth = 0): boolean {
  return variable.references.some(({ identifier }) => isHandedToStore(ev, module, identifier, depth));
}

const STORES =
  /^_?(?:create|insert|save|store|put|set|h[mM]?[sS]et|p?set[eE]x|set[nN][xX]|upsert|update|write|persist|register|record|replace|[sz][aA]dd|values|findOneAndUpdate|findByIdAndUpdate)(?![a-z])/;
/** Names of what is not kept: the progress of a job, the state of a component, a header. */
const NOT_STORES =
  /^(?:set(?:Tag|Tags|Context|Attributes?|Header|Timeout|Interval|Immediate|State|Extra|User)|update(?:Progress|Data)|createHash|createHmac|write(?:Head|Log)?)$/;

function isHandedToStore(ev: Evaluation, module: SourceModule, identifier: Node, depth: number): boolean {
  let child = outermost(identifier);
  let isPlain = true;
  for (let parent = child.parent; parent; child = parent, parent = child.parent) {
    if (parent.type === 'VariableDeclarator') {
      // `const row = { id: exportId }`, which is stored later
      const holder = parent.id.type === 'Identifier' ? module.variableOf(parent.id) : undefined;
      const isPart = isPlain && parent.init === child && child !== identifier;
      return isPart && holder !== undefined && depth < 2 && isVariableStored(ev, module, holder, depth + 1);
    }
    if (isFunction(parent) || parent.type.endsWith('Statement')) return false;
    if (parent.type === 'NewExpression') return isModel(parent);
    if (parent.type !== 'CallExpression' || parent.callee === child) continue;
    isPlain = false;
    if (isEnqueue(ev, module, parent)) return false;
    const name = calleeName(parent.callee) ?? '';
    if (STORES.test(name) && !NOT_STORES.test(name)) return true;
  }
  return false;
}

function isEnqueue(ev: Evaluation, module: SourceModule, call: TSESTree.CallExpression): boolean {
  return (
    looksLikeEnqueue(call) &&
    readEnqueue(ev, here(module, call) as Ref<TSESTree.CallExpression>) !== undefined
  );
}

/** `new Export({ _id: exportId })` */
function isModel(node: TSESTree.NewExpression): boolean {
  const name = calleeName(node.callee) ?? '';
  return (
    /^[A-Z]/.test(name) &&
    !/Error$|^(?:Date|URL|Map|Set|Array|String|Promise|Headers|Request|Response)$/.test(name)
  );
}
