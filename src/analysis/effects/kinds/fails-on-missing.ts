/**
 * Failing, in a way that is retried, because a record that the job's data names is not there: a lookup that throws by
 * itself, or a `throw` where a lookup found nothing.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf, isFloating } from '../../calls/body.ts';
import { caughtName, guardsOf, rethrowOf, throwsIn } from '../../calls/failures.ts';
import { lookupOf, THROWING_LOOKUPS, type Lookup } from '../../entities/record.ts';
import { mentionsJobData } from '../../jobs/job-data.ts';
import { isContextOfItsOwn } from '../../jobs/workers.ts';
import { calleeName, contains, isFunction, keyName, unwrap, type Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';
import { looksForOwnWrite, recordNames } from '../same-record.ts';
import { statementOf } from '../sql.ts';
import { thrownBy } from '../thrown.ts';
import { nodesOfConditions } from '../write-answers.ts';

export interface MissingRecordFailure extends Effect {
  /** The expression that is thrown; absent when the lookup itself fails. */
  thrown: Node | undefined;
  /** What tells the record's lookup from others. */
  records: readonly unknown[];
}

/** The call of a query, the record by its id, and with Prisma the model that is asked. */
function recordsOf(ev: Evaluation, lookups: readonly Lookup[]): unknown[] {
  return lookups.flatMap(({ orm, query, receiver }) => [
    ...(query ? [query.node, ...recordNames(ev, query)] : []),
    ...(orm.name === 'Prisma' ? [receiver] : []),
  ]);
}

/** The records that a function itself makes sure are there, before others that it calls do so again. */
export function checkedRecords(ev: Evaluation, fn: Ref): ReadonlySet<unknown> {
  return new Set(
    checksIn(fn).flatMap(({ subject }) => recordsOf(ev, lookupsOf(ev, here(fn.module, subject)))),
  );
}

/** The records, by their ids, that a function has made sure are there when it gets to a place. */
function checkedBefore(ev: Evaluation, fn: Ref, place: Node): ReadonlySet<string> {
  const isEarlier = (node: Node): boolean => node.range[1] <= place.range[0];
  return new Set(
    checksIn(fn)
      .filter(({ statement }) => isEarlier(statement) && !isInBranch(statement, place))
      .flatMap(({ subject }) => lookupsOf(ev, here(fn.module, subject)))
      .flatMap(({ query }) => (query ? recordNames(ev, query) : [])),
  );
}

/** Whether a statement is in a branch that a place is not in. */
function isInBranch(statement: Node, place: Node): boolean {
  const around = statement.parent;
  return around !== undefined && !contains(around, place);
}

interface Check {
  statement: TSESTree.IfStatement;
  /** What is there when the function goes on. */
  subject: Node;
}

function checksIn({ module, node }: Ref): Check[] {
  const body = isFunction(node) ? bodyOf(module, node) : [];
  return body.flatMap((statement) =>
    statement.type === 'IfStatement' && endsHere(statement.consequent)
      ? absentIn(statement.test)
          .filter(({ type }) => type === 'Identifier' || type === 'MemberExpression')
          .map((subject) => ({ statement, subject }))
      : [],
  );
}

function endsHere(branch: Node): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement';
}

export const failsOnMissing: EffectKind<MissingRecordFailure> = {
  name: 'fails-on-missing',
  mark: 'missing',
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find(ev, running) {
    const found: MissingRecordFailure[] = [];
    for (const node of running.body) {
      const effect =
        node.type === 'CallExpression'
          ? (throwingLookup(ev, running, node) ?? failingCall(ev, running, node))
          : node.type === 'ThrowStatement'
            ? thrownForMissing(ev, running, node, node.argument)
            : undefined;
      if (effect) found.push(effect);
    }
    return found;
  },
  follows(ev, running, call, { fn }) {
    if (isContextOfItsOwn(ev, fn)) return false;
    return !(fn.at.node.async && isFloating(call)) && isRetried(ev, running, call, fn.at.node.async);
  },
};

