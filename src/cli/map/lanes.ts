/**
 * The map as the pictures show it: a lane for each queue, with who feeds it on one side and who runs it on the other.
 */
import {
  concurrencyLabel,
  functionLabel,
  jobLabels,
  jobNameLabel,
  placeLabel,
  retryLabel,
} from './labels.ts';
import type { Caller, Enqueue, Entry, Job, JobMap, Producer, Queue, QueueWorker } from './model.ts';

export interface Lane {
  queue: Queue;
  card: Card;
  producers: Card[];
  workers: Card[];
  /** Indices of all findings in the lane. */
  findings: number[];
  /** Ids of the queues that a flow connects with this one. */
  hasFlow: boolean;
  hasSchedule: boolean;
}

/** A box with some lines of text. */
export interface Card {
  id: string;
  lines: Line[];
  findings: number[];
  /** Something that is not there, but should be. */
  isMissing?: boolean;
  /** Whether it may also be connected to another queue instead: a condition decides. */
  isOneOf?: boolean;
}

export type Tone = 'title' | 'place' | 'text' | 'schedule' | 'warning' | 'finding' | 'muted';

export interface Line {
  text: string;
  tone: Tone;
}

/** Lines of one kind in a card before the rest is counted only. */
const MAX_LINES = 4;

export function lanesOf(map: JobMap): Lane[] {
  return map.queues.map((queue) => {
    const producers = map.producers.flatMap((producer) => producerCard(map, queue, producer) ?? []);
    const workers = map.workers
      .filter((worker) => worker.queues.includes(queue.id))
      .map((worker) => workerCard(map, worker));
    const card = queueCard(map, queue);
    const jobs = map.producers.flatMap((producer) => jobsFor(producer, queue.id));
    return {
      queue,
      card,
      producers: producers.length > 0 ? producers : [missing(`fed:${queue.id}`, FEEDS[queue.isFed])],
      workers: workers.length > 0 ? workers : [missing(`run:${queue.id}`, RUNS[queue.hasWorker])],
      findings: [...new Set([card, ...producers, ...workers].flatMap(({ findings }) => findings))].sort(
        (a, b) => a - b,
      ),
      hasFlow: map.flows.some(({ parent, child }) => parent === queue.id || child === queue.id),
      hasSchedule: jobs.some(({ schedule }) => schedule !== null),
    };
  });
}

const FEEDS = {
  yes: 'fed from elsewhere',
  no: 'nothing here adds jobs',
  unknown: 'who adds jobs cannot be seen',
} as const;

const RUNS = {
  yes: 'run elsewhere',
  no: 'no worker in this project',
  unknown: 'which worker cannot be seen',
} as const;

function missing(id: string, text: string): Card {
  return { id, lines: [{ text, tone: 'warning' }], findings: [], isMissing: true };
}

function queueCard(map: JobMap, queue: Queue): Card {
  const [first, ...more] = queue.places;
  const lines: Line[] = [{ text: queue.name.text, tone: 'title' }];
  if (first)
    lines.push({ text: `${placeLabel(first)}${more.length > 0 ? ` +${more.length}` : ''}`, tone: 'place' });
  if (!queue.name.isKnown) lines.push({ text: 'name known at run time only', tone: 'muted' });
  if (queue.places.length > 0) lines.push(...defaultLines(queue));
  if (queue.hasWorker === 'no') lines.push({ text: 'no worker', tone: 'warning' });
  if (queue.isFed === 'no') lines.push({ text: 'not fed', tone: 'warning' });
  return { id: queue.id, lines: [...lines, ...findingLines(map, queue.findings)], findings: queue.findings };
}

function defaultLines({ retry }: Queue): Line[] {
  if (retry.attempts.state === 'absent' && retry.backoff.state === 'absent')
    return [{ text: 'no default retries', tone: 'text' }];
  const [attempts = '', ...backoff] = retryLabel(retry).split(', ');
  return [
    { text: `defaults: ${attempts}`, tone: 'text' },
    ...(backoff.length > 0 ? [{ text: backoff.join(', '), tone: 'muted' as const }] : []),
  ];
}

/** What a producer does with a queue; `undefined` when that is nothing. */
function producerCard(map: JobMap, queue: Queue, producer: Producer): Card | undefined {
  const enqueues = producer.enqueues.flatMap((enqueue) => onlyFor(enqueue, queue.id) ?? []);
  if (enqueues.length === 0) return undefined;
  const jobs = enqueues.flatMap((enqueue) => enqueue.jobs);
  const callers = enqueues.flatMap((enqueue) => enqueue.callers);
  const findings = [
    ...new Set([
      ...producer.findings,
      ...enqueues.flatMap((enqueue) => [
        ...enqueue.findings,
        ...enqueue.callers.flatMap((caller) => caller.findings),
      ]),
    ]),
  ];
  const lines: Line[] = [
    { text: functionLabel(producer.function, producer.at), tone: 'title' },
    { text: placesLabel(producer, enqueues), tone: 'place' },
  ];
  // Where callers decide, the policy that each of them has in the end says more than the wrapper's own.
  const shown = callers.length > 0 ? callers.flatMap((caller) => caller.jobs) : jobs;
  for (const { names, policy, schedule } of jobLabels(shown).slice(0, MAX_LINES * 2)) {
    lines.push({ text: names, tone: 'text' });
    if (schedule !== null) lines.push({ text: schedule, tone: 'schedule' });
    lines.push({ text: policy, tone: 'muted' });
  }
  lines.push(...limited(callers.map(callerLine), 'callers'));
  lines.push(
    ...limited(
      entriesOf(map, producer, callers).map((text) => ({ text, tone: 'muted' as const })),
      'entries',
    ),
  );
  return {
    id: producer.id,
    lines: [...lines, ...findingLines(map, findings)],
    findings,
    isOneOf: jobs.length > 0 && jobs.every((job) => job.queues.length > 1),
  };
}

