/**
 * Ids that name something else as well: a value that is stored before it becomes the id of a job.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, isFunction, outermost, unwrap, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { here } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { looksLikeEnqueue, readEnqueue } from './enqueues.ts';

/** Whether the variable that an expression is read from, or that it is kept in, is handed to what stores it. */
export function isStored(ev: Evaluation, ref: Ref): boolean {
  const variable = readVariable(ref) ?? keptIn(ref);
  return (
    variable?.references.some((reference) => isHandedToStore(ev, ref, reference.identifier as Node)) ?? false
  );
}

/** `record` of `record.id` */
function readVariable({ module, node }: Ref): Variable | undefined {
  let root = unwrap(node);
  while (root.type === 'MemberExpression' || root.type === 'CallExpression') {
    if (root.type === 'CallExpression' && root.callee.type !== 'MemberExpression') return undefined;
    root = unwrap(root.type === 'MemberExpression' ? root.object : root.callee);
  }
  const variable = root.type === 'Identifier' ? module.variableOf(root) : undefined;
  return variable && !isImport(variable) ? variable : undefined;
}

function isImport(variable: Variable): boolean {
  return variable.defs.some((definition) => (definition.type as string) === 'ImportBinding');
}

/** `exportId` of `const exportId = 'export-' + randomUUID()` */
function keptIn({ module, node }: Ref): Variable | undefined {
  let child = node;
  for (let parent = child.parent; parent; child = parent, parent = child.parent) {
    if (parent.type === 'VariableDeclarator')
      return parent.id.type === 'Identifier' ? module.variableOf(parent.id) : undefined;
    if (parent.type === 'CallExpression' && parent.callee !== child) return undefined;
    if (
      !/^(?:TemplateLiteral|BinaryExpression|LogicalExpression|ConditionalExpression|MemberExpression|CallExpression|AwaitExpression|ChainExpression|TS\w+Expression)$/.test(
        parent.type,
      )
    )
      return undefined;
  }
  return undefined;
}

const STORES =
  /^_?(?:create|insert|save|store|put|set|h[mM]?[sS]et|p?set[eE]x|set[nN][xX]|upsert|update|write|persist|register|record|replace|[sz][aA]dd|values|findOneAndUpdate|findByIdAndUpdate)(?![a-z])/;
/** Names of what is not kept: the progress of a job, the state of a component, a header. */
const NOT_STORES =
  /^(?:set(?:Tag|Tags|Context|Attributes?|Header|Timeout|Interval|Immediate|State|Extra|User)|updateProgress|updateData|createHash|createHmac|write(?:Head|Log)?)$/;

function isHandedToStore(ev: Evaluation, { module }: Ref, identifier: Node): boolean {
  let child = outermost(identifier);
  for (let parent = child.parent; parent; child = parent, parent = child.parent) {
    if (isFunction(parent) || parent.type === 'VariableDeclarator' || /Statement$/.test(parent.type))
      return false;
    if (parent.type === 'NewExpression') return isModel(parent);
    if (parent.type !== 'CallExpression' || parent.callee === child) continue;
    const name = calleeName(parent.callee) ?? '';
    const call = parent as TSESTree.CallExpression;
    const isEnqueue =
      looksLikeEnqueue(call) &&
      readEnqueue(ev, here(module, call) as Ref<TSESTree.CallExpression>) !== undefined;
    if (!isEnqueue && STORES.test(name) && !NOT_STORES.test(name)) return true;
  }
  return false;
}

/** `new Export({ _id: exportId })` */
function isModel(node: TSESTree.NewExpression): boolean {
  const name = calleeName(node.callee) ?? '';
  return (
    /^[A-Z]/.test(name) &&
    !/Error$|^(?:Date|URL|Map|Set|Array|String|Promise|Headers|Request|Response)$/.test(name)
  );
}
