/**
 * The map as a Mermaid flowchart, which GitHub and GitLab draw in Markdown.
 */
import { concurrencyLabel, functionLabel, jobLabels, placeLabel, retryLabel } from './labels.ts';
import { jobsFor } from './lanes.ts';
import type { JobMap, Queue } from './model.ts';

export function mermaidOf(map: JobMap): string {
  const ids = new Map<string, string>();
  const idOf = (kind: string, id: string): string => {
    const known = ids.get(id) ?? `${kind}${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  const lines = ['flowchart LR'];
  const marked = { orphan: [] as string[], unknown: [] as string[], finding: [] as string[] };
  const mark = (id: string, findings: readonly number[]): void => {
    if (findings.length > 0) marked.finding.push(id);
  };

  for (const queue of map.queues) {
    const id = idOf('q', queue.id);
    lines.push(`  ${id}(["${labelOf(queueLines(queue))}"])`);
    if (queue.hasWorker === 'no' || queue.isFed === 'no') marked.orphan.push(id);
    else if (!queue.name.isKnown) marked.unknown.push(id);
    mark(id, queue.findings);
  }
  for (const producer of map.producers) {
    const id = idOf('p', producer.id);
    const findings = [
      ...producer.findings,
      ...producer.enqueues.flatMap((enqueue) => [
        ...enqueue.findings,
        ...enqueue.callers.flatMap((caller) => caller.findings),
      ]),
    ];
    const place = producer.enqueues[0]?.at ?? producer.at;
    lines.push(
      `  ${id}["${labelOf([functionLabel(producer.function, producer.at), placeLabel(place), marks(findings)])}"]`,
    );
    mark(id, findings);
    for (const queue of map.queues) {
      const jobs = jobsFor(producer, queue.id);
      if (jobs.length === 0) continue;
      const label = jobLabels(jobs)
        .slice(0, 3)
        .map(({ names, policy, schedule }) => [names, schedule ?? '', policy].filter(Boolean).join(' · '));
      const arrow = jobs.every((job) => job.queues.length > 1) ? '-.->' : '-->';
      lines.push(`  ${id} ${arrow}|"${labelOf(label)}"| ${idOf('q', queue.id)}`);
    }
  }
  for (const worker of map.workers) {
    const id = idOf('w', worker.id);
    const functions = worker.processors.map(
      ({ function: name, at }) => `${name ?? 'processor'} ${placeLabel(at)}`,
    );
    const shown =
      functions.length > 0 ? functions.slice(0, 3) : [`processor not visible ${placeLabel(worker.at)}`];
    lines.push(
      `  ${id}[/"${labelOf([...shown, concurrencyLabel(worker.concurrency), marks(worker.findings)])}"/]`,
    );
    for (const queue of worker.queues)
      lines.push(`  ${idOf('q', queue)} ${worker.queues.length > 1 ? '-.->' : '-->'} ${id}`);
    mark(id, worker.findings);
  }
  for (const { parent, child } of map.flows)
    lines.push(`  ${idOf('q', parent)} ==>|"waits for"| ${idOf('q', child)}`);
  if (map.queues.length === 0) lines.push('  none["No queue, job or worker was found."]');
  for (const [name, style] of Object.entries(CLASSES)) {
    const nodes = marked[name as keyof typeof marked];
    if (nodes.length > 0) lines.push(`  classDef ${name} ${style}`, `  class ${nodes.join(',')} ${name}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Strokes alone, so that both of GitHub's themes keep their own grounds and text. */
const CLASSES = {
  unknown: 'stroke-dasharray:3 4',
  orphan: 'stroke:#d97706,stroke-width:3px,stroke-dasharray:6 4',
  finding: 'stroke:#dc2626,stroke-width:3px',
} as const;

function queueLines({ name, retry, hasWorker, isFed, places, findings }: Queue): string[] {
  return [
    name.text,
    name.isKnown ? '' : 'name known at run time only',
    places.length > 0 && retry.attempts.state !== 'absent' ? `defaults: ${retryLabel(retry)}` : '',
    hasWorker === 'no' ? 'NO WORKER' : '',
    isFed === 'no' ? 'NOT FED' : '',
    marks(findings),
  ];
}

function marks({ length }: readonly number[]): string {
  return length === 0 ? '' : `${length} finding${length === 1 ? '' : 's'}`;
}

/** Lines of text as a quoted label: entity codes for all that Mermaid, its Markdown or HTML could read as its own. */
function labelOf(lines: readonly string[]): string {
  return lines.filter(Boolean).map(escapeLabel).join('<br/>');
}

function escapeLabel(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[#&<>"'`\\*_~{}[\]()|;%$^]/g, (character) => `#${character.charCodeAt(0)};`)
    .replace(/\p{Cc}/gu, '');
}
