/**
 * Options objects: everything in a file that tells the queue library how to behave, whatever it is given to.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { isClass, type ClassNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { partRef } from '../values/trace.ts';
import { membersOf, unknown, type ObjectValue, type Ref, type Value } from '../values/value.ts';
import type { Construction } from './constructions.ts';
import type { Dialect } from './dialects/index.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import type { PassedConstruction } from './factories.ts';
import type { NestRegistration } from './facts.ts';
import { nestDecorator } from './workers.ts';

/**
 * What options are for: one job; all jobs of a queue (`defaultJobOptions`); a queue, worker, flow producer or queue
 * events as a whole.
 */
export type OptionsScope = 'job' | 'job-defaults' | 'queue' | 'worker' | 'flow' | 'queue-events';

export interface WrittenOptions {
  scope: OptionsScope;
  value: Value;
  dialect: Dialect;
  /** What is given the options: the enqueue's call, the construction, the registration, the decorated class. */
  at: Ref;
  /** For the options of a job. */
  enqueue?: Enqueue;
  job?: JobInput;
  /** For the job defaults in `queuesOptions`: the queue that they are for. */
  queueName?: string;
  /** For a construction inside of a function: the call that passes options to it, and those without what it passes. */
  passed?: { call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>; inside: Value };
}

/** The options of a job, where it is given any. */
export function jobOptions(ev: Evaluation, enqueue: Enqueue): WrittenOptions[] {
  return enqueue.jobs.flatMap((job): WrittenOptions[] =>
    job.options
      ? [
          {
            scope: 'job',
            value: ev.evaluate(job.options),
            dialect: enqueue.dialect,
            at: enqueue.call,
            enqueue,
            job,
          },
        ]
      : [],
  );
}

/** The job defaults that a flow is given for its queues: `flow.add(tree, { queuesOptions: { mail: { ... } } })`. */
export function flowOptions(ev: Evaluation, enqueue: Enqueue): WrittenOptions[] {
  const given = enqueue.kind === 'flow' ? enqueue.call.node.arguments[1] : undefined;
  if (!given || given.type === 'SpreadElement') return [];
  const queues = ev.lookup(ev.evaluate(beside(enqueue.call, given)), 'queuesOptions');
  if (queues.state !== 'known') return [];
  return membersOf(queues.value).flatMap((member) =>
    member.kind !== 'object'
      ? []
      : member.parts.flatMap((part): WrittenOptions[] => {
          if (part.kind !== 'property') return [];
          const defaults = ev.lookup(ev.evaluate(part.value), 'defaultJobOptions');
          return defaults.state === 'known'
            ? [
                {
                  scope: 'job-defaults',
                  value: defaults.value,
                  dialect: enqueue.dialect,
                  at: enqueue.call,
                  enqueue,
                  queueName: part.key,
                },
              ]
            : [];
        }),
  );
}

/** The options of a construction, and the job defaults inside them. */
export function constructionOptions(ev: Evaluation, construction: Construction): WrittenOptions[] {
  const { options, role: scope, dialect, at } = construction;
  return options ? withDefaults(ev, { scope, value: ev.evaluate(options), dialect, at }) : [];
}

/** The options of a construction as a call of the function around it has them, and the job defaults inside them. */
export function passedConstructionOptions(
  ev: Evaluation,
  construction: PassedConstruction,
): WrittenOptions[] {
  const { options, call } = construction;
  if (!options) return [];
  const inside = constructionOptions(ev, { ...construction, options: { ...options, frame: undefined } });
  return constructionOptions(ev, construction).map((given) => ({
    ...given,
    passed: {
      call,
      inside: inside.find(({ scope }) => scope === given.scope)?.value ?? unknown(options),
    },
  }));
}