function callerLine({ function: name, at }: Caller): Line {
  return { text: `from ${name ?? 'code'} (${at.file.replace(/^.*\//, '')}:${at.line})`, tone: 'muted' };
}

/** Contexts that lead to a producer, without those that are there as its callers. */
function entriesOf(map: JobMap, producer: Producer, callers: readonly Caller[]): string[] {
  const texts = producer.reachedFrom
    .filter(
      ({ function: name, at }) =>
        !callers.some((caller) => caller.function === name && caller.at.file === at.file),
    )
    .map((entry) => entryLabel(map, producer, entry));
  return [...new Set(texts)];
}

function entryLabel(
  { workers, queues }: JobMap,
  producer: Producer,
  { role, function: name, at, workers: ids }: Entry,
): string {
  const isSelf = at.file === producer.at.file && at.line === producer.at.line;
  if (role === 'handler') return isSelf ? 'request handler' : `from handler ${name ?? placeLabel(at)}`;
  const run = workers.filter(({ id }) => ids.includes(id)).flatMap((worker) => worker.queues);
  const names = queues.filter(({ id }) => run.includes(id)).map(({ name: given }) => given.text);
  return names.length > 0
    ? `from the worker of ${names.join(', ')}`
    : `from processor ${name ?? placeLabel(at)}`;
}

/** `src/orders.ts:12, 20` */
function placesLabel(producer: Producer, enqueues: readonly Enqueue[]): string {
  const lines = [...new Set(enqueues.map(({ at }) => at.line))];
  return `${producer.at.file}:${lines.join(', ')}`;
}

function onlyFor(enqueue: Enqueue, queue: string): Enqueue | undefined {
  const jobs = enqueue.jobs.filter((job) => job.queues.includes(queue));
  const callers = enqueue.callers.flatMap((caller) => {
    const own = caller.jobs.filter((job) => job.queues.includes(queue));
    return own.length > 0 ? [{ ...caller, jobs: own }] : [];
  });
  return jobs.length > 0 || callers.length > 0 ? { ...enqueue, jobs, callers } : undefined;
}

export function jobsFor({ enqueues }: Producer, queue: string): Job[] {
  return enqueues
    .flatMap(({ jobs, callers }) => [...jobs, ...callers.flatMap((caller) => caller.jobs)])
    .filter((job) => job.queues.includes(queue));
}

function workerCard(map: JobMap, worker: QueueWorker): Card {
  const lines: Line[] = worker.processors.flatMap(({ function: name, at, jobName, isSandboxed }): Line[] => [
    { text: name ?? 'inline processor', tone: 'title' },
    { text: `${placeLabel(at)}${isSandboxed ? ' (sandboxed)' : ''}`, tone: 'place' },
    ...(jobName ? [{ text: `only ${jobNameLabel(jobName)}`, tone: 'text' as const }] : []),
  ]);
  if (worker.processors.length === 0)
    lines.push(
      { text: 'processor not visible', tone: 'title' },
      { text: placeLabel(worker.at), tone: 'place' },
    );
  else if (
    !worker.processors.some(({ at }) => at.file === worker.at.file && Math.abs(at.line - worker.at.line) < 15)
  )
    lines.push({ text: `worker ${placeLabel(worker.at)}`, tone: 'place' });
  lines.push({ text: concurrencyLabel(worker.concurrency), tone: 'text' });
  return {
    id: worker.id,
    lines: [...lines, ...findingLines(map, worker.findings)],
    findings: worker.findings,
    isOneOf: worker.queues.length > 1,
  };
}

function findingLines({ findings }: JobMap, indices: readonly number[]): Line[] {
  const counts = new Map<string, number>();
  for (const index of indices) {
    const rule = findings[index]?.rule;
    if (rule !== undefined) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const lines = [...counts].map(([rule, count]): Line => ({
    text: count > 1 ? `${rule} (${count})` : rule,
    tone: 'finding',
  }));
  return limited(lines, 'rules');
}

function limited(lines: Line[], what: string): Line[] {
  if (lines.length <= MAX_LINES) return lines;
  const rest = lines.length - (MAX_LINES - 1);
  const tone = lines[0]?.tone ?? 'muted';
  return [...lines.slice(0, MAX_LINES - 1), { text: `and ${rest} more ${what}`, tone }];
}
