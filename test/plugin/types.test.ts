import { describe, expect, it } from 'vitest';
import { lint, type Files } from '../support/project.ts';

/** Packages as a type checker sees them. */
const packages: Files = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', types: [], noEmit: true },
    include: ['src'],
  }),
  'node_modules/bullmq/package.json': '{ "name": "bullmq", "version": "6.7.0", "types": "index.d.ts" }',
  'node_modules/bullmq/index.d.ts': `
    export class Job<D = any> { data: D; }
    export class Queue<D = any> { constructor(name: string, options?: object); add(name: string, data: D, options?: object): Promise<Job<D>>; }
    export class Worker<D = any> { constructor(name: string, processor: (job: Job<D>) => Promise<unknown>, options?: object); }`,
  'node_modules/lib/package.json': '{ "name": "lib", "types": "index.d.ts" }',
  'node_modules/lib/index.d.ts': `
    import type { User } from '@prisma/client';
    import type { Request } from 'express';
    export class ObjectId { toJSON(): string; getTimestamp(): Date; createdAt: Date; }
    export class Decimal { toJSON(): string; constructor(n: number); precision: bigint; }
    export declare function id(): ObjectId;
    export declare function decimal(): Decimal;
    export declare function now(): Date;
    export declare function maybeNow(): Date | null;
    export declare function nowOrText(): Date | string;
    export declare function big(): bigint;
    export declare function anything(): any;
    export declare function opaque(): unknown;
    export declare function text(): string;
    export declare function later(): Promise<{ id: string }>;
    export declare function index(): Map<string, number>;
    export declare function currentUser(): Promise<User>;
    export declare function currentUsers(): Promise<User[]>;
    export declare function picked(): Promise<Pick<User, 'id' | 'email'>>;
    export declare function request(): Request & { userId: string };
    export declare function wrap<T>(value: T): { value: T };
    export declare function keep<T>(value: T): T;
    export declare function stringify<T>(value: T): { [K in keyof T]: T[K] extends Date ? string : T[K] };
    export declare function branded(): string & { readonly brand: 'UserId' };
    export interface Settings { when?: Date; lookup?: Map<string, string> }
    export declare function settings(): Settings;`,
  'node_modules/@prisma/client/package.json': '{ "name": "@prisma/client", "types": "index.d.ts" }',
  'node_modules/@prisma/client/index.d.ts': `
    type Flat<T> = { [K in keyof T]: T[K] } & {};
    type Selection<P extends { scalars: object }> = P extends { scalars: infer S } ? Flat<S> : never;
    export namespace Prisma {
      type $UserPayload = { name: 'User'; scalars: { id: string; email: string; createdAt: Date } };
    }
    export type User = Selection<Prisma.$UserPayload>;
    type Selected<P extends { scalars: object }, S> = Flat<{ [K in keyof S & keyof P['scalars']]: P['scalars'][K] }>;
    export declare function select<S>(fields: S): Promise<Selected<Prisma.$UserPayload, S>>;`,
  'prisma/schema.prisma': `model User {\n  id String @id\n  email String\n  createdAt DateTime\n}`,
  'node_modules/express/package.json': '{ "name": "express", "types": "index.d.ts" }',
  'node_modules/express/index.d.ts': `export interface Request { body: any; headers: Record<string, string> }`,
};

const rules = { 'no-unserializable-payload': 'error', 'no-entity-payload': 'error' } as const;

/** What is reported of a payload, with types and without. */
function reported(payload: string, before = ''): { typed: string[]; untyped: string[] } {
  const files: Files = {
    ...packages,
    'src/job.ts': `
      import { Queue, Worker, type Job } from 'bullmq';
      import * as lib from 'lib';
      const queue = new Queue('mails', { defaultJobOptions: { attempts: 1 } });
      ${before}
      export async function send(): Promise<void> {
        await queue.add('send', ${payload});
      }`,
  };
  const run = (typed: boolean): string[] =>
    lint(files, { rules, typed, only: 'src/job.ts' }).map(({ rule, message }) => `${rule}: ${message}`);
  return { typed: run(true), untyped: run(false) };
}

