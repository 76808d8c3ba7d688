/**
 * Enqueues: calls that put jobs into a queue, with their inputs.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { returnsOf } from '../values/functions.ts';
import { insertionsOf } from '../values/holders.ts';
import { partRef, throughParameters } from '../values/trace.ts';
import { membersOf, type ObjectValue, type Ref, type Value } from '../values/value.ts';
import type { Dialect, EnqueueForm } from './dialects/index.ts';
import { libraryObjects, type LibraryObject } from './recognize.ts';

/** One job as it is given to the queue. */
export interface JobInput {
  /** The call, or the object that describes this job of several. */
  at: Ref;
  name: Ref | undefined;
  /** The expression of the payload; `undefined` when there is none, or it cannot be seen. */
  payload: Ref | undefined;
  /** The expression of the job's options. */
  options: Ref | undefined;
  /** Whether options are surely absent: none given, in an input that is written out. */
  withoutOptions: boolean;
  /** The expression of the queue's name, for a node of a flow. */
  queueName?: Ref | undefined;
  /** Whether a node of a flow is a child of another. */
  isChild?: boolean;
  /** The node of a flow that waits for this one. */
  parent?: JobInput;
}

export interface Enqueue {
  call: Ref<TSESTree.CallExpression>;
  method: string;
  kind: EnqueueForm['kind'];
  dialect: Dialect;
  /** The queues (or flow producers) that the receiver can be. */
  targets: readonly LibraryObject[];
  jobs: readonly JobInput[];
  /** Whether some of the jobs cannot be seen. */
  partial: boolean;
  /** The expression whose `queuesOptions` give defaults to the nodes of a flow. */
  flowOptions: Ref | undefined;
  /** For a scheduler: the expressions of its id and of when it adds a job. */
  schedule?: { id: Ref | undefined; repeat: Ref | undefined } | undefined;
  /** The call in the linted file that reaches this enqueue through wrappers, outermost first. */
  via: readonly Ref<TSESTree.CallExpression | TSESTree.NewExpression>[];
}

const METHODS = new Set(['add', 'addBulk', 'upsertJobScheduler']);

/** Whether a call can be an enqueue by its looks; cheap, to be asked first. */
export function looksLikeEnqueue(call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  return callee.type === 'MemberExpression' && METHODS.has(keyName(callee) ?? '');
}

/** Reads a call as an enqueue; `undefined` when its receiver is not known to be a queue. */
export function readEnqueue(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression>,
  via: Enqueue['via'] = [],
): Enqueue | undefined {
  if (!looksLikeEnqueue(call.node)) return undefined;
  const callee = unwrap(call.node.callee) as TSESTree.MemberExpression;
  const method = keyName(callee) as string;
  const receiver = ev.evaluate(beside(call, callee.object));
  const queues = libraryObjects(ev, receiver, 'queue');
  const flows = queues.length > 0 ? [] : libraryObjects(ev, receiver, 'flow');
  const [target] = queues.length > 0 ? queues : flows;
  if (!target) return undefined;
  const table = queues.length > 0 ? target.dialect.enqueues : (target.dialect.flows ?? {});
  const form = chooseForm(ev, table[method], call);
  if (!form) return undefined;
  const { jobs, partial } = readInputs(ev, form, call);
  const args = argumentsOf(ev, call);
  return {
    call,
    method,
    kind: form.kind,
    dialect: target.dialect,
    targets: queues.length > 0 ? queues : flows,
    jobs,
    partial,
    flowOptions: form.flowOptions === undefined ? undefined : args?.[form.flowOptions],
    ...(form.kind === 'scheduler'
      ? { schedule: { id: args?.[form.name ?? 0], repeat: args?.[form.options ?? 1] } }
      : {}),
    via,
  };
}

/** Bull's `add` has the job's name first or not at all: a string is a name. */
function chooseForm(
  ev: Evaluation,
  forms: EnqueueForm | readonly EnqueueForm[] | undefined,
  call: Ref<TSESTree.CallExpression>,
): EnqueueForm | undefined {
  if (!forms || !('length' in forms)) return forms;
  const [first, second, third] = call.node.arguments;
  if (!first) return forms[0];
  if (third) return forms[0];
  const value = ev.evaluate(beside(call, first));
  const isText = membersOf(value).every(
    (member) =>
      (member.kind === 'literal' && typeof member.value === 'string') ||
      (member.kind === 'primitive' && member.type === 'string'),
  );
  if (isText) return forms[0];
  // `add(JobName.Send, data)` of an enum that cannot be seen: two objects are data and options, else name and data.
  if (value.kind === 'object' || !second) return forms[1];
  const options = ev.evaluate(beside(call, second));
  const keys =
    options.kind === 'object'
      ? options.parts.flatMap((part) => ('key' in part && part.key ? [part.key] : []))
      : [];
  return keys.some((key) => JOB_OPTIONS.has(key)) ? forms[1] : forms[0];
}

const JOB_OPTIONS = new Set([
  'attempts',
  'backoff',
  'delay',
  'jobId',
  'removeOnComplete',
  'removeOnFail',
  'priority',
  'repeat',
  'lifo',
  'timeout',
]);

