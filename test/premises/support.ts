import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import * as bullmq6 from 'bullmq';
import type { FlowProducer, Job, Queue, QueueEvents, QueueOptions, Worker, WorkerOptions } from 'bullmq';
import * as bullmq5 from 'bullmq5';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { startRedis } from '../support/redis.ts';

export type BullMQ = typeof bullmq6;
export type AnyJob<Data> = Job<Data, unknown>;
export type AnyQueue<Data> = Queue<Data, unknown>;
export type Processor<Data> = (job: AnyJob<Data>, token?: string, signal?: AbortSignal) => unknown;
type Outcome = { state: 'completed'; value: unknown } | { state: 'failed'; reason: string };

/** What a program run in another process gets; it is sent as source text, so it can use nothing else. */
export interface World {
  bullmq: BullMQ;
  Redis: typeof Redis;
  fs: typeof fs;
  connection: Connection;
  say: (line: unknown) => void;
}
export interface Program {
  said: Trail<unknown>;
  kill: (signal: NodeJS.Signals) => void;
  end: Promise<{ code: number | null; signal: NodeJS.Signals | null; said: unknown[]; stderr: string }>;
}
export interface Running<Data> {
  worker: Worker<Data, unknown>;
  /** How a job ended, as its worker saw it; an attempt that will be followed by another is no end. */
  outcome: (job: { id?: string | undefined }) => Promise<Outcome>;
  /** How the first jobs of this worker ended. */
  outcomes: (count: number) => Promise<Outcome[]>;
  errors: Trail<Error>;
}
export interface Way {
  connection: Connection;
  cutFor: (ms: number) => void;
  requestsDuring: (work: () => Promise<unknown>) => Promise<number>;
}
export interface Connection {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db?: number;
  connectionName?: string;
}

const majors = [
  { major: 6, module: 'bullmq', bullmq: bullmq6 },
  { major: 5, module: 'bullmq5', bullmq: bullmq5 as unknown as BullMQ },
] as const;

let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

/** Describes the same behaviour once for each BullMQ major that shows it. */
export function premise(body: (lab: Lab) => void, only: (5 | 6)[] = [5, 6]): void {
  for (const { major, module, bullmq } of majors.filter((candidate) => only.includes(candidate.major))) {
    describe(`BullMQ ${major}`, () => {
      const lab = new Lab(module, bullmq);
      afterEach(() => lab.close());
      body(lab);
    });
  }
}

/** A list that a test can wait on. */
export class Trail<Entry> {
  readonly entries: Entry[] = [];
  #wake: (() => void)[] = [];

  push(entry: Entry): void {
    this.entries.push(entry);
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** The first entry that matches, now or later. */
  async find(matches: (entry: Entry) => boolean): Promise<Entry> {
    for (;;) {
      const entry = this.entries.find(matches);
      if (entry !== undefined) return entry;
      await this.#next();
    }
  }

  /** All entries, as soon as there are so many. */
  async reaches(count: number): Promise<Entry[]> {
    while (this.entries.length < count) await this.#next();
    return this.entries;
  }

  #next(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }
}

/** A promise to open from outside, to hold a job at a known point. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Opens what a test needs on one BullMQ major, under fresh names, and closes it afterwards. */
export class Lab {
  readonly bullmq: BullMQ;
  readonly #module: string;
  readonly #open: (() => unknown)[] = [];
  #client: Redis | undefined;

  constructor(module: string, bullmq: BullMQ) {
    this.#module = module;
    this.bullmq = bullmq;
  }

  get connection(): Connection {
    const { hostname, port, username, password, pathname } = new URL(redis.url);
    return {
      host: hostname,
      port: Number(port || 6379),
      ...(username && { username }),
      ...(password && { password }),
      ...(pathname.length > 1 && { db: Number(pathname.slice(1)) }),
    };
  }