describe('a payload whose type alone is known', () => {
  it.each<[string, string, string, RegExp]>([
    ['a Date from a package', '{ at: lib.now() }', '', /^no-unserializable-payload: `at` is a Date/],
    ['one that may be null', '{ at: lib.maybeNow() }', '', /`at` is a Date/],
    ['a bigint', '{ n: lib.big() }', '', /`n` is a BigInt/],
    ['a Map', '{ m: lib.index() }', '', /`m` is a Map/],
    ['a promise that is not awaited', '{ user: lib.later() }', '', /`user` is a promise/],
    ['a generic', '{ w: lib.wrap(new Date()) }', '', /`w\.value` is a Date/],
    ['a mapped type', 'lib.settings()', '', /`when` is a Date/],
    ['a record', '{ user: await lib.currentUser() }', '', /^no-entity-payload: .*whole Prisma record/],
    [
      'a list of records',
      '{ users: await lib.currentUsers() }',
      '',
      /^no-entity-payload: .*whole Prisma records/,
    ],
    ['a request with something added', '{ req: lib.request() }', '', /^no-entity-payload: .*whole request/],
    [
      'a type parameter with a constraint',
      '{ x: only(new Date()) }',
      'const only = lib.keep<Date>;',
      /`x` is a Date/,
    ],
    [
      'an instance of a class of the project',
      '{ mail: lib.keep(new Mail()) }',
      "class Mail { to = ''; send(): void {} }",
      /`mail` is an instance with methods/,
    ],
  ])('is reported: %s', (_, payload, before, message) => {
    const { typed, untyped } = reported(payload, before);
    expect(untyped).toEqual([]);
    expect(typed).toEqual([expect.stringMatching(message)]);
  });

  it.each<[string, string, string]>([
    ['an ObjectId says itself what JSON makes of it', '{ id: lib.id() }', ''],
    ['so does a Decimal, whatever its fields are', '{ sum: lib.decimal() }', ''],
    ['`any` proves nothing', '{ x: lib.anything() }', ''],
    ['`unknown` neither', '{ x: lib.opaque() }', ''],
    ['a union with string has been settled', '{ at: lib.nowOrText() }', ''],
    ['a branded string is a string', '{ id: lib.branded() }', ''],
    ['named fields of a record are no record', 'await lib.picked()', ''],
    [
      'a query with `select` gives no record',
      'await select({ id: true, email: true })',
      "import { select } from '@prisma/client';",
    ],
    ['a conditional type has made the date a string', 'lib.stringify({ at: new Date() })', ''],
    ['what is awaited is no promise', '{ user: await lib.later() }', ''],
    [
      'a class with fields only is plain data',
      '{ mail: lib.keep(new Mail()) }',
      "class Mail { to = ''; subject = ''; }",
    ],
    [
      'data of a job was JSON, whatever its type says',
      '{}',
      `export const worker = new Worker<{ at: Date }>('mails', async (job) => { await queue.add('again', { at: job.data.at }); });`,
    ],
    [
      'so was what is taken out of it on the way',
      '{}',
      `export const worker = new Worker<{ at: Date; to: string[] }>('mails', async ({ data }) => {
        const { at, ...rest } = data;
        await queue.add('again', { at, rest, to: data.to.map((one) => ({ one, at })) });
      });`,
    ],
    [
      'the consumer makes a Date of it again',
      '{ at: lib.now() }',
      `export const worker = new Worker('mails', async (job) => { new Date(job.data.at); });`,
    ],
    ['what was parsed from JSON is what JSON can carry', "{ x: (JSON.parse('{}') as { at: Date }) }", ''],
  ])('is not reported: %s', (_, payload, before) => {
    expect(reported(payload, before).typed).toEqual([]);
  });

  it.each([
    ['{ at: new Date() }'],
    ['{ m: new Map<string, string>() }'],
    ['{ at: new Date() as unknown as string, m: new Set() }'],
    ['{ run: () => 1 }'],
  ])('keeps what is found without types: %s', (payload) => {
    const { typed, untyped } = reported(payload);
    expect(untyped).not.toEqual([]);
    expect(typed).toEqual(untyped);
  });
});

describe('a result whose type alone is known', () => {
  const rules = { 'no-stored-result': 'error' } as const;
  const reported = (result: string, typed: boolean): string[] => {
    const files: Files = {
      ...packages,
      'package.json': '{ "name": "app", "private": true, "scripts": { "start": "node src/job.js" } }',
      'src/job.ts': `
        import { Worker } from 'bullmq';
        import * as lib from 'lib';
        export const worker = new Worker('reports', async (job) => {
          return ${result};
        });`,
    };
    return lint(files, { rules, typed, only: 'src/job.ts' }).map(({ message }) => message);
  };

  it.each([
    ['a record', 'await lib.currentUser()', /a record of Prisma/],
    ['a list of records', 'await lib.currentUsers()', /a list of Prisma records/],
  ])('is reported: %s', (_, result, message) => {
    expect(reported(result, false)).toEqual([]);
    expect(reported(result, true)).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ['a few fields of a record', 'await lib.picked()'],
    ['a text', 'lib.text()'],
    ['anything', 'lib.anything()'],
  ])('is not reported: %s', (_, result) => {
    expect(reported(result, true)).toEqual([]);
  });
});