/** `findUniqueOrThrow({ where: { id: job.data.id } })` */
function throwingLookup(
  ev: Evaluation,
  running: Running,
  call: TSESTree.CallExpression,
): MissingRecordFailure | undefined {
  const name = calleeName(call.callee);
  if (name === undefined || !THROWING_LOOKUPS.has(name)) return undefined;
  const at = here(running.module, call, running.frame);
  const lookups = lookupsOf(ev, at).filter((lookup) => lookup.throws);
  if (lookups.length === 0 || isWithinLookup(call) || !isByJobData(ev, running, at)) return undefined;
  if (!isRetried(ev, running, call, true)) return undefined;
  if (isThere(ev, running, call, lookups)) return undefined;
  const target = `${name}()`;
  return { at, label: target, target, thrown: undefined, records: recordsOf(ev, lookups) };
}

/** `User.findById(id)` of `User.findById(id).orFail()`, where either could be told. */
function isWithinLookup(call: Node): boolean {
  const member = call.parent;
  return (
    member?.type === 'MemberExpression' &&
    member.object === call &&
    THROWING_LOOKUPS.has(keyName(member) ?? '')
  );
}

/** `Promise.reject(new Error('...'))`, Bull's `done(new Error('...'))`, `assert(user)` */
function failingCall(
  ev: Evaluation,
  running: Running,
  call: TSESTree.CallExpression,
): MissingRecordFailure | undefined {
  const callee = unwrap(call.callee);
  const [first] = call.arguments;
  if (!first) return undefined;
  if (callee.type === 'MemberExpression' && keyName(callee) === 'reject' && isPromise(callee.object))
    return thrownForMissing(ev, running, call, first);
  if (callee.type !== 'Identifier' && !/^(?:ok|assert)$/.test(calleeName(callee) ?? '')) return undefined;
  if (callee.type === 'Identifier' && isDone(running, callee))
    return thrownForMissing(ev, running, call, first);
  if (!/^(?:assert|ok|invariant)$/.test(calleeName(callee) ?? '')) return undefined;
  const isAssertion = membersOf(ev.evaluate(here(running.module, callee, running.frame))).some(
    (value) =>
      value.kind === 'external' &&
      /^(?:assert(?:\/strict)?|(?:tiny-)?invariant|ts-invariant):/.test(value.path),
  );
  const subject = isAssertion ? foundIn(first).find((one) => isMissed(ev, running, one)) : undefined;
  return subject && isRetried(ev, running, call, false)
    ? missed(ev, running, call, subject, undefined)
    : undefined;
}

function isPromise(node: Node): boolean {
  return node.type === 'Identifier' && node.name === 'Promise';
}

/** The callback by which a Bull processor ends: its second parameter. */
function isDone(running: Running, callee: TSESTree.Identifier): boolean {
  const done = running.fn.at.node.params[1];
  return (
    running.frame === undefined &&
    done?.type === 'Identifier' &&
    running.module.variableOf(callee)?.identifiers.includes(done) === true
  );
}

function thrownForMissing(
  ev: Evaluation,
  running: Running,
  node: Node,
  thrown: Node,
): MissingRecordFailure | undefined {
  const branch = branchOf(node);
  const subject = branch?.absent.find((one) => isMissed(ev, running, one));
  if (!branch || !subject) return undefined;
  const kinds = thrownBy(ev, here(running.module, thrown, running.frame));
  if (!kinds.every((kind) => kind === 'error' || kind === 'no-error')) return undefined;
  if (endsOtherwise(running, branch.body, node) || isOnPurpose(running, branch.statement)) return undefined;
  return isRetried(ev, running, node, node.type === 'CallExpression')
    ? missed(ev, running, node, subject, thrown)
    : undefined;
}

function missed(
  ev: Evaluation,
  running: Running,
  node: Node,
  subject: Node,
  thrown: Node | undefined,
): MissingRecordFailure | undefined {
  const lookups = lookupsOf(ev, here(running.module, subject, running.frame));
  if (isThere(ev, running, node, lookups)) return undefined;
  const records = recordsOf(ev, lookups);
  const target = running.module.textOf(subject);
  return { at: here(running.module, node, running.frame), label: 'throw', target, thrown, records };
}

/** Whether the function has stored what it looks for, or has found it before. */
function isThere(ev: Evaluation, { fn, module }: Running, node: Node, lookups: readonly Lookup[]): boolean {
  const queries = lookups.flatMap(({ query }) => (query?.module === module ? [query] : []));
  if (queries.length === 0) return false;
  const found = checkedBefore(ev, fn.at, node);
  return queries.every(
    (query) =>
      looksForOwnWrite(ev, query, fn.at.node) ||
      recordNames(ev, here(query.module, query.node)).some((name) => found.has(name)),
  );
}

