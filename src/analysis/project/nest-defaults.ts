/**
 * Default job options that NestJS modules give to queues: by queue name, from anywhere in the project.
 *
 * `registerQueue` merges its options over the root's shallowly, so a queue's own `defaultJobOptions` replace the
 * root's as a whole (`@nestjs/bullmq` `bull.providers.ts`).
 */
import { registeredOptions, type NestRegistration } from '../jobs/registrations.ts';
import type { Evaluation } from '../values/evaluation.ts';
import type { Lookup, Value } from '../values/value.ts';

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
        for (const options of registeredOptions(ev, registration))
          this.#roots.push(jobDefaults(ev, options.value));
      else if (registration.method.startsWith('registerQueue'))
        for (const options of registeredOptions(ev, registration))
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
