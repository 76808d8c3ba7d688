/**
 * Reads the job system of a project into a map, without findings.
 */
import path from 'node:path';
import { FileFacts } from '../../analysis/file-facts.ts';
import { readManifest } from '../../analysis/modules/root.ts';
import type { Project } from '../../analysis/project/project.ts';
import { isClass, outermost, type Node } from '../../analysis/source/nodes.ts';
import { mergeLookups } from '../../analysis/values/members.ts';
import type { Lookup, Ref } from '../../analysis/values/value.ts';
import { trust } from '../../plugin/linted-file.ts';
import type { Settings } from '../../plugin/settings.ts';
import { retryOf } from './facts.ts';
import type { Answer, Entry, FlowEdge, JobMap, Place, Producer, Queue, QueueWorker } from './model.ts';
import { comparePlaces, compareTexts, extentOf, nameOfFunction, placeOf, type Extent } from './places.ts';
import type { NamedQueue } from './queue-ids.ts';
import { keyOf, readEnqueues, readEntries, type ReadEnqueue } from './read-producers.ts';
import { readQueues } from './read-queues.ts';
import { readWorkers } from './read-workers.ts';

/** A node of the map with the lines that findings on it can be in. */
export interface Holder {
  node: { findings: number[] };
  extents: Extent[];
}

export interface ReadMap {
  map: JobMap;
  holders: Holder[];
  /** The files that concern jobs, absolute and sorted: those that findings can be in. */
  files: string[];
}

interface QueueState extends Pick<NamedQueue, 'pattern' | 'isOne'> {
  node: Queue;
  defaults: Lookup[];
  /** What its makers call it, and with that those who are handed it. */
  handles: Set<string>;
}

export function readMap(project: Project, settings: Settings): ReadMap {
  trust(project, settings);
  return new Reader(project).read();
}

class Reader {
  readonly #project: Project;
  readonly #queues = new Map<string, QueueState>();
  readonly #producers = new Map<string, Producer>();
  readonly #workers = new Map<string, QueueWorker>();
  readonly #flows = new Map<string, FlowEdge>();
  readonly #holders: Holder[] = [];
  /** Ids of the workers that run a function. */
  readonly #runners = new Map<Node, Set<string>>();

  constructor(project: Project) {
    this.#project = project;
  }

  read(): ReadMap {
    const project = this.#project;
    project.refresh();
    const files = [...project.catalog.files]
      .filter((file) => project.leadsTo(file, 'jobs') || project.index.processorsIn(file).length > 0)
      .filter((file) => !project.isTest(file))
      .sort();
    const facts = files.flatMap((file) => {
      const module = project.load(file);
      return module ? [new FileFacts(project, module)] : [];
    });
    this.#addQueues(facts);
    this.#addWorkers();
    const producerOf = this.#addProducers(readEnqueues(project, facts));
    this.#addEntries(facts, producerOf);
    return { map: this.#finish(), holders: this.#holders, files };
  }

  #queue(named: NamedQueue): Queue {
    let state = this.#queues.get(named.id);
    if (!state) {
      const node: Queue = {
        id: named.id,
        name: named.name,
        places: [],
        retry: { attempts: { state: 'absent' }, backoff: { state: 'absent' } },
        hasWorker: 'no',
        isFed: 'no',
        findings: [],
      };
      state = { node, pattern: named.pattern, isOne: named.isOne, defaults: [], handles: new Set() };
      this.#queues.set(named.id, state);
    }
    return state.node;
  }

