import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue, QueueEvents } from 'bullmq'; export const queue = new Queue('reports'); export const events = new QueueEvents('reports');`;
const EXPRESS = `import express from 'express'; const app = express();`;

/** A service in its own file that waits, on its line 3. */
const service = `${QUEUE}
export async function render(id) {
  const job = await queue.add('render', { id }, { attempts: 1 });
  return job.waitUntilFinished(events);
}`;

testRule('no-await-job-result', {
  valid: [
    [
      'an answer with the id',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => { const job = await queue.add('r', {}); res.status(202).json({ id: job.id }); });`,
    ],
    [
      'a status endpoint that reads the state once',
      `${QUEUE} ${EXPRESS}\napp.get('/r/:id', async (req, res) => { const job = await queue.getJob(req.params.id); res.json({ state: await job.getState() }); });`,
    ],
    ['a script', `${QUEUE}\nconst job = await queue.add('r', {});\nawait job.waitUntilFinished(events);`],
    ['a function that no handler calls', service],
    [
      'a wait that is not awaited by the handler',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => { const job = await queue.add('r', {}); void job.waitUntilFinished(events); job.waitUntilFinished(events).catch(log); res.sendStatus(202); });`,
    ],
    [
      'a call whose promise the handler drops',
      {
        'a.js': `${EXPRESS} import { render } from './render.js';\napp.post('/r', (req, res) => { void render(1); res.sendStatus(202); });`,
        'render.js': service,
      },
    ],
    [
      'a listener that is only registered',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => { events.on('completed', () => log()); res.sendStatus(202); });`,
    ],
    [
      'a worker that reacts to an event',
      `${QUEUE} import { Worker } from 'bullmq';\nnew Worker('r', async (job) => work(job)).on('completed', (job) => log(job));`,
    ],
    [
      'a flow',
      `import { FlowProducer, Worker } from 'bullmq';\nnew Worker('r', async (job) => { const values = await job.getChildrenValues(); return values; });`,
    ],
    [
      'a method of the project with that name',
      `import 'bullmq'; ${EXPRESS} class Task { async waitUntilFinished() { return 1; } }\napp.get('/', async (req, res) => { const task = new Task(); res.json(await task.waitUntilFinished()); });`,
    ],
    [
      'finished of a stream',
      `import 'bull'; ${EXPRESS} import { finished } from 'node:stream/promises';\napp.get('/', async (req, res) => { await finished(res); await res.finished(); });`,
    ],
    [
      'a loop over many jobs',
      `${QUEUE} ${EXPRESS}\napp.get('/', async (req, res) => { const states = []; for (const job of await queue.getJobs()) states.push(await job.getState()); res.json(states); });`,
    ],
    [
      'a function that the handler hands out but does not call',
      {
        'a.js': `${EXPRESS} import { render } from './render.js';\napp.locals.render = render;\napp.get('/', (req, res) => res.json(1));`,
        'render.js': service,
      },
    ],
    [
      'a helper on the other side of a barrel that waits, when another is called',
      {
        'a.js': `${EXPRESS} import { start } from './index.js';\napp.get('/', async (req, res) => { await start(1); res.json(1); });`,
        'index.js': `export * from './render.js'; export const start = async (id) => queue.add('r', { id }); import { queue } from './render.js';`,
        'render.js': service,
      },
    ],
    [
      'a test',
      {
        'a.test.js': `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => { const job = await queue.add('r', {}); res.json(await job.waitUntilFinished(events)); });`,
      },
    ],
    [
      'a file with broken syntax between',
      {
        'a.js': `${EXPRESS} import 'bullmq'; import { render } from './render.js';\napp.get('/', async (req, res) => { await render(1); });`,
        'render.js': 'export function render( {',
      },
      { only: ['a.js'] },
    ],
  ],
  invalid: [
    [
      'a wait in the handler',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => {\n  const job = await queue.add('r', {});\n  res.json(await job.waitUntilFinished(events));\n});`,
      { line: 4, messageId: 'inHandler', says: 'job.waitUntilFinished()' },
    ],
    [
      'a wait with a timeout',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => {\n  const job = await queue.add('r', {});\n  res.json(await job.waitUntilFinished(events, 5000));\n});`,
      { line: 4, messageId: 'inHandler' },
    ],
    [
      'a wait in a race',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => {\n  const job = await queue.add('r', {});\n  res.json(await Promise.race([job.waitUntilFinished(events), sleep(5)]));\n});`,
      { line: 4, messageId: 'inHandler' },
    ],
    [
      'a named handler',
      `${QUEUE} ${EXPRESS}\nasync function createReport(req, res) {\n  const job = await queue.add('r', {});\n  res.json(await job.waitUntilFinished(events));\n}\napp.post('/r', createReport);`,
      { line: 4, messageId: 'inHandler', says: 'createReport -> job.waitUntilFinished()' },
    ],
    [
      'a wait in a function of the file',
      `${QUEUE} ${EXPRESS}\nasync function render() {\n  const job = await queue.add('r', {});\n  return job.waitUntilFinished(events);\n}\nasync function createReport(req, res) { res.json(await render()); }\napp.post('/r', createReport);`,
      { line: 4, messageId: 'inHandler', says: 'createReport -> render -> job.waitUntilFinished()' },
    ],
    [
      'a wait in another file, at the call that leads there',
      {
        'a.js': `${EXPRESS} import { render } from './services/render.js';\nasync function createReport(req, res) {\n  res.json(await render(req.params.id));\n}\napp.post('/r', createReport);`,
        'services/render.js': service,
      },
      {
        line: 3,
        messageId: 'inHandler',
        says: '(createReport -> render (services/render.js:4) -> job.waitUntilFinished())',
      },
    ],
    [
      'a wait two files away',
      {
        'a.js': `${EXPRESS} import { report } from './report.js';\napp.post('/r', async (req, res) => {\n  res.json(await report(1));\n});`,
        'report.js': `import { render } from './render.js';\nexport const report = (id) => render(id);`,
        'render.js': service,
      },
      {
        line: 3,
        messageId: 'inHandler',
        says: 'report (report.js:2) -> render (render.js:4) -> job.waitUntilFinished()',
      },
    ],
    [
      'a handler that another file registers',
      {
        'a.js': `import { render } from './render.js';\nexport async function createReport(req, res) {\n  res.json(await render(1));\n}`,
        'routes.js': `${EXPRESS} import { createReport } from './a.js'; app.post('/r', createReport);`,
        'render.js': service,
      },
      { line: 3, messageId: 'inHandler' },
    ],
    [
      'a handler in a wrapper',
      `${QUEUE} ${EXPRESS} import asyncHandler from 'express-async-handler';\napp.post('/r', asyncHandler(async (req, res) => {\n  const job = await queue.add('r', {});\n  res.json(await job.waitUntilFinished(events));\n}));`,
      { line: 4, messageId: 'inHandler' },
    ],
    [
      'a loop around the state',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => {\n  const job = await queue.add('r', {});\n  while ((await job.getState()) !== 'completed') await sleep(100);\n  res.json(1);\n});`,
      { line: 4, messageId: 'inHandler', says: 'a loop around getState()' },
    ],
    [
      'a promise that an event resolves',
      `${QUEUE} ${EXPRESS}\napp.post('/r', async (req, res) => {\n  await queue.add('r', {});\n  await new Promise((resolve) => events.once('completed', resolve));\n  res.json(1);\n});`,
      { line: 4, messageId: 'inHandler', says: `'completed' event` },
    ],
    [
      'a processor that waits for another job',
      `${QUEUE} import { Worker } from 'bullmq';\nnew Worker('outer', async () => {\n  const job = await queue.add('r', {});\n  return job.waitUntilFinished(events);\n});`,
      { line: 4, messageId: 'inProcessor', says: 'job.waitUntilFinished()' },
    ],
    [
      'a processor in another file than its worker',
      {
        'a.js': `import { render } from './render.js';\nexport async function outer(job) {\n  return render(job.data.id);\n}`,
        'worker.js': `import { Worker } from 'bullmq'; import { outer } from './a.js'; new Worker('outer', outer);`,
        'render.js': service,
      },
      { line: 3, messageId: 'inProcessor', says: 'outer -> render (render.js:4)' },
    ],
    [
      'finished of Bull',
      `const Queue = require('bull'); const queue = new Queue('r'); const app = require('express')();\napp.post('/r', async (req, res) => {\n  const job = await queue.add({});\n  res.json(await job.finished());\n});`,
      { line: 4, messageId: 'inHandler', says: 'job.finished()' },
    ],
    [
      'a Nest controller through its service',
      {
        'a.ts': `import { Controller, Post } from '@nestjs/common';\nimport { Reports } from './reports.service';\n@Controller('r')\nexport class ReportController {\n  constructor(private readonly reports: Reports) {}\n  @Post()\n  async create() {\n    return this.reports.render(1);\n  }\n}`,
        'reports.service.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue, QueueEvents } from 'bullmq';\nexport class Reports {\n  events = new QueueEvents('r');\n  constructor(@InjectQueue('r') private readonly queue: Queue) {}\n  async render(id: number) {\n    const job = await this.queue.add('r', { id });\n    return job.waitUntilFinished(this.events);\n  }\n}`,
      },
      {
        line: 8,
        messageId: 'inHandler',
        says: 'ReportController.create -> Reports.render (reports.service.ts:8) -> job.waitUntilFinished()',
      },
    ],
    [
      'a Nest processor',
      {
        'a.ts': `import { Processor, WorkerHost, InjectQueue } from '@nestjs/bullmq';\nimport { Queue, QueueEvents } from 'bullmq';\n@Processor('outer')\nexport class Outer extends WorkerHost {\n  constructor(@InjectQueue('r') private readonly queue: Queue) { super(); }\n  async process() {\n    const job = await this.queue.add('r', {});\n    return job.waitUntilFinished(new QueueEvents('r'));\n  }\n}`,
      },
      { line: 8, messageId: 'inProcessor' },
    ],
  ],
});