function readInputs(
  ev: Evaluation,
  form: EnqueueForm,
  call: Ref<TSESTree.CallExpression>,
): { jobs: JobInput[]; partial: boolean } {
  const args = argumentsOf(ev, call);
  const argument = (index: number | undefined): Ref | undefined =>
    index === undefined ? undefined : args?.[index];
  switch (form.kind) {
    case 'job':
      if (!args) return { jobs: [], partial: true };
      return {
        jobs: [
          {
            at: call,
            name: argument(form.name),
            payload: argument(form.payload),
            options: argument(form.options),
            withoutOptions: argument(form.options) === undefined,
          },
        ],
        partial: false,
      };
    case 'scheduler': {
      const input = argument(form.input);
      if (!input)
        return {
          jobs: [{ at: call, name: undefined, payload: undefined, options: undefined, withoutOptions: true }],
          partial: false,
        };
      return describedJobs(ev, input, false);
    }
    case 'bulk': {
      const input = argument(form.input);
      return input ? bulkJobs(ev, input) : { jobs: [], partial: false };
    }
    case 'flow': {
      const input = argument(form.input);
      return input ? describedJobs(ev, input, true) : { jobs: [], partial: false };
    }
    case 'flows': {
      const input = argument(form.input);
      return input ? bulkJobs(ev, input, true) : { jobs: [], partial: false };
    }
  }
}

/** The arguments of a call, with a spread of a wrapper's rest parameter replaced by what the wrapper was given. */
function argumentsOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Ref[] | undefined {
  const args: Ref[] = [];
  for (const node of call.node.arguments) {
    if (node.type !== 'SpreadElement') {
      args.push(beside(call, node));
      continue;
    }
    const rest = ev.evaluate(beside(call, node.argument));
    if (rest.kind !== 'array' || !rest.items || rest.items.includes(undefined)) return undefined;
    args.push(...(rest.items as Ref[]));
  }
  return args;
}

/** The jobs of a list: written out, or made by `items.map((item) => ({ ... }))`. */
function bulkJobs(ev: Evaluation, list: Ref, isFlow = false): { jobs: JobInput[]; partial: boolean } {
  const elements = elementRefs(ev, list);
  if (!elements) return { jobs: [], partial: true };
  const read = elements.map((element) => describedJobs(ev, element, isFlow));
  return {
    jobs: read.flatMap((result) => result.jobs),
    partial: read.some((result) => result.partial),
  };
}

function elementRefs(ev: Evaluation, list: Ref, depth = 0): Ref[] | undefined {
  const at = throughParameters(ev, list);
  const node = unwrap(at.node);
  if (depth > 4) return undefined;
  if (node.type === 'ArrayExpression')
    return [
      ...node.elements.flatMap((element) =>
        element && element.type !== 'SpreadElement' ? [beside(at, element)] : [],
      ),
      ...insertionsOf(at.module, node).map(({ value }) => beside(at, value)),
    ];
  if (node.type === 'CallExpression') {
    const callee = unwrap(node.callee);
    const callback = node.arguments[0];
    if (callee.type === 'MemberExpression' && keyName(callee) === 'map' && callback) {
      const fn = ev.evaluate(beside(at, callback));
      if (fn.kind === 'function')
        return returnsOf(fn.at.module, fn.at.node).map((result) => ({
          module: fn.at.module,
          node: result,
          frame: fn.at.frame,
        }));
    }
    if (callee.type === 'MemberExpression' && ['filter', 'slice', 'flat'].includes(keyName(callee) ?? ''))
      return elementRefs(ev, beside(at, callee.object), depth + 1);
    return undefined;
  }
  if (node.type === 'Identifier') {
    const init = constantInit(at.module, node);
    return init && elementRefs(ev, beside(at, init), depth + 1);
  }
  return undefined;
}

/** The initial value of a list that is declared `const`, and that things are only pushed to later. */
function constantInit(module: SourceModule, identifier: Node): Node | undefined {
  const definition = module.variableOf(identifier)?.defs[0];
  const declarator = definition?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init)
    return undefined;
  const isList =
    declarator.parent.kind === 'const' &&
    insertionsOf(module, unwrap(declarator.init)).every(({ by }) => by === 'push');
  return isList ? declarator.init : undefined;
}

/** A job described by an object `{ name, data, opts }`, for a flow with its children. */
function describedJobs(
  ev: Evaluation,
  input: Ref,
  isFlow: boolean,
  depth = 0,
  parent?: JobInput,
): { jobs: JobInput[]; partial: boolean } {
  const members = membersOf(ev.evaluate(input));
  const jobs: JobInput[] = [];
  let partial = false;
  for (const member of members) {
    if (member.kind !== 'object') {
      partial = true;
      continue;
    }
    const described = describedJob(ev, member, input);
    const job = parent ? { ...described, isChild: true, parent } : described;
    jobs.push(job);
    const children = isFlow && depth < 6 ? partRef(member, 'children') : undefined;
    const elements = children && elementRefs(ev, children);
    if (children && !elements) partial = true;
    for (const child of elements ?? []) {
      const read = describedJobs(ev, child, isFlow, depth + 1, job);
      jobs.push(...read.jobs);
      partial ||= read.partial;
    }
  }
  return { jobs, partial };
}

function describedJob(ev: Evaluation, object: ObjectValue, input: Ref): JobInput {
  const options = ev.lookup(object, 'opts');
  return {
    at: object.at.module === input.module ? object.at : input,
    name: partRef(object, 'name'),
    payload: partRef(object, 'data'),
    options: partRef(object, 'opts'),
    withoutOptions: options.state === 'absent',
    queueName: partRef(object, 'queueName'),
  };
}

/** The value of a job's options: `absent` when none are given, `unknown` when they cannot be seen. */
export function optionsValue(ev: Evaluation, job: JobInput): Value | 'absent' | 'unknown' {
  if (job.options) return ev.evaluate(job.options);
  return job.withoutOptions ? 'absent' : 'unknown';
}
