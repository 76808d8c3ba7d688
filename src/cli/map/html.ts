/**
 * The map as one page that needs nothing else: the drawing, a list of the queues, search, and the details of each.
 */
import { readFileSync } from 'node:fs';
import { lanesOf } from './lanes.ts';
import type { JobMap } from './model.ts';
import { STYLE } from './style.ts';
import { drawing, escapeXml, summaryOf } from './svg.ts';
import { concurrencyLabel, functionLabel, jobNameLabel, retryLabel, scheduleLabel } from './labels.ts';
import type { Job } from './model.ts';

/** Parts of the page that are files of their own, beside this one. */
function asset(name: string): string {
  return readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');
}

export function htmlOf(map: JobMap): string {
  const lanes = lanesOf(map);
  const summary = summaryOf(map, lanes).map(
    ({ text, isWarning }) => `<li${isWarning ? ' class="warn"' : ''}>${escapeXml(text)}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(map.project)} · jobs</title>
<style>${STYLE}${asset('page.css')}</style>
</head>
<body>
<a class="skip" href="#picture">Skip to the picture</a>
<header>
<h1>${escapeXml(map.project)}</h1>
<ul class="summary">${summary.join('')}</ul>
</header>
<nav aria-label="Queues">
<div class="search"><input id="search" type="search" placeholder="Search anything ( / )" aria-label="Search queues, jobs, functions, files and rules" autocomplete="off" spellcheck="false"></div>
<div class="filters" role="group" aria-label="Show only queues"></div>
<p class="count" role="status"></p>
<ol class="queues"></ol>
</nav>
<main id="picture" tabindex="-1">
${drawing(map, { isAlone: false })}
<p class="nothing" hidden>No queue matches. <button type="button" class="clear">Show all</button></p>
<section class="elsewhere" hidden><h2>Findings in other code</h2><ul class="findings"></ul></section>
</main>
<aside id="details" aria-label="Details" hidden></aside>
<script type="application/json" id="data">${scriptJson({ map, lanes: lanes.map(forPage), texts: textsFor(map) })}</script>
<script>${asset('page.js')}</script>
</body>
</html>
`;
}

/** JSON that cannot end the element it stands in. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/</g, '\\u003c');
}

function forPage({ queue, findings, hasFlow, hasSchedule }: ReturnType<typeof lanesOf>[number]) {
  return { id: queue.id, findings, hasFlow, hasSchedule };
}

/** What the page says in words, so that it does not need to know how. */
function textsFor(map: JobMap) {
  const job = (given: Job) => ({
    name: jobNameLabel(given.name),
    retry: retryLabel(given.retry),
    schedule: given.schedule ? scheduleLabel(given.schedule) : null,
  });
  return {
    queues: map.queues.map((queue) => ({ retry: retryLabel(queue.retry) })),
    workers: map.workers.map((worker) => ({ concurrency: concurrencyLabel(worker.concurrency) })),
    producers: map.producers.map((producer) => ({
      name: functionLabel(producer.function, producer.at),
      enqueues: producer.enqueues.map((enqueue) => ({
        jobs: enqueue.jobs.map(job),
        callers: enqueue.callers.map((caller) => caller.jobs.map(job)),
      })),
    })),
  };
}