/** The options of `BullModule.registerQueue(...)`, `forRoot(...)` and their `Async` forms with a factory. */
export function registrationOptions(ev: Evaluation, registration: NestRegistration): WrittenOptions[] {
  const { call, method, dialect } = registration;
  if (!/^(?:forRoot|registerQueue)(?:Async)?$/.test(method)) return [];
  return call.node.arguments.flatMap((argument) => {
    if (argument.type === 'SpreadElement') return [];
    const given = ev.evaluate(beside(call, argument));
    const factory = method.endsWith('Async') ? ev.lookup(given, 'useFactory') : undefined;
    const value =
      factory?.state === 'known' && factory.value.kind === 'function'
        ? ev.returned(factory.value, [], call)
        : given;
    return membersOf(value).flatMap((member) =>
      member.kind === 'object' ? withDefaults(ev, { scope: 'queue', value: member, dialect, at: call }) : [],
    );
  });
}

/** The worker options of `@Processor('mail', { concurrency: 5 })`. */
export function processorOptions(ev: Evaluation, owner: Ref<ClassNode>): WrittenOptions[] {
  const decorator = nestDecorator(ev, owner);
  const site = decorator?.value.site;
  if (!decorator || site?.node.type !== 'CallExpression') return [];
  const given = site.node.arguments[1];
  return given
    ? [{ scope: 'worker', value: ev.evaluate(beside(site, given)), dialect: decorator.dialect, at: owner }]
    : [];
}

function withDefaults(ev: Evaluation, options: WrittenOptions): WrittenOptions[] {
  const defaults = options.scope === 'queue' ? ev.lookup(options.value, 'defaultJobOptions') : undefined;
  return defaults?.state === 'known'
    ? [options, { ...options, scope: 'job-defaults', value: defaults.value }]
    : [options];
}

/** The expression of an option, where the object that holds it is written out. */
export function optionRef(options: WrittenOptions, key: string): Ref | undefined {
  for (const member of membersOf(options.value)) {
    const ref = member.kind === 'object' ? partRef(member, key) : undefined;
    if (ref) return ref;
  }
  return undefined;
}

/** An expression that gives an option its value, or the value alone where no object that is written out holds it. */
export interface OptionValue {
  ref: Ref | undefined;
  value: Value;
}

/**
 * What an option can be given, through spreads and the alternatives of a conditional; `path` names it from the outside
 * to the inside, as in `['deduplication', 'id']`.
 */
export function optionValues(ev: Evaluation, options: Value, path: readonly string[]): OptionValue[] {
  const [key, ...rest] = path;
  if (key === undefined) return [{ ref: undefined, value: options }];
  return membersOf(options).flatMap((member) => {
    const given = member.kind === 'object' ? givenTo(ev, member, key) : declaredOption(ev, member, key);
    return rest.length === 0 ? given : given.flatMap(({ value }) => optionValues(ev, value, rest));
  });
}

function givenTo(ev: Evaluation, object: ObjectValue, key: string): OptionValue[] {
  const given: OptionValue[] = [];
  for (let i = object.parts.length - 1; i >= 0; i--) {
    const part = object.parts[i];
    if ((part?.kind === 'property' || part?.kind === 'write') && part.key === key) {
      if (part.kind === 'property' && part.getter) return given;
      given.push({ ref: part.value, value: ev.evaluate(part.value) });
      if (part.kind === 'property') return given;
    } else if (part?.kind === 'spread') {
      const spread = ev.evaluate(part.value);
      given.push(...optionValues(ev, spread, [key]));
      if (ev.lookup(spread, key).state === 'known') return given;
    }
  }
  return given;
}

/** An option of an object of which the type alone is known. */
function declaredOption(ev: Evaluation, options: Value, key: string): OptionValue[] {
  const found = ev.lookup(options, key);
  return found.state !== 'absent' && found.value ? [{ ref: undefined, value: found.value }] : [];
}

/**
 * The node of the linted file to point at for an option: its value where that is written here, else the call or
 * construction that is given the options (the outermost, when a wrapper passes them on).
 */
export function optionPlace(module: SourceModule, options: WrittenOptions, key: string): Node {
  const ref = optionRef(options, key);
  if (ref?.module === module) return ref.node;
  const outermost = options.enqueue?.via[0] ?? options.at;
  return isClass(outermost.node) ? (outermost.node.id ?? outermost.node) : outermost.node;
}
