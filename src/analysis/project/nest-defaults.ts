/**
 * Default job options that NestJS modules give to queues: by queue name, from anywhere in the project.
 *
 * `registerQueue` merges its options over the root's shallowly, so a queue's own `defaultJobOptions` replace the
 * root's as a whole (`@nestjs/bullmq` `bull.providers.ts`).
 */
import type { NestRegistration } from '../jobs/facts.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, stringOf, type Lookup, type Ref, type Value } from '../values/value.ts';

/** Default job options: an options object, none at all, or not to be known. */
export type Defaults = Lookup;

interface Registered {
  name: string | undefined;
  defaults: Defaults;
}

export class NestDefaults {
  readonly #queues: Registered[] = [];
  readonly #roots: Defaults[] = [];

  constructor(ev: Evaluation, registrations: Iterable<NestRegistration>) {
    for (const registration of registrations)
      if (registration.method.startsWith('forRoot'))
        for (const options of optionsGiven(ev, registration))
          this.#roots.push(jobDefaults(ev, options.value));
      else if (registration.method.startsWith('registerQueue'))
        for (const options of optionsGiven(ev, registration))
          this.#queues.push({ name: options.name, defaults: jobDefaults(ev, options.value) });
  }

  /** The names of registered queues, `undefined` for one that is not known. */
  get names(): readonly (string | undefined)[] {
    return this.#queues.map((queue) => queue.name);
  }

  /** The defaults of the queue of a name; unknown when it is registered nowhere, or differently in two places. */
  of(name: string): Defaults {
    const matching = this.#queues.filter((queue) => queue.name === name);
    if (matching.length === 0) return { state: 'unknown' };
    // A registration whose name is not known may be of this queue, too.
    if (this.#queues.some((queue) => queue.name === undefined && queue.defaults.state !== 'absent'))
      return { state: 'unknown' };
    const all = matching.map(({ defaults }) => (defaults.state === 'absent' ? this.#root() : defaults));
    const [first] = all;
    if (!first) return { state: 'unknown' };
    return all.every((defaults) => sameDefaults(defaults, first)) ? first : { state: 'unknown' };
  }

  #root(): Defaults {
    const [first] = this.#roots;
    if (!first) return { state: 'absent' };
    return this.#roots.every((root) => sameDefaults(root, first)) ? first : { state: 'unknown' };
  }
}

function sameDefaults(a: Defaults, b: Defaults): boolean {
  if (a.state !== b.state) return false;
  return a.state !== 'known' || b.state !== 'known' || a.value.at.node === b.value.at.node;
}

function jobDefaults(ev: Evaluation, options: Value): Defaults {
  return ev.lookup(options, 'defaultJobOptions');
}

/** The options that a registration gives, directly or from a factory. */
function optionsGiven(
  ev: Evaluation,
  registration: NestRegistration,
): { name: string | undefined; value: Value }[] {
  const { call, method } = registration;
  const isAsync = method.endsWith('Async');
  const given: { name: string | undefined; value: Value }[] = [];
  for (const argument of call.node.arguments) {
    const isSpread = argument.type === 'SpreadElement';
    const at = here(call.module, isSpread ? argument.argument : argument, call.frame);
    const value = ev.evaluate(at);
    // `forRoot('configKey', options)`
    if (value.kind === 'literal' || value.kind === 'primitive') continue;
    for (const member of membersOf(isSpread ? ev.element(value, at) : value)) {
      const name = ev.lookup(member, 'name');
      given.push({
        name: name.state === 'known' ? stringOf(name.value) : undefined,
        value: isAsync ? factoryResult(ev, member, at) : member,
      });
    }
  }
  return given;
}

/** What `useFactory` returns, or the method of the `useClass` class that makes the options. */
function factoryResult(ev: Evaluation, options: Value, at: Ref): Value {
  const sources = ['useFactory', 'useClass', 'useExisting'].map((key) => ev.lookup(options, key));
  if (sources.every((source) => source.state === 'absent')) return options;
  const factory = ev.lookup(options, 'useFactory');
  if (factory.state === 'known' && factory.value.kind === 'function')
    return ev.returned(factory.value, [], at);
  for (const key of ['useClass', 'useExisting']) {
    const found = ev.lookup(options, key);
    if (found.state !== 'known' || found.value.kind !== 'class') continue;
    const owner = found.value.at;
    for (const method of ['createSharedConfiguration', 'createRegisterQueueOptions', 'createBullOptions']) {
      const member = ev.member(ev.instance(owner, at), method, at);
      if (member.kind === 'function') return ev.returned(member, [], at);
    }
  }
  return { kind: 'unknown', at, parameter: undefined };
}