interface Branch {
  statement: TSESTree.IfStatement;
  body: Node;
  /** What is not there when the branch is taken. */
  absent: readonly Node[];
}

/** The `if` that decides alone whether a statement runs. */
function branchOf(node: Node): Branch | undefined {
  let child = node;
  for (let current = node.parent; current; child = current, current = current.parent) {
    if (current.type === 'IfStatement')
      return child === current.test
        ? undefined
        : {
            statement: current,
            body: child,
            absent: child === current.consequent ? absentIn(current.test) : foundIn(current.test),
          };
    const isPart =
      current.type === 'BlockStatement' ||
      current.type === 'ReturnStatement' ||
      current.type === 'ExpressionStatement' ||
      current.type === 'AwaitExpression';
    if (!isPart) return undefined;
  }
  return undefined;
}

/** What is missing when a test holds: `!user`, `user === null`, `rows.length === 0`. */
function absentIn(test: Node): Node[] {
  const node = unwrap(test);
  switch (node.type) {
    case 'UnaryExpression':
      return node.operator === '!' ? [subjectOf(node.argument)] : [];
    case 'LogicalExpression':
      return node.operator === '||' ? [...absentIn(node.left), ...absentIn(node.right)] : [];
    case 'BinaryExpression':
      if (/^===?$/.test(node.operator) && isNothing(node.right)) return [subjectOf(node.left)];
      return (node.operator === '===' || node.operator === '==' || node.operator === '<') &&
        isCount(node.right)
        ? lengthOwner(node.left)
        : [];
    default:
      return [];
  }
}

/** What is there when a test holds. */
function foundIn(test: Node): Node[] {
  const node = unwrap(test);
  switch (node.type) {
    case 'Identifier':
    case 'MemberExpression':
      return [subjectOf(node)];
    case 'LogicalExpression':
      return node.operator === '&&' ? [...foundIn(node.left), ...foundIn(node.right)] : [];
    case 'BinaryExpression':
      return /^!==?$/.test(node.operator) && isNothing(node.right) ? [subjectOf(node.left)] : [];
    default:
      return [];
  }
}

function isNothing(node: Node): boolean {
  return (
    (node.type === 'Literal' && node.value === null) ||
    (node.type === 'Identifier' && node.name === 'undefined')
  );
}

function isCount(node: Node): boolean {
  return node.type === 'Literal' && (node.value === 0 || node.value === 1);
}

/** `user` of `user?.email`, `rows` of `rows.length`: what else is missing without it. */
function subjectOf(expression: Node): Node {
  const node = unwrap(expression);
  if (node.type !== 'MemberExpression') return node;
  return node.optional || keyName(node) === 'length' ? subjectOf(node.object) : node;
}

function lengthOwner(expression: Node): Node[] {
  const node = unwrap(expression);
  return node.type === 'MemberExpression' && keyName(node) === 'length' ? [unwrap(node.object)] : [];
}

/** Whether a value is what a lookup by the job's data has found, if anything. */
function isMissed(ev: Evaluation, running: Running, subject: Node): boolean {
  if (subject.type !== 'Identifier' && subject.type !== 'MemberExpression') return false;
  const at = here(running.module, subject, running.frame);
  const lookups = lookupsOf(ev, at);
  // What is made where it was not found is not missed.
  const sources = sourcesOf(at, 0).filter((source) => !isNothing(unwrap(source.node)));
  if (sources.length > 1 && sources.some((source) => lookupsOf(ev, source).length === 0)) return false;
  return lookups.some(
    ({ throws, isList }) => !throws && isByJobData(ev, running, at, isList ? ASKS_FOR_ONE : undefined),
  );
}

