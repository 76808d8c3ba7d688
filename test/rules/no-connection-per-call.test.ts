import { testRule } from '../support/rule-cases.ts';

const BULLMQ = `import { FlowProducer, Queue, QueueEvents, Worker } from 'bullmq'; const connection = { host: 'redis' };`;
const EXPRESS = `import express from 'express'; const app = express();`;
const opened = (line: number, what?: string): { line: number; messageId: string; says?: string } => ({
  line,
  messageId: 'opened',
  ...(what ? { says: `Each ${what} makes` } : {}),
});

/** A handler, its body on line 3, and what stands before it on line 1. */
const handler = (body: string, declarations = ''): string =>
  `${BULLMQ} ${EXPRESS} ${declarations}\napp.post('/orders', async (req, res) => {\n${body}\nres.sendStatus(202);\n});`;

testRule('no-connection-per-call', {
  valid: [
    [
      'a queue of the module',
      handler(`await queue.add('a', {});`, `const queue = new Queue('a', { connection });`),
    ],
    [
      'a lazy singleton',
      handler(
        `await getQueue().add('a', {});`,
        `let queue; function getQueue() { if (!queue) queue = new Queue('a', { connection }); return queue; }`,
      ),
    ],
    [
      'a lazy singleton by ??=, in the handler itself',
      handler(`queue ??= new Queue('a', { connection }); await queue.add('a', {});`, `let queue;`),
    ],
    [
      'a lazy singleton that returns early',
      handler(
        `await getQueue().add('a', {});`,
        `let queue = null; const getQueue = () => { if (queue) return queue; queue = new Queue('a', { connection }); return queue; };`,
      ),
    ],
    [
      'a lazy singleton around a factory',
      handler(
        `await getQueue().add('a', {});`,
        `let queue; const make = (name) => new Queue(name, { connection }); function getQueue() { if (!queue) { queue = make('a'); } return queue; }`,
      ),
    ],
    [
      'a lazy singleton with a flag of its own',
      handler(
        `await start(); await queue.add('a', {});`,
        `let queue; let started = false; async function start() { if (started) return; started = true; queue = new Queue('a'); }`,
      ),
    ],
    [
      'a registry by name',
      handler(
        `await getQueue(req.params.name).add('a', {});`,
        `const queues = new Map(); function getQueue(name) { if (!queues.has(name)) { queues.set(name, new Queue(name, { connection })); } return queues.get(name); }`,
      ),
    ],
    [
      'a registry that is asked first',
      handler(
        `await getQueue(req.params.name).add('a', {});`,
        `const queues = {}; function getQueue(name) { const known = queues[name]; if (known) return known; const queue = new Queue(name, { connection }); queues[name] = queue; return queue; }`,
      ),
    ],
    [
      'a registry by ??',
      handler(
        `const queue = queues.get('a') ?? new Queue('a'); queues.set('a', queue); await queue.add('a', {});`,
        `const queues = new Map();`,
      ),
    ],
    [
      'a field of globalThis',
      handler(
        `await getQueue().add('a', {});`,
        `function getQueue() { if (!globalThis.queue) globalThis.queue = new Queue('a'); return globalThis.queue; }`,
      ),
    ],
    [
      'a memoized factory',
      handler(
        `await getQueue().add('a', {});`,
        `import { once } from 'lodash'; const getQueue = once(() => new Queue('a'));`,
      ),
    ],
    [
      'a memoizer of the project',
      handler(
        `await getQueue().add('a', {});`,
        `function lazily(make) { let value; return () => { if (!value) value = make(); return value; }; } const getQueue = lazily(() => new Queue('a'));`,
      ),
    ],
    [
      'a static instance',
      {
        'a.ts': `${BULLMQ} ${EXPRESS}
class Queues { private static instance?: Queues; readonly mails = new Queue('mails'); static get(): Queues { if (!Queues.instance) { Queues.instance = new Queues(); } return Queues.instance; } }
app.post('/', async (req, res) => { await Queues.get().mails.add('a', {}); });`,
      },
    ],
    [
      'a field of an injected service, made on first use',
      {
        'a.ts': `import { Controller, Post } from '@nestjs/common'; import { Queue } from 'bullmq';
export class Mails { private queue?: Queue; private get(): Queue { return (this.queue ??= new Queue('mails')); } async send() { await this.get().add('a', {}); } }
@Controller() export class MailController { constructor(private readonly mails: Mails) {} @Post() async send() { await this.mails.send(); } }`,
      },
    ],
    [
      'the constructor of a service',
      {
        'a.ts': `import { Controller, Post } from '@nestjs/common'; import { Queue } from 'bullmq';
export class Mails { private readonly queue: Queue; constructor() { this.queue = new Queue('mails'); } async send() { await this.queue.add('a', {}); } }
@Controller() export class MailController { constructor(private readonly mails: Mails) {} @Post() async send() { await this.mails.send(); } }`,
      },
    ],
    [
      'a factory that the module calls',
      {
        'a.js': `${BULLMQ} export function createQueue(name) { return new Queue(name, { connection }); }`,
        'queues.js': `import { createQueue } from './a.js'; export const mails = createQueue('mails'); export const orders = createQueue('orders');`,
        'app.js': `${EXPRESS} import { mails } from './queues.js'; app.post('/', async (req, res) => { await mails.add('a', {}); });`,
      },
    ],
    [
      'start-up',
      `${BULLMQ}\nexport function startWorkers() { return [new Worker('a', async () => {}), new Worker('b', async () => {})]; }\nexport async function registerSchedules(every) { const queue = new Queue('a'); await queue.upsertJobScheduler('a', { every }, { data: { every } }); await queue.close(); }`,
    ],
    [
      'a function that the module runs at once',
      `${BULLMQ}\nasync function seed(id) { const queue = new Queue('a'); await queue.add('a', { id }); await queue.close(); }\nasync function run() { await seed(1); }\nrun();`,
    ],
    [
      'a script',
      {
        'scripts/requeue.js': `${BULLMQ}\nexport async function requeue(ids) { for (const id of ids) { const queue = new Queue('a'); await queue.add('a', { id }); await queue.close(); } }`,
      },
    ],
    [
      'a command line tool',
      `${BULLMQ} import { program } from 'commander';\nprogram.command('send <id>').action(async (id) => { const queue = new Queue('a'); await queue.add('a', { id }); await queue.close(); });`,
    ],
    [
      'workers and queues that a loop makes and keeps',
      `${BULLMQ}\nconst queues = {};\nexport function open(names) { for (const name of names) { queues[name] = new Queue(name, { connection }); } names.forEach((name) => new Worker(name, async () => {})); return names.map((name) => new Queue(name)); }`,
    ],
    [
      'a board over the queues of the module',
      `${BULLMQ} import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';\nexport const adapters = ['a', 'b'].map((name) => new BullMQAdapter(new Queue(name, { connection })));`,
    ],
    [
      'an event that comes once',
      `${BULLMQ} import { server } from './server.js';\nserver.on('listening', () => { new Worker('a', async () => {}); }); server.once('request', () => { new Queue('a'); });`,
    ],
    [
      'a worker that is started on demand and held',
      handler(
        `workers.set(req.params.tenant, new Worker(req.params.tenant, async () => {}));`,
        `const workers = new Map();`,
      ),
    ],
    [
      'a queue that is not of a queue library',
      `import PQueue from 'p-queue'; import { Worker } from 'node:worker_threads'; ${EXPRESS} class Queue { add() {} }\napp.post('/', async (req, res) => { new Queue().add('a', {}); new PQueue().add(() => 1); new Worker('./a.js'); });`,
    ],
    ['a test', { 'a.test.js': handler(`const queue = new Queue('a'); await queue.add('a', {});`) }],
    [
      'a plugin that sets an application up',
      `${BULLMQ} import Fastify from 'fastify'; const app = Fastify();\napp.register(async (instance) => { const queue = new Queue('a'); instance.decorate('queue', queue); });`,
    ],
    [
      'odd calls',
      handler(
        `new (class {})(); new queues[0](); new (await import('bullmq'))[req.body](); (() => {})();`,
        'const queues = [];',
      ),
    ],
  ],
  invalid: [
    [
      'a handler',
      handler(`const queue = new Queue('a', { connection });\nawait queue.add('a', {});`),
      { ...opened(3, 'request'), says: '`Queue`' },
    ],
    [
      'closing it does not help',
      handler(
        `const queue = new Queue('a');\ntry { await queue.add('a', {}); } finally { await queue.close(); }`,
      ),
      opened(3, 'request'),
    ],
    [
      'each class',
      handler(
        `const events = new QueueEvents('a');\nconst flows = new FlowProducer();\nawait new Queue('a').add('a', {});\nnew Worker('a', async () => {});`,
      ),
      [opened(3), opened(4), opened(5), opened(6)],
    ],
    [
      'a processor',
      `${BULLMQ}\nnew Worker('a', async (job) => {\n  const next = new Queue('b', { connection });\n  await next.add('b', { id: job.data.id });\n});`,
      opened(3, 'job'),
    ],
    [
      'a listener of a worker',
      `${BULLMQ}\nconst events = new QueueEvents('a');\nevents.on('failed', async ({ jobId }) => {\n  const queue = new Queue('a');\n  await queue.getJob(jobId);\n});`,
      opened(4, 'event'),
    ],
    [
      'a listener of something else',
      `${BULLMQ} import { bus } from './bus.js';\nbus.on('order.created', async (order) => {\n  const queue = new Queue('a');\n  await queue.add('a', { id: order.id });\n});`,
      opened(3, 'run'),
    ],
    [
      'a schedule and a timer',
      `${BULLMQ} import cron from 'node-cron';\ncron.schedule('* * * * *', async () => {\n  await new Queue('a').add('a', {});\n});\nsetInterval(async () => {\n  const queue = new Queue('a'); await queue.close();\n}, 1000);`,
      [opened(3), opened(6)],
    ],
    [
      'a server action',
      {
        'a.ts': `'use server';\nimport { Queue } from 'bullmq';\nexport async function send(id: string) {\n  const queue = new Queue('mails');\n  await queue.add('send', { id });\n}`,
      },
      opened(4, 'request'),
    ],
    [
      'a route handler of Next.js',
      {
        'app/api/send/route.ts': `import { Queue } from 'bullmq';\nexport async function POST(request: Request) {\n  const queue = new Queue('mails');\n  await queue.add('send', {});\n  return Response.json({});\n}`,
      },
      { ...opened(3, 'request'), file: 'app/api/send/route.ts' },
    ],
    [
      'a Nest controller',
      {
        'a.ts': `import { Controller, Post } from '@nestjs/common';\nimport { Queue } from 'bullmq';\n@Controller('mails')\nexport class MailController {\n  @Post()\n  async send() {\n    const queue = new Queue('mails');\n    await queue.add('send', {});\n  }\n}`,
      },
      opened(7, 'request'),
    ],
    [
      'CommonJS, and Bull without new',
      `const Bull = require('bull'); const { Queue } = require('bullmq'); const app = require('express')();\napp.post('/', async (req, res) => {\n  const old = Bull('a');\n  const queue = new Queue('b');\n});`,
      [opened(3), opened(4)],
    ],
    [
      'a factory of the file',
      handler(
        `await makeQueue('a').add('a', {});`,
        `\nfunction makeQueue(name) {\n  return new Queue(name, { connection });\n}`,
      ),
      { ...opened(3, 'request'), says: 'makeQueue -> new Queue()' },
    ],
    [
      'a factory that looks memoized and never keeps what it makes',
      handler(
        `await getQueue('a').add('a', {});`,
        `\nconst queues = new Map();\nfunction getQueue(name) {\n  const known = queues.get(name);\n  if (known) return known;\n  return new Queue(name, { connection });\n}`,
      ),
      opened(6, 'request'),
    ],
    [
      'a factory that keeps what it makes and never asks for it',
      handler(
        `await getQueue('a').add('a', {});`,
        `\nconst queues = new Map();\nfunction getQueue(name) {\n  const queue = new Queue(name, { connection });\n  queues.set(name, queue);\n  return queue;\n}`,
      ),
      opened(4, 'request'),
    ],
    [
      'a factory of another file: there',
      {
        'a.js': `${BULLMQ}\nexport function getQueue(name) {\n  return new Queue(name, { connection });\n}`,
        'routes.js': `${EXPRESS} import { getQueue } from './a.js';\napp.post('/', async (req, res) => {\n  await getQueue('a').add('a', {});\n});`,
      },
      opened(3, 'call'),
    ],
    [
      'a service of another file: there',
      {
        'a.ts': `import { Queue } from 'bullmq';\nexport class Deliveries {\n  static async retry(id: string) {\n    const queue = new Queue('deliveries');\n    await queue.add('retry', {}, { delay: 1000 });\n    await queue.close();\n  }\n}`,
        'worker.ts': `import { Job, Worker } from 'bullmq'; import { Deliveries } from './a';\nasync function deliver(job: Job) {\n  await Deliveries.retry(job.data.id);\n}\nnew Worker('deliveries', deliver);`,
      },
      opened(4, 'call'),
    ],
    [
      'a handler that another file registers',
      {
        'a.js': `${BULLMQ}\nexport async function create(req, res) {\n  const queue = new Queue('a');\n  await queue.add('a', {});\n}`,
        'routes.js': `${EXPRESS} import { create } from './a.js'; app.post('/', create);`,
      },
      opened(3, 'request'),
    ],
    [
      'a factory behind a handler that another file registers: at the factory alone',
      {
        'a.js': `${BULLMQ}\nexport function getQueue(name) {\n  return new Queue(name, { connection });\n}`,
        'create.js': `import { getQueue } from './a.js';\nexport async function create(req, res) {\n  await getQueue('a').add('a', {});\n}`,
        'routes.js': `${EXPRESS} import { create } from './create.js'; app.post('/', create);`,
      },
      opened(3, 'call'),
    ],
    [
      'an object that is made for each request and makes a queue: where it is made',
      {
        'a.js': `${EXPRESS} import { Mailer } from './mailer.js';\napp.post('/', async (req, res) => {\n  const mailer = new Mailer();\n  await mailer.send(req.body.id);\n});`,
        'mailer.js': `import { Queue } from 'bullmq'; export class Mailer { constructor() { this.queue = new Queue('mails'); } send(id) { return this.queue.add('send', { id }); } }`,
      },
      opened(3, 'request'),
    ],
    [
      'a subclass, and a class with such a field',
      {
        'a.ts': `import express from 'express'; import { MailQueue, Mailer } from './mails'; const app = express();\napp.post('/', async (req, res) => {\n  await new MailQueue().add('send', {});\n  await new Mailer().send();\n});`,
        'mails.ts': `import { Queue } from 'bullmq'; export class MailQueue extends Queue { constructor() { super('mails', {}); } } export class Mailer { private readonly queue = new Queue('mails'); async send() { await this.queue.add('send', {}); } }`,
      },
      [opened(3), opened(4)],
    ],
    [
      'a function that opens a queue for the job it is given, whoever calls it',
      `${BULLMQ}\nexport async function enqueueMail(data) {\n  const queue = new Queue('mails', { connection });\n  await queue.add('send', data);\n}`,
      opened(3, 'call'),
    ],
    [
      'a method that does so',
      `${BULLMQ}\nexport class Base {\n  constructor(name) { this.name = name; }\n  async add(data) {\n    try {\n      const queue = new Queue(this.name, { connection });\n      await queue.add('run', data, { attempts: 3 });\n    } catch (error) { log(error); }\n  }\n}`,
      opened(6, 'call'),
    ],
    [
      'a loop',
      `${BULLMQ}\nexport async function notify(tenants) {\n  for (const tenant of tenants) {\n    const queue = new Queue(tenant.queue);\n    await queue.add('a', {});\n    await queue.close();\n  }\n}`,
      opened(4, 'round of the loop'),
    ],
    [
      'an iteration',
      `${BULLMQ}\nexport const notify = (tenants) => Promise.all(tenants.map(async (tenant) => {\n  const queue = new Queue(tenant.queue);\n  await queue.add('a', {});\n}));`,
      opened(3, 'round of the loop'),
    ],
  ],
});