  #hold(node: { findings: number[] }, ...refs: Ref[]): void {
    this.#holders.push({ node, extents: refs.map((ref) => extentOf(this.#project, ref)) });
  }

  #addQueues(all: readonly FileFacts[]): void {
    for (const { module } of all)
      for (const { queue, at, place, defaults } of readQueues(this.#project, module)) {
        const node = this.#queue(queue);
        if (!node.places.some((other) => comparePlaces(other, place) === 0 && other.by === place.by))
          node.places.push(place);
        if (defaults) this.#queues.get(queue.id)?.defaults.push(defaults);
        const handle = outermost(at.node).parent;
        if (handle?.type === 'VariableDeclarator' && handle.id.type === 'Identifier')
          this.#queues.get(queue.id)?.handles.add(handle.id.name);
        this.#hold(node, at);
      }
    for (const { node, defaults } of this.#queues.values()) {
      const at = all[0] && { module: all[0].module, node: all[0].module.ast };
      const { ev } = this.#project;
      if (!at || defaults.length === 0) continue;
      node.retry = retryOf(this.#project, (key) =>
        mergeLookups(
          at,
          defaults.map((found) => (found.state === 'known' ? ev.lookup(found.value, key) : found)),
        ),
      );
    }
  }

  #addWorkers(): void {
    for (const { at, queues, concurrency, processors } of readWorkers(this.#project)) {
      if (this.#project.isTest(at.module.path)) continue;
      const ids = [...new Set(queues.map((queue) => this.#queue(queue).id))].sort();
      const place = placeOf(this.#project, at);
      const id = `worker:${place.file}:${place.line} ${ids.join(' ')}`;
      let node = this.#workers.get(id);
      if (!node) {
        node = { id, at: place, queues: ids, concurrency, processors: [], findings: [] };
        this.#workers.set(id, node);
      }
      for (const { shown, fn } of processors) {
        if (!node.processors.some((other) => JSON.stringify(other) === JSON.stringify(shown)))
          node.processors.push(shown);
        if (fn) this.#runners.set(fn.at.node, new Set(this.#runners.get(fn.at.node)).add(id));
      }
      this.#hold(node, ...processors.flatMap(({ fn }) => (fn ? [fn.at] : [])), ...headOf(at));
    }
  }

  #addProducers(enqueues: readonly ReadEnqueue[]): Map<string, Producer> {
    const producerOf = new Map<string, Producer>();
    for (const { at, fn, shown, callers, queues } of enqueues) {
      for (const queue of queues)
        if ([shown, ...shown.callers].some(({ jobs }) => jobs.some((job) => concerns(job, queue.id))))
          this.#queue(queue);
      const key = fn ? keyOf({ module: at.module, node: fn }) : at.module.path;
      let producer = this.#producers.get(key);
      if (!producer) {
        const from: Ref = { module: at.module, node: fn ?? at.module.ast };
        const place = fn ? placeOf(this.#project, from) : { ...placeOf(this.#project, at), line: 1 };
        producer = {
          id: key,
          function: fn ? nameOfFunction(at.module, fn) : null,
          at: place,
          enqueues: [],
          reachedFrom: [],
          findings: [],
        };
        this.#producers.set(key, producer);
        if (fn) this.#hold(producer, from);
      }
      producer.enqueues.push(shown);
      producerOf.set(keyOf(at), producer);
      this.#hold(shown, at);
      for (const caller of callers) this.#hold(caller.shown, caller.at);
      for (const job of [shown, ...shown.callers].flatMap(({ jobs }) => jobs))
        for (const parent of job.parentQueues)
          for (const child of job.queues) this.#addFlow(parent, child, shown.at);
    }
    return producerOf;
  }

  #addFlow(parent: string, child: string, place: Place): void {
    const key = `${parent}\0${child}`;
    const edge = this.#flows.get(key) ?? { parent, child, places: [] };
    if (!edge.places.some((other) => comparePlaces(other, place) === 0)) edge.places.push(place);
    this.#flows.set(key, edge);
  }

  #addEntries(all: readonly FileFacts[], producerOf: ReadonlyMap<string, Producer>): void {
    for (const facts of all)
      for (const { role, fn, enqueue } of readEntries(facts)) {
        const producer = producerOf.get(enqueue);
        const entry: Entry = {
          role,
          function: nameOfFunction(fn.at.module, fn.at.node),
          at: placeOf(this.#project, fn.at),
          workers: [...(this.#runners.get(fn.at.node) ?? [])].sort(),
        };
        if (
          producer &&
          !producer.reachedFrom.some((other) => JSON.stringify(other) === JSON.stringify(entry))
        )
          producer.reachedFrom.push(entry);
      }
  }

  #finish(): JobMap {
    const workers = [...this.#workers.values()];
    const producers = [...this.#producers.values()];
    const running = new Set(workers.flatMap(({ queues }) => queues));
    const fed = new Set(
      producers.flatMap(({ enqueues }) =>
        enqueues.flatMap(({ jobs, callers }) =>
          [...jobs, ...callers.flatMap((caller) => caller.jobs)].flatMap((job) => job.queues),
        ),
      ),
    );
    const hidden = producers.some(({ enqueues }) =>
      enqueues.some(({ kind, isPartial }) => isPartial && (kind === 'flow' || kind === 'flows')),
    );
    for (const state of this.#queues.values()) {
      state.node.hasWorker = this.#answer(state, running);
      const isFed = this.#answer(state, fed);
      state.node.isFed = isFed === 'no' && (hidden || this.#isFedUnseen(state)) ? 'unknown' : isFed;
      state.node.places.sort(comparePlaces);
    }
    for (const worker of workers) worker.processors.sort((a, b) => comparePlaces(a.at, b.at));
    for (const producer of producers) {
      producer.enqueues.sort((a, b) => comparePlaces(a.at, b.at));
      producer.reachedFrom.sort((a, b) => comparePlaces(a.at, b.at));
    }
    for (const flow of this.#flows.values()) flow.places.sort(comparePlaces);
    return withShortIds(this.#project, {
      version: 1,
      project: readManifest(this.#project.root)?.name ?? path.basename(this.#project.root),
      preset: null,
      queues: [...this.#queues.values()].map(({ node }) => node),
      producers,
      workers,
      flows: [...this.#flows.values()],
      findings: [],
    });
  }

  /** `this.mails.add(...)`, where nothing says what `this.mails` is, and a queue is called `mails`. */
  #isFedUnseen({ handles }: QueueState): boolean {
    const { catalog } = this.#project;
    const calls = [...handles].flatMap((handle) => [`.${handle}.add`, `.${handle}?.add`]);
    return (
      calls.length > 0 &&
      [...catalog.files].some((file) => calls.some((call) => catalog.mentions(file, call)))
    );
  }

  /** Whether one of these queues is this one, or can be where a name is not known. */
  #answer({ node, pattern }: QueueState, ids: ReadonlySet<string>): Answer {
    if (ids.has(node.id)) return 'yes';
    for (const id of ids) {
      const other = this.#queues.get(id);
      if (!other || (other.node.name.isKnown && node.name.isKnown)) continue;
      // A worker of `process.env.MAIL` runs the queue that is made with that name, and not any other.
      if (!other.node.name.isKnown && other.isOne && other.node.places.some(({ by }) => by !== 'injection'))
        continue;
      const canBe = other.node.name.isKnown
        ? pattern.test(other.node.name.text)
        : node.name.isKnown
          ? other.pattern.test(node.name.text)
          : true;
      if (canBe) return 'unknown';
    }
    return 'no';
  }
}

function concerns(job: { queues: string[]; parentQueues: string[] }, id: string): boolean {
  return job.queues.includes(id) || job.parentQueues.includes(id);
}

/** What makes a worker, without the functions written in it, which are processors of their own. */
function headOf(at: Ref): Ref[] {
  return isClass(at.node) ? [] : [at];
}

/** Ids that a reader can quote: those of queues without a known name are counted in their order. */
function withShortIds(project: Project, map: JobMap): JobMap {
  const queues = map.queues.sort(
    (a, b) =>
      Number(b.name.isKnown) - Number(a.name.isKnown) ||
      compareTexts(a.name.text, b.name.text) ||
      compareTexts(project.pathOf(a.id), project.pathOf(b.id)),
  );
  const ids = new Map(queues.map(({ id, name }, index) => [id, name.isKnown ? id : `unknown:${index + 1}`]));
  const short = (list: readonly string[]): string[] => list.map((id) => ids.get(id) ?? id).sort(compareTexts);
  const shorten = (job: { queues: string[]; parentQueues: string[] }): void => {
    job.queues = short(job.queues);
    job.parentQueues = short(job.parentQueues);
  };
  for (const queue of queues) queue.id = ids.get(queue.id) ?? queue.id;
  const workers = map.workers.sort(
    (a, b) => comparePlaces(a.at, b.at) || compareTexts(a.queues.join(), b.queues.join()),
  );
  const workerIds = idsByPlace('worker', workers);
  for (const worker of workers) {
    worker.id = workerIds.get(worker.id) ?? worker.id;
    worker.queues = short(worker.queues);
  }
  for (const { enqueues, reachedFrom } of map.producers) {
    for (const { jobs, callers } of enqueues) {
      jobs.forEach(shorten);
      for (const caller of callers) caller.jobs.forEach(shorten);
    }
    for (const entry of reachedFrom) entry.workers = entry.workers.map((id) => workerIds.get(id) ?? id);
  }
  const producers = map.producers.sort((a, b) => comparePlaces(a.at, b.at) || compareTexts(a.id, b.id));
  const producerIds = idsByPlace('producer', producers);
  for (const producer of producers) producer.id = producerIds.get(producer.id) ?? producer.id;
  const flows = map.flows
    .map((flow) => ({
      ...flow,
      parent: ids.get(flow.parent) ?? flow.parent,
      child: ids.get(flow.child) ?? flow.child,
    }))
    .sort((a, b) => compareTexts(a.parent, b.parent) || compareTexts(a.child, b.child));
  return { ...map, queues, producers, workers, flows };
}

/** Short ids by the place of a node; those on one line are counted. */
function idsByPlace(kind: string, nodes: readonly { id: string; at: Place }[]): Map<string, string> {
  const taken = new Map<string, number>();
  const ids = nodes.map(({ id, at: { file, line } }): [string, string] => {
    const base = `${kind}:${file}:${line}`;
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return [id, count === 1 ? base : `${base}#${count}`];
  });
  return new Map(ids);
}