  /** A plain client of the same Redis. */
  get redis(): Redis {
    if (this.#client) return this.#client;
    const client = (this.#client = new Redis(this.connection));
    this.defer(() => {
      this.#client = undefined;
      client.disconnect();
    });
    return client;
  }

  defer(close: () => unknown): void {
    this.#open.push(close);
  }

  async close(): Promise<void> {
    for (const close of this.#open.splice(0).reverse()) await close();
  }

  name(): string {
    const name = `premise-${randomUUID()}`;
    // A Redis that others use as well is left as it was.
    if (process.env.REDIS_URL) this.#open.unshift(() => this.#removeKeysOf(name));
    return name;
  }

  async #removeKeysOf(name: string): Promise<void> {
    const client = new Redis(this.connection);
    for await (const keys of client.scanStream({ match: `*${name}*`, count: 1_000 })) {
      if ((keys as string[]).length > 0) await client.del(...(keys as string[]));
    }
    client.disconnect();
  }

  queue<Data = unknown>(options: Partial<QueueOptions> = {}, name = this.name()): AnyQueue<Data> {
    const queue = new this.bullmq.Queue<Data, unknown, string>(name, {
      connection: this.connection,
      ...options,
    });
    queue.on('error', () => undefined);
    this.defer(() => queue.close());
    return queue;
  }

  worker<Data>(
    queue: AnyQueue<Data>,
    processor: Processor<Data>,
    options: Partial<WorkerOptions> = {},
  ): Running<Data> {
    const worker = new this.bullmq.Worker<Data, unknown>(
      queue.name,
      processor as (job: AnyJob<Data>) => Promise<unknown>,
      { connection: this.connection, ...options },
    );
    const ends = new Trail<{ id: string | undefined; outcome: Outcome }>();
    const errors = new Trail<Error>();
    worker.on('error', (error) => {
      errors.push(error);
    });
    worker.on('completed', ({ id }, value) => {
      ends.push({ id, outcome: { state: 'completed', value } });
    });
    worker.on('failed', (job, error?: Error) => {
      if (job?.finishedOn)
        ends.push({ id: job.id, outcome: { state: 'failed', reason: String(error?.message) } });
    });
    this.defer(() => worker.close(true));
    return {
      worker,
      errors,
      outcome: async (job) => (await ends.find(({ id }) => id === job.id)).outcome,
      outcomes: async (count) => (await ends.reaches(count)).map(({ outcome }) => outcome),
    };
  }

  async events(queue: { name: string }): Promise<QueueEvents> {
    const events = new this.bullmq.QueueEvents(queue.name, { connection: this.connection });
    events.on('error', () => undefined);
    this.defer(() => events.close());
    await events.waitUntilReady();
    return events;
  }

  flow(): FlowProducer {
    const flow = new this.bullmq.FlowProducer({ connection: this.connection });
    this.defer(() => flow.close());
    return flow;
  }

  /** Serves one handler over HTTP and returns its address; what the handler throws is answered with 500. */
  async serve(handler: () => Promise<{ status: number; body: unknown }>): Promise<string> {
    const server = createServer((_request, response) => {
      handler().then(
        ({ status, body }) => response.writeHead(status).end(JSON.stringify(body)),
        (error: unknown) => response.writeHead(500).end(JSON.stringify(String(error))),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.defer(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A way to the same Redis that can be cut, and that counts the requests going over it (a pipeline is one). */
  async wayToRedis(): Promise<Way> {
    const { host, port } = this.connection;
    const sockets = new Set<Socket>();
    const way = { open: true, requests: 0 };
    const server = createTcpServer((client) => {
      if (!way.open) {
        client.destroy();
        return;
      }
      const redis = connect(port, host);
      sockets.add(client);
      let answered = true;
      client.on('data', () => {
        if (answered) way.requests++;
        answered = false;
      });
      redis.on('data', () => (answered = true));
      client.pipe(redis).pipe(client);
      for (const socket of [client, redis]) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          redis.destroy();
        });
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.defer(() => server.close());
    return {
      connection: { ...this.connection, host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      cutFor: (ms) => {
        way.open = false;
        for (const socket of sockets) socket.destroy();
        setTimeout(() => (way.open = true), ms);
      },
      requestsDuring: async (work) => {
        const before = way.requests;
        await work();
        return way.requests - before;
      },
    };
  }

  /** Runs a program in a process of its own, with the same BullMQ and the same Redis. */
  process<Args>(
    program: (world: World, args: Args) => unknown,
    args: Args,
    { cwd, env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ): Program {
    const source = `
      const require = process.getBuiltinModule('node:module').createRequire(${JSON.stringify(import.meta.url)});
      const [connection, args] = JSON.parse(process.env.PROGRAM_INPUT);
      (${program.toString()})({
        bullmq: require(${JSON.stringify(this.#module)}),
        Redis: require('ioredis').Redis,
        fs: require('node:fs/promises'),
        connection,
        say: (line) => process.stdout.write(JSON.stringify(line) + '\\n'),
      }, args);`;
    const child = spawn(process.execPath, ['-e', source], {
      ...(cwd && { cwd }),
      env: { ...process.env, ...env, PROGRAM_INPUT: JSON.stringify([this.connection, args]) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = new Trail<unknown>();
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      said.push(parsed(line));
    });
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    const end = Promise.all([once(child, 'close'), once(lines, 'close')]).then(() => ({
      code: child.exitCode,
      signal: child.signalCode,
      said: said.entries,
      stderr,
    }));
    this.defer(() => {
      child.kill('SIGKILL');
      return end;
    });
    return { said, kill: (signal) => child.kill(signal), end };
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}