/** A list that has one element at most: an empty one is no record, and not just a filter that nothing passes. */
const ASKS_FOR_ONE =
  /\blimit\(\s*1\s*\)|\blimit\s+1\b|\beq\(\s*\w+\.id\b|\bwhere\s+(?:\w+\.)?"?id"?\s*=|['"]id['"]/i;

function lookupsOf(ev: Evaluation, at: Ref): Lookup[] {
  return membersOf(present(ev.evaluate(at)))
    .flatMap((value) => (value.kind === 'external' ? (lookupOf(ev, value) ?? []) : []))
    .filter(({ query }) => !query || !isChange(ev, query));
}

/** `INSERT INTO leads ... RETURNING *`: what a statement that changes rows answers is no record that was looked for. */
function isChange(ev: Evaluation, query: Ref): boolean {
  return (
    query.node.type === 'CallExpression' &&
    statementOf(ev, query as Ref<TSESTree.CallExpression>) !== undefined
  );
}

/** Whether what a lookup is given comes from the job's data, and asks for no more than that the record is there. */
function isByJobData(ev: Evaluation, running: Running, at: Ref, text?: RegExp): boolean {
  return sourcesOf(at, 0).some(
    (source) =>
      mentionsJobData(ev, source, running.fn.at.node) &&
      !asksForState(source) &&
      (text?.test(source.module.textOf(source.node)) ?? true),
  );
}

/** The expressions that gave a name its value, through the arguments of the call that led here. */
function sourcesOf(at: Ref, depth: number): Ref[] {
  const node = unwrap(at.node);
  if (node.type === 'MemberExpression') return sourcesOf({ ...at, node: node.object }, depth + 1);
  if (node.type !== 'Identifier') return [at];
  const variable = at.module.variableOf(node);
  const definition = variable?.defs[0];
  if (!variable || !definition || depth > 4) return [];
  if ((definition.type as string) === 'Parameter') {
    const fn = definition.node as Node;
    if (!isFunction(fn)) return [];
    const index = fn.params.findIndex((parameter) => parameter === variable.identifiers[0]);
    for (let frame = at.frame; frame; frame = frame.outer) {
      const argument = frame.fn === fn ? frame.args[index] : undefined;
      if (argument && !('kind' in argument)) return sourcesOf(argument, depth + 1);
    }
    return [];
  }
  return variable.references.flatMap(({ writeExpr }) => (writeExpr ? [{ ...at, node: writeExpr }] : []));
}

/** `{ id, status: 'PENDING' }`: a record in another state is missed as well, and may come to be in this one. */
function asksForState({ module, node }: Ref): boolean {
  return nodesOfConditions(module, node).some(
    (part) => part.type === 'Property' && /^(?:status|state|phase|stage)$/i.test(keyName(part) ?? ''),
  );
}

/** Whether the branch has told the queue before it fails that there is to be no retry. */
function endsOtherwise({ module }: Running, branch: Node, failure: Node): boolean {
  return module
    .nodes('CallExpression')
    .some(
      (call) =>
        contains(branch, call) &&
        call.range[0] < failure.range[0] &&
        /^(?:discard|moveToFailed|moveToDelayed|remove)$/.test(calleeName(call.callee) ?? ''),
    );
}

const REASONS =
  /commit|replica|eventual|\blag\b|\brace\b|visib|not (?:be )?(?:\w+ )?(?:yet|there yet|created|written)|retry (?:until|so|in case|because)|yet to be/i;

/** A comment that says why the record may still come: enqueued before the commit, a replica that lags. */
function isOnPurpose({ module }: Running, statement: Node): boolean {
  const before = module.text.slice(Math.max(0, statement.range[0] - 400), statement.range[0]);
  const above = /(?:^|\n)((?:[ \t]*(?:\/\/[^\n]*|\/?\*[^\n]*)\n)+)[ \t]*$/.exec(before)?.[1] ?? '';
  const inside = module.textOf(statement).match(/\/\/[^\n]*|\/\*[^]*?\*\//g) ?? [];
  return [above, ...inside].some((comment) => REASONS.test(comment));
}

/** Whether a failure here leaves the function as one that BullMQ retries. */
function isRetried(ev: Evaluation, running: Running, node: Node, isPromise: boolean): boolean {
  return guardsOf(running.fn.at.node, node, isPromise).every(({ handler }) => {
    const at = here(running.module, handler, running.frame);
    if (/\bdiscard\(|\bmoveTo\w+\(/.test(running.module.textOf(handler))) return false;
    return rethrowOf(ev, at) === 'always' && isPlain(ev, at);
  });
}

/** Whether what a handler throws is retried: what it has caught, or another plain error. */
function isPlain(ev: Evaluation, handler: Ref): boolean {
  const name = caughtName(handler.node);
  const caught = name && handler.module.variableOf(name);
  const thrown = throwsIn(handler);
  return (
    thrown.length > 0 &&
    thrown.every(({ argument }) => {
      const node = unwrap(argument);
      if (node.type === 'Identifier' && caught && handler.module.variableOf(node) === caught) return true;
      return thrownBy(ev, { ...handler, node }).every((kind) => kind === 'error' || kind === 'no-error');
    })
  );
}
