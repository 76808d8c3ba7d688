import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue } from 'bullmq'; const queue = new Queue('mail');`;
const inside = (body: string, head = 'async function send(ids, id)'): string =>
  `${QUEUE}\n${head} {\n${body}\n}\nexport { send };`;
const QUEUES = `import { Queue } from 'bullmq'; export const mails = new Queue('mail');`;

testRule('no-floating-enqueue', {
  valid: [
    ['awaited', inside(`await queue.add('a', { id });`)],
    ['returned', inside(`return queue.add('a', { id });`, 'function send(ids, id)')],
    ['the expression of an arrow', `${QUEUE} export const send = (id) => queue.add('a', { id });`],
    ['a rejection handler', inside(`queue.add('a', { id }).catch(console.error);`)],
    ['a second argument of then', inside(`queue.add('a', { id }).then(done, console.error);`)],
    ['a handler after then', inside(`queue.add('a', { id }).then(done).catch(console.error);`)],
    ['explicit void', inside(`void queue.add('a', { id });`)],
    ['collected for Promise.all', inside(`await Promise.all(ids.map((id) => queue.add('a', { id })));`)],
    [
      'elements of Promise.allSettled',
      inside(`return Promise.allSettled([queue.add('a', { id }), queue.add('b', { id })]);`),
    ],
    [
      'collected by an async callback of map',
      inside(
        `const jobs = ids.map(async (id) => { await queue.add('a', { id }); });\nawait Promise.all(jobs);`,
      ),
    ],
    [
      'pushed to a list that is awaited later',
      inside(
        `const jobs = [];\nfor (const id of ids) jobs.push(queue.add('a', { id }));\nawait Promise.all(jobs);`,
      ),
    ],
    [
      'a variable that is awaited later',
      inside(`const job = queue.add('a', { id });\nawait prepare();\nawait job;`),
    ],
    ['a promise that is handed on', inside(`context.waitUntil(queue.add('a', { id }));`)],
    ['a promise in a field', `${QUEUE} class A { run() { this.job = queue.add('a'); } }`],
    [
      'awaited in a listener, which nobody can wait for',
      `${QUEUE} process.on('x', async () => { await queue.add('a'); });`,
    ],
    ['awaited in a timer', inside(`setTimeout(async () => { await queue.add('a', { id }); }, 9);`)],
    [
      'given back to code that cannot be seen',
      `${QUEUE} limit(() => queue.add('a')); bot.on('x', () => queue.add('a'));`,
    ],
    [
      'caught in the callback of forEach',
      inside(`ids.forEach(async (id) => { try { await queue.add('a', { id }); } catch (e) { log(e); } });`),
    ],
    ['a Set', `const queue = new Set(); queue.add('a');`],
    ['a look-alike', `import PQueue from 'p-queue'; const queue = new PQueue(); queue.add(() => 1);`],
    ['a scheduler at the top level', `${QUEUE} queue.upsertJobScheduler('a', { every: 1000 });`],
    ['a repeated job at the top level', `${QUEUE} queue.add('a', {}, { repeat: { every: 1000 } });`],
    [
      'a scheduler in a constructor or a hook of Nest',
      `${QUEUE} class A { constructor() { queue.upsertJobScheduler('a', { every: 1 }); } onModuleInit() { queue.upsertJobScheduler('b', { every: 1 }); } }`,
    ],
    [
      'a scheduler in a function that the start of another file calls',
      {
        'a.js': `${QUEUE} export function startWorker() { queue.add('a', {}, { repeat: { every: 1000 } }); }`,
        'main.js': `import { startWorker } from './a.js'; const start = async () => { await connect(); startWorker(); }; start();`,
      },
    ],
    [
      'the main function of a script',
      `${QUEUE} async function main() { await queue.add('a'); } main();\n(async () => { await queue.add('b'); })();`,
    ],
    [
      'a wrapper that handles its rejection',
      `${QUEUE} async function addJob(id) { try { await queue.add('a', { id }); } catch (e) { log(e); } }\nexport function run(id) { addJob(id); }`,
    ],
    [
      'a wrapper that is awaited, returned or caught',
      {
        'a.ts': `import { addJob } from './jobs';\nexport async function a(id: string) { await addJob(id); addJob(id).catch(console.error); void addJob(id); return addJob(id); }`,
        'jobs.ts': `${QUEUES} export const addJob = (id: string) => mails.add('a', { id });`,
      },
    ],
    [
      'a wrapper whose own drop is reported in it',
      {
        'a.ts': `import { addJob } from './jobs';\nexport async function a(id: string) { addJob(id); }`,
        'jobs.ts': `${QUEUES} export async function addJob(id: string) { mails.add('a', { id }).catch(() => {}); }`,
      },
    ],
    [
      'a loop without end that somebody starts',
      `${QUEUE} async function poll() { while (true) { await queue.add('a'); await sleep(1000); } }\nexport function run() { poll(); }`,
    ],
    [
      'a function that also enqueues, but does not wait for it',
      `${QUEUE} function log(id) { queue.add('a', { id }).catch(() => {}); }\nexport function run(id) { log(id); }`,
    ],
    ['the handler of a framework that may wait', `${QUEUE} app.get('/', () => queue.add('a'));`],
    [
      'the processor of a worker',
      `${QUEUE} import { Worker } from 'bullmq'; new Worker('x', () => queue.add('a'));`,
    ],
    [
      'a list whose forEach another package waits for',
      `${QUEUE} import async from 'async'; async.forEach(ids, (id) => queue.add('a'));`,
    ],
    ['tests', { 'a.test.js': `${QUEUE} function f() { queue.add('a'); }` }],
    [
      'broken code',
      `${QUEUE} function f() { queue.add(...x); queue[add](); queue.add }`.replace('queue.add(...x);', ''),
    ],
  ],
  invalid: [
    [
      'a statement',
      inside(`queue.add('a', { id });`),
      { line: 3, messageId: 'floating', suggest: `await queue.add('a', { id });` },
    ],
    [
      'a statement in a function that cannot await',
      inside(`queue.add('a', { id });`, 'function send(ids, id)'),
      { line: 3, messageId: 'floating', suggest: false },
    ],
    [
      'inside of try',
      inside(`try { queue.add('a', { id }); } catch (e) { log(e); }`),
      { line: 3, messageId: 'floating' },
    ],
    [
      'then without a handler',
      inside(`queue.add('a', { id }).then(done);`),
      { line: 3, messageId: 'floating', suggest: `await queue.add('a', { id }).then(done);` },
    ],
    ['finally alone', inside(`queue.add('a', { id }).finally(done);`), { line: 3, messageId: 'floating' }],
    [
      'on a condition',
      inside(`id && queue.add('a', { id });`),
      { line: 3, messageId: 'floating', suggest: `id && await queue.add('a', { id });` },
    ],
    ['optional chaining', inside(`queue?.add('a', { id });`), { line: 3, messageId: 'floating' }],
    ['a loop', inside(`for (const id of ids) queue.add('a', { id });`), { line: 3, messageId: 'floating' }],
    [
      'addBulk and a scheduler',
      inside(
        `queue.addBulk(ids.map((id) => ({ name: 'a', data: { id } })));\nqueue.upsertJobScheduler('a', { every: 1000 });`,
      ),
      [
        { line: 3, messageId: 'floating' },
        { line: 4, messageId: 'floating' },
      ],
    ],
    [
      'a flow',
      `import { FlowProducer } from 'bullmq'; const flows = new FlowProducer();\nexport function f() { flows.add({ name: 'a', queueName: 'q' }); }`,
      { line: 2, messageId: 'floating' },
    ],
    [
      'forEach with an async callback',
      inside(`ids.forEach(async (id) => {\nawait queue.add('a', { id });\n});`),
      { line: 4, messageId: 'floating', suggest: false },
    ],
    [
      'forEach with an arrow',
      inside(`ids.forEach((id) => queue.add('a', { id }));`),
      { line: 3, messageId: 'floating' },
    ],
    [
      'forEach with a named function',
      `${QUEUE} async function one(id) { await queue.add('a', { id }); }\nexport function all(ids) { ids.forEach(one); }`,
      { line: 2, messageId: 'floatingCall' },
    ],
    [
      'map whose list is not used',
      inside(`ids.map((id) => queue.add('a', { id }));`),
      { line: 3, messageId: 'floating' },
    ],
    [
      'await of a list',
      inside(`await ids.map((id) => queue.add('a', { id }));`),
      { line: 3, messageId: 'floating' },
    ],
    [
      'Promise.all that is dropped, once',
      inside(`Promise.all([queue.add('a', { id }), queue.add('b', { id })]);`),
      {
        line: 3,
        messageId: 'floating',
        suggest: `await Promise.all([queue.add('a', { id }), queue.add('b', { id })]);`,
      },
    ],
    [
      'a timer',
      inside(`setTimeout(() => queue.add('a', { id }), 1000);`),
      { line: 3, messageId: 'floating', suggest: false },
    ],
    [
      'a listener',
      `import { EventEmitter } from 'node:events'; ${QUEUE} const bus = new EventEmitter();\nbus.on('paid', (id) => queue.add('a', { id }));`,
      { line: 2, messageId: 'floating' },
    ],
    [
      'a variable that nobody reads',
      inside(`const job = queue.add('a', { id });`),
      { line: 3, messageId: 'floating', suggest: `const job = await queue.add('a', { id });` },
    ],
    [
      'a property of the promise',
      inside(`const { id: jobId } = queue.add('a', { id });\nreturn jobId;`),
      { line: 3, messageId: 'floating', suggest: `const { id: jobId } = await queue.add('a', { id });` },
    ],
    [
      'a list that nobody reads',
      inside(`const jobs = [];\nfor (const id of ids) jobs.push(queue.add('a', { id }));`),
      { line: 4, messageId: 'floating' },
    ],
    [
      'a callback that a function of the project drops',
      `${QUEUE} function each(ids, fn) { for (const id of ids) fn(id); }\nexport function f(ids) { each(ids, (id) => queue.add('a', { id })); }`,
      { line: 2, messageId: 'floating' },
    ],
    [
      'an immediately called function inside of another',
      inside(`(async () => { await queue.add('a', { id }); })();`),
      { line: 3, messageId: 'floating' },
    ],
    [
      'a queue from another file, in CommonJS',
      {
        'a.js': `const { queues } = require('./queues');\nmodule.exports.f = async (req, res) => {\n  queues.mail.add('a', {});\n  res.send('ok');\n};`,
        'queues.js': `const { Queue } = require('bullmq'); module.exports.queues = { mail: new Queue('mail') };`,
      },
      { line: 3, messageId: 'floating' },
    ],
    [
      'an accessor that is awaited, unlike its enqueue',
      inside(`(await getQueue()).add('a', { id });`) + `\nasync function getQueue() { return queue; }`,
      { line: 3, messageId: 'floating' },
    ],
    [
      'a job at the top level that is no registration',
      `${QUEUE}\nqueue.add('a', {});`,
      { line: 2, messageId: 'floating' },
    ],
    [
      'a scheduler that a handler registers',
      `${QUEUE} import express from 'express'; const app = express();\napp.post('/', (req, res) => {\nqueue.upsertJobScheduler('a', { every: 1000 });\nres.send();\n});`,
      { line: 3, messageId: 'floating' },
    ],
    [
      'a scheduler at the top level, where that is not allowed',
      `${QUEUE}\nqueue.upsertJobScheduler('a', { every: 1000 });`,
      { line: 2, messageId: 'floating' },
      { options: { allowStartUp: false } },
    ],
    [
      'a wrapper that returns the promise: where it is dropped',
      {
        'a.ts': `import { addJob } from './jobs';\nexport async function a(id: string) {\n  addJob(id);\n}`,
        'jobs.ts': `${QUEUES} export const addJob = (id: string) => mails.add('a', { id });`,
      },
      { line: 3, messageId: 'floatingCall', says: 'addJob -> add()', suggest: 'await addJob(id);' },
    ],
    [
      'an async wrapper that awaits, two files away',
      {
        'a.ts': `import { notify } from './notify';\nexport function a(id: string) {\n  notify(id);\n}`,
        'notify.ts': `import { addJob } from './jobs'; export async function notify(id: string) { if (id) { await addJob(id); } }`,
        'jobs.ts': `${QUEUES} export async function addJob(id: string) { await mails.add('a', { id }); }`,
      },
      { line: 3, messageId: 'floatingCall', says: 'notify -> addJob -> add()' },
    ],
    [
      'a wrapper that drops the promise: in the wrapper, and not where it is called',
      {
        'a.ts': `import { addJob } from './jobs';\nexport async function a(id: string) {\n  await addJob(id);\n}`,
        'jobs.ts': `${QUEUES} export async function addJob(id: string) {\n  mails.add('a', { id });\n}`,
      },
      { file: 'jobs.ts', line: 2, messageId: 'floating' },
    ],
    [
      'a wrapper that rethrows',
      `${QUEUE} async function addJob(id) { try { await queue.add('a', { id }); } catch (e) { log(e); throw e; } }\nexport function run(id) { addJob(id); }`,
      { line: 2, messageId: 'floatingCall' },
    ],
    [
      'a service of Nest whose method is called by a controller',
      {
        'a.ts': `import { Controller, Post } from '@nestjs/common'; import { MailService } from './mail.service';\n@Controller()\nexport class Orders {\n  constructor(private readonly mails: MailService) {}\n  @Post()\n  create() {\n    this.mails.send('1');\n    return { ok: true };\n  }\n}`,
        'mail.service.ts': `import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq';\nexport class MailService { constructor(@InjectQueue('mail') private readonly queue: Queue) {} async send(id: string) { await this.queue.add('a', { id }); } }`,
      },
      { line: 7, messageId: 'floatingCall', suggest: false },
    ],
    [
      'in a processor',
      `${QUEUE} import { Worker } from 'bullmq';\nnew Worker('x', async (job) => {\n  queue.add('next', { id: job.data.id });\n});`,
      { line: 3, messageId: 'floating' },
    ],
  ],
});
