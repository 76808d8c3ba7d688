import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, Worker, QueueEvents, FlowProducer } from 'bullmq'; import IORedis, { Redis, Cluster } from 'ioredis';`;
const code = (...lines: string[]): string => [IMPORTS, ...lines].join('\n');
const typed = (text: string) => ({ 'a.ts': text });
const NEST = `import { BullModule, Processor, WorkerHost } from '@nestjs/bullmq'; import IORedis from 'ioredis';`;
const MAILS = `@Processor('mail') class Mails extends WorkerHost { async process(job) {} }`;

testRule('valid-connection-options', {
  valid: [
    ['options with a host', code(`new Queue('mail', { connection: { host: 'redis', port: 6379 } });`)],
    ['a URL as url', code(`new Worker('mail', send, { connection: { url: process.env.REDIS_URL } });`)],
    [
      'options whose maxRetriesPerRequest BullMQ overrides',
      code(`new Worker('mail', send, { connection: { host: 'redis', maxRetriesPerRequest: 3 } });`),
    ],
    ['the prefix of BullMQ', code(`new Queue('mail', { connection: { host: 'redis' }, prefix: 'app' });`)],
    [
      'a keyPrefix that is empty where nobody sets it',
      code(`new Queue('mail', { connection: { host: 'redis', keyPrefix: process.env.PREFIX ?? '' } });`),
    ],
    [
      'a keyPrefix that is taken away',
      code(
        `const base = { host: 'redis', keyPrefix: 'cache:' };`,
        `new Queue('mail', { connection: { ...base, keyPrefix: undefined } });`,
      ),
    ],
    [
      'a keyPrefix that is left behind',
      code(
        `const { keyPrefix, ...connection } = { host: 'redis', keyPrefix: 'cache:' };`,
        `new Queue('mail', { connection });`,
      ),
    ],
    [
      'a keyPrefix that may be left out',
      {
        'a.ts': `${IMPORTS}\nexport class Connection { client: Redis; constructor(keyPrefix?: string) { this.client = new Redis({ host: 'redis', maxRetriesPerRequest: null, keyPrefix }); } }\nexport const mails = (options: { keyPrefix?: string }) => new Queue('mail', { connection: { host: 'redis', keyPrefix: options.keyPrefix } });\nexport const workers = () => new Worker('mail', send, { connection: new Connection().client });`,
      },
    ],
    ['an empty keyPrefix', code(`new Queue('mail', { connection: { host: 'redis', keyPrefix: '' } });`)],
    [
      'the keyPrefix of a client for something else',
      code(
        `const cache = new Redis(url, { keyPrefix: 'cache:' });`,
        `new Queue('mail', { connection: { host: 'redis' } });`,
      ),
    ],
    [
      'a factory that is told to make a client for queues',
      {
        'a.ts': `${IMPORTS} import { createRedis } from './redis';\nnew Worker('mail', send, { connection: createRedis({ forQueues: true }) });`,
        'redis.ts': `import IORedis from 'ioredis'; export function createRedis(options?: { forQueues?: boolean }) { return new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: options?.forQueues ? null : 3 }); }`,
      },
    ],
    [
      'a client with maxRetriesPerRequest: null',
      code(
        `const connection = new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: null });`,
        `new Worker('mail', send, { connection });`,
        `new QueueEvents('mail', { connection });`,
      ),
    ],
    [
      'a client with a fixed number of retries for queues and flows, which should fail fast',
      code(
        `const connection = new IORedis({ host: 'redis', maxRetriesPerRequest: 1 });`,
        `new Queue('mail', { connection }); new FlowProducer({ connection });`,
      ),
    ],
    [
      'options of the client that cannot be seen',
      code(
        `import { redisOptions } from 'shared';`,
        `new Worker('mail', send, { connection: new IORedis(redisOptions) });`,
        `new Worker('mail', send, { connection: new IORedis({ host: 'redis', ...redisOptions }) });`,
        `new Worker('mail', send, { connection: new IORedis(...redisOptions) });`,
      ),
    ],
    [
      'null in the first of two sets of options',
      code(
        `new Worker('mail', send, { connection: new IORedis(6379, 'redis', { ...defaults(), ...{ maxRetriesPerRequest: null } }) });`,
      ),
    ],
    [
      'a duplicate that sets null',
      code(
        `const redis = new IORedis(6379);`,
        `new Worker('mail', send, { connection: redis.duplicate({ maxRetriesPerRequest: null }) });`,
      ),
    ],
    [
      'a duplicate of a client that has it',
      code(
        `const redis = new IORedis({ maxRetriesPerRequest: null });`,
        `new Worker('mail', send, { connection: redis.duplicate() });`,
      ),
    ],
    [
      'a client that is injected',
      typed(
        code(
          `class Mails { constructor(redis: Redis) { new Worker('mail', send, { connection: redis }); } }`,
        ),
      ),
    ],
    [
      'a factory that is told what it is for',
      {
        'a.ts': `${IMPORTS} import { createRedis } from './redis';\nnew Worker('mail', send, { connection: createRedis({ maxRetriesPerRequest: null }) });`,
        'redis.ts': `import IORedis from 'ioredis'; export const createRedis = (options = {}) => new IORedis({ host: 'redis', ...options });`,
      },
    ],
    [
      'a cluster, which BullMQ accepts without the option',
      code(
        `new Worker('mail', send, { connection: new Cluster([{ host: 'a' }], { redisOptions: { tls: {} } }) });`,
      ),
    ],
    [
      'a cluster with null',
      code(
        `new Worker('mail', send, { connection: new IORedis.Cluster([], { redisOptions: { maxRetriesPerRequest: null } }) });`,
      ),
    ],
    [
      'a client of another package',
      `import { Worker } from 'bullmq'; import { createClient } from 'redis';\nnew Worker('mail', send, { connection: createClient() });`,
    ],
    [
      'a string for the PostgreSQL backend of one object',
      `import { Queue, Worker, createPostgresBackend } from 'bullmq';\nnew Queue('mail', { connection: 'postgres://db/jobs' }, createPostgresBackend); new Queue('mail', { connection: process.env.DB_URL }, createPostgresBackend); new Worker('mail', send, { connection: process.env.DB_URL }, createPostgresBackend);`,
    ],
    [
      'a string for the PostgreSQL backend of classes',
      `import { withBackend, createPostgresBackend } from 'bullmq';\nconst { Queue } = withBackend(createPostgresBackend); new Queue('mail', { connection: process.env.DB_URL });`,
    ],
    [
      'a string for the PostgreSQL backend of the whole project',
      {
        'a.js': `import { Queue } from 'bullmq'; new Queue('mail', { connection: process.env.DB_URL });`,
        'start.js': `import { setDefaultBackendFactory, createPostgresBackend } from 'bullmq'; setDefaultBackendFactory(createPostgresBackend);`,
      },
    ],
    [
      'a string that is told apart',
      typed(
        code(
          `export const make = (redis: string | { host: string }) =>`,
          `  new Queue('mail', { connection: typeof redis === 'string' ? { url: redis } : redis });`,
        ),
      ),
    ],
    [
      'a connection that cannot be seen',
      code(
        `import { config } from 'config'; new Queue('mail', { connection: config.redis }); new Queue('a'); new Queue('a', null); new Worker('a', send, ...rest);`,
      ),
    ],
    [
      'Bull, which takes a URL and options of its own',
      `import Queue from 'bull'; new Queue('mail', process.env.REDIS_URL); new Queue('mail', { redis: 'redis://cache' }); new Queue('push', 'redis://cache', { redis: { keyPrefix: 'a' } });`,
    ],
    [
      'the URL of @nestjs/bull',
      `import { BullModule } from '@nestjs/bull'; BullModule.forRoot({ redis: process.env.REDIS_URL });`,
    ],
    [
      'a client of NestJS queues that no processor of the project waits with',
      `${NEST}\nBullModule.forRoot({ connection: new IORedis(6379) });`,
    ],
    [
      'a client of one NestJS queue where another one is processed',
      typed(`${NEST}\nBullModule.registerQueue({ name: 'push', connection: new IORedis(6379) });\n${MAILS}`),
    ],
    [
      'options of NestJS',
      typed(
        `${NEST}\nBullModule.forRootAsync({ useFactory: (config) => ({ connection: { host: config.get('HOST'), maxRetriesPerRequest: 3 } }) });\n${MAILS}`,
      ),
    ],
  ],
  invalid: [
    [
      'keyPrefix in the options',
      code(`new Queue('mail', {`, `connection: { host: 'redis',`, `keyPrefix: 'app:' } });`),
      { line: 4, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix in a shared constant, once',
      code(
        `const connection = {`,
        `  host: 'redis', keyPrefix: 'app:' };`,
        `new Queue('mail', { connection }); new Worker('mail', send, { connection }); new FlowProducer({ connection }); new QueueEvents('mail', { connection });`,
      ),
      { line: 3, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix in a constant of another file, once, where it is first given',
      {
        'a.ts': `${IMPORTS} import { config } from './config';\nexport const mails = new Queue('mail', {\nconnection: config.redis });\nexport const pushes = new Queue('push', { connection: config.redis });`,
        'config.ts': `export const config = { redis: { host: 'redis', keyPrefix: process.env.KEY_PREFIX } };`,
      },
      { line: 3, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix in what is spread',
      code(
        `const base = { keyPrefix: 'cache:' };`,
        `new Worker('mail', send, { connection: { ...base, host: 'redis' } });`,
      ),
      { line: 2, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix of a client, for a queue as well',
      code(
        `const connection = new IORedis(url, { keyPrefix: 'app:' });`,
        `new Queue('mail', { connection });`,
      ),
      { line: 2, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix of a cluster',
      code(
        `const connection = new Cluster([], { redisOptions: { keyPrefix: 'app:' } });`,
        `new Queue('mail', { connection });`,
      ),
      { line: 2, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix from a function',
      {
        'a.js': `${IMPORTS} import { redisOptions } from './redis.js';\nexport const mails = new Queue('mail', { connection: redisOptions() });`,
        'redis.js': `export function redisOptions() { return { host: process.env.REDIS_HOST, keyPrefix: 'app:' }; }`,
      },
      { line: 2, messageId: 'keyPrefix' },
    ],
    [
      'a URL as connection',
      code(`new Queue('mail', { connection: 'redis://cache:6379' });`),
      {
        line: 2,
        messageId: 'text',
        suggest: `new Queue('mail', { connection: { url: 'redis://cache:6379' } });`,
      },
    ],
    [
      'an environment variable as connection',
      code(`new Worker('mail', send, { connection: process.env.REDIS_URL });`),
      {
        line: 2,
        messageId: 'text',
        suggest: `new Worker('mail', send, { connection: { url: process.env.REDIS_URL } });`,
      },
    ],
    [
      'a URL with a fallback, by name',
      code(
        'const connection = process.env.REDIS_URL || `redis://${host}:6379`;',
        `new QueueEvents('mail', { connection });`,
      ),
      {
        line: 3,
        messageId: 'text',
        suggest: `new QueueEvents('mail', { connection: { url: connection } });`,
      },
    ],
    [
      'a URL in place of options',
      code(`new Queue('mail', { connection: process.env.REDIS_URL || { host: 'localhost' } });`),
      { line: 2, messageId: 'text', suggest: false },
    ],
    [
      'a URL by its type',
      typed(
        code(
          `export class Mails {`,
          `  constructor(url: string) {`,
          `    new Queue('mail', { connection: url as any });`,
          `  }`,
          `}`,
        ),
      ),
      { line: 4, messageId: 'text', suggest: `new Queue('mail', { connection: { url: url as any } });` },
    ],
    [
      'a client without options',
      code(`const redis = new IORedis();`, `new Worker('mail', send, { connection: redis });`),
      { line: 3, messageId: 'refused', says: 'the worker is constructed' },
    ],
    [
      'a client with a URL alone, in CommonJS',
      `const { Worker } = require('bullmq'); const Redis = require('ioredis');\nconst connection = new Redis(process.env.REDIS_URL);\nnew Worker('mail', send, {\n  connection,\n});`,
      { line: 4, messageId: 'refused', says: 'not set (20)' },
    ],
    [
      'a client in place',
      code(`new QueueEvents('mail', { connection: new Redis('redis://cache') });`),
      {
        line: 2,
        messageId: 'refused',
        says: 'queue events',
        suggest: `new QueueEvents('mail', { connection: new Redis('redis://cache', { maxRetriesPerRequest: null }) });`,
      },
    ],
    [
      'a client with a number',
      code(
        `new Worker('mail', send, { connection: new IORedis({ host: 'redis', maxRetriesPerRequest: 3 }) });`,
      ),
      {
        line: 2,
        messageId: 'refused',
        says: 'is 3',
        suggest: `new Worker('mail', send, { connection: new IORedis({ host: 'redis', maxRetriesPerRequest: null }) });`,
      },
    ],
    [
      'a client with options but without the option',
      code(`new Worker('mail', send, { connection: new IORedis({ host: 'redis', }) });`),
      {
        line: 2,
        messageId: 'refused',
        suggest: `new Worker('mail', send, { connection: new IORedis({ host: 'redis', maxRetriesPerRequest: null, }) });`,
      },
    ],
    [
      'a client with no options in place',
      code(`new Worker('mail', send, { connection: new IORedis() });`),
      {
        line: 2,
        messageId: 'refused',
        suggest: `new Worker('mail', send, { connection: new IORedis({ maxRetriesPerRequest: null }) });`,
      },
    ],
    [
      'a factory that is told to make another client',
      {
        'a.ts': `${IMPORTS} import { createRedis } from './redis';\nnew Worker('mail', send, { connection: createRedis({ forQueues: false }) });`,
        'redis.ts': `import IORedis from 'ioredis'; export function createRedis(options?: { forQueues?: boolean }) { return new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: options?.forQueues ? null : 3 }); }`,
      },
      { line: 2, messageId: 'refused', says: '3' },
    ],
    [
      'a factory that is told nothing',
      {
        'a.ts': `${IMPORTS} import { createRedis } from './redis';\nnew Worker('mail', send, { connection: createRedis() });`,
        'redis.ts': `import IORedis from 'ioredis'; export function createRedis(options?: { forQueues?: boolean }) { return new IORedis(process.env.REDIS_URL, { maxRetriesPerRequest: options?.forQueues ? null : 3 }); }`,
      },
      { line: 2, messageId: 'refused', says: '3' },
    ],
    [
      'a client that gives every command up',
      code(`new Worker('mail', send, { connection: new IORedis({ maxRetriesPerRequest: 0 }) });`),
      {
        line: 2,
        messageId: 'givesUp',
        suggest: `new Worker('mail', send, { connection: new IORedis({ maxRetriesPerRequest: null }) });`,
      },
    ],
    [
      'one client of several workers, once',
      code(
        `const connection = new IORedis(6379, 'redis');`,
        `new Worker('mail', send, { connection });`,
        `new Worker('push', send, { connection });`,
      ),
      { line: 3, messageId: 'refused' },
    ],
    [
      'a client of another file',
      {
        'a.ts': `${IMPORTS} import { redis } from './redis';\nexport const mails = new Worker('mail', send, { connection: redis });`,
        'redis.ts': `import { Redis } from 'ioredis'; export const redis = new Redis(process.env.REDIS_URL!, { lazyConnect: true });`,
      },
      { line: 2, messageId: 'refused', suggest: false },
    ],
    [
      'a client made by a function of another file',
      {
        'a.ts': `${IMPORTS} import { getRedis } from './redis';\nexport const mails = new Worker('mail', send, { connection: getRedis() });`,
        'redis.ts': `import { Redis } from 'ioredis'; let redis: Redis | null = null; export function getRedis() { if (!redis) { redis = new Redis({ host: 'redis' }); } return redis; }`,
      },
      { line: 2, messageId: 'refused' },
    ],
    [
      'a URL of a validated environment',
      {
        'a.ts': `${IMPORTS} import { env } from './env';\nexport const mails = new Worker('mail', send, { connection: new IORedis(env.REDIS_URL, { tls: {} }) });\nexport const pushes = new Worker('push', send, { connection: new IORedis(env.REDIS_URL) });`,
        'env.ts': `import { z } from 'zod'; export const env = z.object({ REDIS_URL: z.string() }).parse(process.env);`,
      },
      [
        { line: 2, messageId: 'refused' },
        { line: 3, messageId: 'refused' },
      ],
    ],
    [
      'a duplicate of a client without it',
      code(
        `const redis = new IORedis({ host: 'redis' });`,
        `new Worker('mail', send, { connection: redis.duplicate() });`,
      ),
      { line: 3, messageId: 'refused' },
    ],
    [
      'a cluster with a number',
      code(
        `new Worker('mail', send, { connection: new Cluster([], { redisOptions: { maxRetriesPerRequest: 5 } }) });`,
      ),
      { line: 2, messageId: 'refused' },
    ],
    [
      'a client of a class of the project',
      code(
        `class Client extends Redis { constructor() { super({ host: 'redis' }); } }`,
        `new Worker('mail', send, { connection: new Client() });`,
      ),
      { line: 3, messageId: 'refused' },
    ],
    [
      'options of a field',
      typed(
        code(
          `class Mails {`,
          `  private redis = new IORedis({ maxRetriesPerRequest: 2 });`,
          `  worker = new Worker('mail', send, { connection: this.redis });`,
          `}`,
        ),
      ),
      { line: 4, messageId: 'refused' },
    ],
    [
      'a client that is passed to a function of another file',
      {
        'a.ts': `import { Redis } from 'ioredis'; import { startMails } from './mails';\nconst redis = new Redis('redis://cache');\nstartMails(redis);`,
        'mails.ts': `${IMPORTS} export function startMails(connection: Redis) { return new Worker('mail', send, { connection }); }`,
      },
      { line: 3, messageId: 'refused' },
    ],
    [
      'keyPrefix and a URL in options that are passed to a class of another file',
      {
        'a.ts': `import { Mails } from './mails';\nnew Mails({ connection: {\nkeyPrefix: 'app:' } });\nnew Mails({ connection: 'redis://cache' });`,
        'mails.ts': `${IMPORTS} export class Mails { queue: Queue; constructor(options: any) { this.queue = new Queue('mail', { ...options }); } }`,
      },
      [
        { line: 3, messageId: 'keyPrefix' },
        { line: 4, messageId: 'text', suggest: false },
      ],
    ],
    [
      'keyPrefix in the root of NestJS',
      `${NEST}\nBullModule.forRoot({ connection: { host: 'redis', keyPrefix: 'app:' } });`,
      { line: 2, messageId: 'keyPrefix' },
    ],
    [
      'keyPrefix and a URL from factories of NestJS',
      `${NEST}\nBullModule.forRootAsync({ useFactory: async (config) => ({\nconnection: { host: config.get('HOST'), keyPrefix: 'app:' } }) });\nBullModule.registerQueueAsync({ name: 'push', useFactory: () => ({ connection: process.env.REDIS_URL }) });`,
      [
        { line: 3, messageId: 'keyPrefix' },
        { line: 4, messageId: 'text' },
      ],
    ],
    [
      'a client of NestJS queues that processors wait with',
      typed(`${NEST}\nBullModule.forRoot({ connection: new IORedis(6379) });\n${MAILS}`),
      { line: 2, messageId: 'refused', says: 'worker of the queue' },
    ],
    [
      'a client of one NestJS queue that is processed in another file',
      {
        'a.ts': `${NEST}\nBullModule.registerQueue({ name: 'mail', connection: new IORedis(6379) });`,
        'mails.ts': `${NEST} ${MAILS}`,
      },
      { line: 2, messageId: 'refused' },
    ],
    [
      'a client of a NestJS processor',
      typed(
        `${NEST}\n@Processor('mail', { connection: new IORedis(6379) })\nclass Mails extends WorkerHost { async process(job) {} }`,
      ),
      { line: 2, messageId: 'refused' },
    ],
  ],
});
