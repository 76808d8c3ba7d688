/**
 * What the pictures say of a node, in words.
 */
import type { Backoff, Fact, Job, Name, Place, Retry, Schedule } from './model.ts';

export function placeLabel({ file, line }: Place): string {
  return `${file}:${line}`;
}

export function retryLabel({ attempts, backoff }: Retry): string {
  if (attempts.state === 'unknown' && backoff.state === 'unknown') return 'retries unknown';
  const parts = [attemptsLabel(attempts)];
  const isRetried =
    attempts.state !== 'absent' && !(attempts.state === 'known' && attempts.values.every((n) => n <= 1));
  if (backoff.state === 'known') parts.push(backoff.values.map(backoffLabel).join(' or '));
  else if (isRetried) parts.push(backoff.state === 'absent' ? 'no backoff' : 'backoff unknown');
  return parts.join(', ');
}

function attemptsLabel(attempts: Fact<number>): string {
  switch (attempts.state) {
    case 'known': {
      const [only] = attempts.values;
      return only === 1 && attempts.values.length === 1
        ? '1 attempt'
        : `${attempts.values.join(' or ')} attempts`;
    }
    case 'absent':
      return '1 attempt (default)';
    case 'unknown':
      return attempts.text === null ? 'attempts unknown' : `attempts: ${attempts.text}`;
  }
}

function backoffLabel({ type, delay, jitter }: Backoff): string {
  return [
    type ?? 'backoff',
    delay === null ? '' : ` ${durationLabel(delay)}`,
    jitter === null ? '' : ` with jitter`,
  ].join('');
}

export function scheduleLabel({ pattern, every, tz }: Schedule): string {
  const zone = tz.state === 'known' ? ` (${tz.values.join(' or ')})` : '';
  if (pattern.state === 'known') return `cron ${pattern.values.join(' or ')}${zone}`;
  if (every.state === 'known') return `every ${every.values.map(durationLabel).join(' or ')}`;
  const text = [pattern, every].map((fact) => (fact.state === 'unknown' ? fact.text : null)).find(Boolean);
  return text ? `scheduled: ${text}${zone}` : 'scheduled, when is unknown';
}

export function concurrencyLabel(concurrency: Fact<number>): string {
  switch (concurrency.state) {
    case 'known':
      return `concurrency ${concurrency.values.join(' or ')}`;
    case 'absent':
      return 'concurrency 1 (default)';
    case 'unknown':
      return concurrency.text === null ? 'concurrency unknown' : `concurrency: ${concurrency.text}`;
  }
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** Milliseconds in the largest unit that leaves no fraction: `90 s`, `5 min`, `250 ms`. */
export function durationLabel(milliseconds: number): string {
  const unit = UNITS.find(([, size]) => milliseconds >= size && milliseconds % size === 0);
  return unit ? `${milliseconds / unit[1]} ${unit[0]}` : `${milliseconds} ms`;
}

export function functionLabel(name: string | null, at: Place): string {
  if (name !== null) return name;
  return at.line === 1 ? 'top level of the file' : 'function without a name';
}

export function jobNameLabel(name: Name | null): string {
  return name === null ? 'job' : name.isKnown ? name.text : `${name.text} (not known)`;
}

/** The jobs of a list with the same retries and schedule as one line each. */
export function jobLabels(
  jobs: readonly Job[],
): { names: string; policy: string; schedule: string | null }[] {
  const groups = new Map<string, { names: Set<string>; policy: string; schedule: string | null }>();
  for (const job of jobs) {
    const policy = retryLabel(job.retry);
    const schedule = job.schedule ? scheduleLabel(job.schedule) : null;
    const key = `${policy}\0${schedule ?? ''}`;
    const group = groups.get(key) ?? { names: new Set(), policy, schedule };
    group.names.add(jobNameLabel(job.name));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ names, ...rest }) => ({ names: [...names].join(', '), ...rest }));
}
