import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Worker, Queue } from 'bullmq'; import { run } from './run.js'; const connection = {};`;
const WORKER = `${IMPORT} const worker = new Worker('mail', run, { connection });`;
const EXPORTED = `${IMPORT} export const worker = new Worker('mail', run, { connection });`;
const PROCESSOR = `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail') export class Mail extends WorkerHost { async process() {} }`;
const MODULE = `import { Module } from '@nestjs/common'; import { Mail } from './mail'; @Module({ providers: [Mail] }) export class AppModule {}`;
const MAIN = `import { NestFactory } from '@nestjs/core'; import { AppModule } from './app.module';`;

testRule('require-graceful-shutdown', {
  valid: [
    [
      'a worker that is closed on a signal',
      `${WORKER} process.once('SIGTERM', async () => { await worker.close(); process.exit(0); });`,
    ],
    [
      'a helper that closes',
      `${WORKER} process.on('SIGTERM', stop); async function stop() { await worker.close(); }`,
    ],
    ['a method that is handed over', `${WORKER} process.on('SIGTERM', worker.close.bind(worker));`],
    [
      'an array of workers',
      `${IMPORT} const workers = [new Worker('a', run), new Worker('b', run)]; process.on('SIGTERM', () => Promise.all(workers.map((w) => w.close())));`,
    ],
    [
      'workers that are pushed',
      `${IMPORT} const all = []; for (const name of names) all.push(new Worker(name, run)); process.on('SIGINT', async () => { for (const one of all) await one.close(); });`,
    ],
    [
      'a map of workers',
      `${IMPORT} const all = new Map(); all.set('a', new Worker('a', run)); process.on('SIGINT', async () => { for (const one of all.values()) await one.close(); });`,
    ],
    [
      'an exported worker that another file closes',
      {
        'a.js': EXPORTED,
        'main.js': `import { worker } from './a.js'; process.on('SIGTERM', () => worker.close());`,
      },
    ],
    [
      'a registry, closed two files away',
      {
        'a.js': EXPORTED,
        'registry.js': `import { worker } from './a.js'; export const workers = { worker };`,
        'main.js': `import { workers } from './registry.js'; process.on('SIGTERM', () => Promise.all(Object.values(workers).map((w) => w.close())));`,
      },
    ],
    [
      'a factory whose caller closes',
      {
        'a.js': `${IMPORT} export const make = () => new Worker('mail', run);`,
        'main.js': `import { make } from './a.js'; const w = make(); process.on('SIGTERM', () => w.close());`,
      },
    ],
    [
      'a function that closes and is called elsewhere',
      {
        'a.js': `${WORKER} export async function closeWorkers() { await worker.close(); }`,
        'main.js': `import { closeWorkers } from './a.js'; process.on('SIGTERM', closeWorkers);`,
      },
    ],
    [
      'a function that nobody calls, and so starts no worker',
      `${IMPORT} export function start() { return new Worker('mail', run); }`,
    ],
    [
      'a class that closes what it keeps',
      `${IMPORT} export class Mail { start() { this.worker = new Worker('mail', run); } async stop() { await this.worker?.close(); } }`,
    ],
    [
      'a hook of Fastify',
      `${WORKER} import fastify from 'fastify'; const app = fastify(); app.addHook('onClose', async () => { await worker.close(); });`,
    ],
    [
      'a package that closes gracefully',
      `${WORKER} import closeWithGrace from 'close-with-grace'; closeWithGrace(async () => { await worker.close(); });`,
    ],
    [
      'a package that is given the worker',
      `${WORKER} import { manage } from '@acme/shutdown'; manage(worker);`,
    ],
    [
      'a disposable',
      { 'a.ts': `${IMPORT} await using worker = new Worker('mail', run); await worker.waitUntilReady();` },
    ],
    ['a worker that fetches by hand', `${IMPORT} const w = new Worker('mail'); w.getNextJob('t');`],
    ['another Worker', `import { Worker } from 'node:worker_threads'; new Worker('./a.js');`],
    ['a library', { 'package.json': `{ "name": "@acme/workers", "main": "a.js" }`, 'a.js': EXPORTED }],
    [
      'Bull, whose queue is closed',
      `import Bull from 'bull'; const queue = new Bull('mail'); queue.process(run); process.on('SIGTERM', () => queue.close());`,
    ],
    [
      'a close that is waited for before the exit',
      `${WORKER} process.on('SIGTERM', async () => { await worker.close(); process.exit(0); });`,
    ],
    [
      'an exit that follows the close',
      `${WORKER} process.on('SIGTERM', () => { worker.close().then(() => process.exit(0)); });`,
    ],
    [
      'NestJS with shutdown hooks',
      {
        'a.ts': `${MAIN} async function start() { const app = await NestFactory.create(AppModule); app.enableShutdownHooks(); await app.listen(1); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
    ],
    [
      'NestJS with the hooks in a helper',
      {
        'a.ts': `${MAIN} import { setUp } from './set-up'; async function start() { setUp(await NestFactory.create(AppModule)); } void start();`,
        'set-up.ts': `export function setUp(app) { app.enableShutdownHooks(); }`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
    ],
    [
      'NestJS that is closed by hand',
      {
        'a.ts': `${MAIN} async function start() { const app = await NestFactory.create(AppModule); process.on('SIGTERM', () => void app.close()); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
    ],
    [
      'a NestJS application without processors',
      {
        'a.ts': `${MAIN} async function start() { await NestFactory.create(AppModule); } void start();`,
        'app.module.ts': `import { BullModule } from '@nestjs/bullmq'; export class AppModule {}`,
      },
    ],
    [
      'a script of NestJS that closes its context',
      {
        'a.ts': `${MAIN} async function start() { const app = await NestFactory.createApplicationContext(AppModule); await app.close(); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
    ],
  ],
  invalid: [
    [
      'a queue of Bull with a stand-in, where another queue is closed',
      `import Queue from 'bull'; const standIn = () => ({ add() {}, process() {} });\nconst chat = process.env.REDIS_URL ? new Queue('chat') : standIn(); const content = new Queue('content');\nchat.process(async () => {});\nprocess.on('SIGTERM', () => content.close());`,
      { line: 3, messageId: 'open' },
    ],
    [
      'a worker that only its test closes',
      {
        'a.js': `${IMPORT}\nexport function start() {\n  return new Worker('mail', run);\n}`,
        'main.js': `import { start } from './a.js'; start();`,
        'a.test.js': `import { start } from './a.js'; const worker = start(); expect(start()).toBe(worker); await worker.close();`,
      },
      { line: 3, messageId: 'open' },
    ],
    [
      'a worker that nothing closes',
      `${IMPORT}\nnew Worker('mail', run, { connection });`,
      { line: 2, messageId: 'open', says: 'worker.close()' },
    ],
    [
      'a handler of the signal that only exits',
      `${IMPORT}\nconst worker = new Worker('mail', run);\nprocess.on('SIGTERM', () => process.exit(0));`,
      { line: 2, messageId: 'open' },
    ],
    [
      'a handler that closes something else',
      `${IMPORT}\nconst worker = new Worker('mail', run); const queue = new Queue('mail');\nprocess.on('SIGTERM', () => queue.close());`,
      { line: 2, messageId: 'open' },
    ],
    [
      'an exported worker that nobody closes',
      {
        'a.js': `${IMPORT}\nexport const worker = new Worker('mail', run);`,
        'main.js': `import './a.js'; import http from 'node:http'; const server = http.createServer(); process.on('SIGTERM', () => server.close());`,
      },
      { line: 2, messageId: 'open' },
    ],
    [
      'a function that closes and that nobody calls',
      `${IMPORT}\nconst worker = new Worker('mail', run); export async function closeWorkers() { await worker.close(); }`,
      { line: 2, messageId: 'open' },
    ],
    [
      'each of two workers',
      `${IMPORT}\nconst a = new Worker('a', run);\nconst b = new Worker('b', run);\nconst c = new Worker('c', run); process.on('SIGTERM', () => b.close());`,
      [
        { line: 2, messageId: 'open' },
        { line: 4, messageId: 'open' },
      ],
    ],
    [
      'Bull, once a queue',
      `import Bull from 'bull'; const queue = new Bull('mail');\nqueue.process('a', run);\nqueue.process('b', run);`,
      { line: 2, messageId: 'open', says: 'queue.close()' },
    ],
    [
      'an exit that does not wait',
      `${WORKER} process.on('SIGTERM', async () => {\nworker.close();\nprocess.exit(0);\n});`,
      { line: 2, messageId: 'hurried', suggest: 'await worker.close();' },
    ],
    [
      'NestJS, the application that stays, beside one that is read and closed',
      {
        'a.ts': `${MAIN} async function start() { const first = await NestFactory.create(AppModule); await first.close();\nconst app = await NestFactory.create(AppModule); await app.listen(1); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
      { line: 2, messageId: 'hooks' },
    ],
    [
      'NestJS without shutdown hooks',
      {
        'a.ts': `${MAIN} async function start() {\nconst app = await NestFactory.create(AppModule);\nawait app.listen(1); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
      {
        line: 2,
        messageId: 'hooks',
        suggest: 'const app = await NestFactory.create(AppModule); app.enableShutdownHooks();',
      },
    ],
    [
      'a worker process of NestJS',
      {
        'a.ts': `${MAIN} async function start() {\nawait NestFactory.createApplicationContext(AppModule); } void start();`,
        'app.module.ts': MODULE,
        'mail.ts': PROCESSOR,
      },
      { line: 2, messageId: 'hooks', suggest: false },
    ],
    [
      'a package that is started, although it has a main',
      {
        'package.json': `{ "name": "shop", "main": "a.js", "scripts": { "start:worker": "node a.js" } }`,
        'a.js': `${IMPORT}\nnew Worker('mail', run, { connection });`,
      },
      { line: 2, messageId: 'open' },
    ],
  ],
});
