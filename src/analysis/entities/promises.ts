/**
 * Whether an expression is a promise that nobody awaits. Evaluation looks through promises, so this follows the
 * code itself.
 */
import { keyName, unwrap, type Node } from '../source/nodes.ts';
import { returnsOf } from '../values/functions.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type FunctionValue, type Ref, type Value } from '../values/value.ts';
import { recordOf } from './record.ts';

const MAX_DEPTH = 6;

/** Functions of packages and the language that surely give a promise. */
const ASYNC =
  /^(?:global:\.Promise\.(?:all|allSettled|any|race|resolve|reject)|global:\.fetch|axios:(?:\.(?:get|post|put|patch|delete|request))?|(?:fs\/promises|timers\/promises):\.\w+|fs:\.promises\.\w+|(?:bullmq|@taskforcesh\/bullmq-pro):\.(?:Queue|QueuePro|FlowProducer)#\.(?:add|addBulk|getJob|getJobs|getJobCounts|upsertJobScheduler)|bcrypt(?:js)?:\.(?:hash|compare|genSalt))$/;

export type Pending = 'promise' | 'promises';

/** `promise` for an expression that is one, `promises` for a list of them; `undefined` for anything else. */
export function pendingOf(ev: Evaluation, ref: Ref, depth = 0): Pending | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const node = unwrap(ref.node);
  const inner = (next: Node): Pending | undefined => pendingOf(ev, beside(ref, next), depth + 1);
  switch (node.type) {
    case 'NewExpression': {
      const value = ev.evaluate(beside(ref, node.callee));
      return value.kind === 'external' && value.path === 'global:.Promise' ? 'promise' : undefined;
    }
    case 'Identifier': {
      const init = constantInit(ref, node);
      return init && inner(init);
    }
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      if (callee.type === 'MemberExpression') {
        const method = keyName(callee);
        if (method === 'then' || method === 'catch' || method === 'finally')
          return inner(callee.object) === 'promise' ? 'promise' : undefined;
        const callback = node.arguments[0];
        if (method === 'map' && callback && isAsyncFunction(ev, beside(ref, callback), depth))
          return 'promises';
      }
      const values = membersOf(present(ev.evaluate(beside(ref, callee))));
      if (values.length === 0 || !values.every((value) => isAsync(ev, value, depth))) {
        // The promise of a query: what it gives is known by the query's own table.
        return values.some((value) => value.kind === 'external') && isQuery(ev, beside(ref, node))
          ? 'promise'
          : undefined;
      }
      return 'promise';
    }
    default:
      return undefined;
  }
}

function isQuery(ev: Evaluation, ref: Ref): boolean {
  const value = ev.evaluate(ref);
  if (value.kind !== 'external' || value.site?.node !== ref.node) return false;
  const fact = recordOf(ev, value);
  // Records are also made without asking the database: `repository.create(...)`, `Model.build(...)`.
  return (
    fact?.query?.node === ref.node &&
    /\.(?:find|get|save|update|upsert|insert|execute)\w*\(\)$/.test(value.path)
  );
}

function isAsync(ev: Evaluation, value: Value, depth: number): boolean {
  if (value.kind === 'external') return ASYNC.test(value.path);
  return value.kind === 'function' && isAsyncValue(ev, value, depth);
}

function isAsyncFunction(ev: Evaluation, ref: Ref, depth: number): boolean {
  return membersOf(ev.evaluate(ref)).some(
    (value) => value.kind === 'function' && isAsyncValue(ev, value, depth),
  );
}

/** Whether a function of the project surely gives a promise. */
export function isAsyncValue(ev: Evaluation, fn: FunctionValue, depth = 0): boolean {
  const { module, node, frame } = fn.at;
  if (node.async) return !node.generator;
  const declared = node.returnType?.typeAnnotation;
  if (
    declared?.type === 'TSTypeReference' &&
    declared.typeName.type === 'Identifier' &&
    declared.typeName.name === 'Promise'
  )
    return true;
  if (declared || node.generator) return false;
  const returned = returnsOf(module, node);
  return (
    returned.length > 0 &&
    returned.every((result) => pendingOf(ev, here(module, result, frame), depth + 1) === 'promise')
  );
}

/** What a `const` was set to. */
function constantInit(ref: Ref, identifier: Node): Node | undefined {
  const definition = ref.module.variableOf(identifier)?.defs[0];
  const declarator = definition?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  return declarator.parent.kind === 'const' ? (declarator.init ?? undefined) : undefined;
}
