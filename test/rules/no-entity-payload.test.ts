import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { lint, parsersFor, summary, type Files } from '../support/project.ts';

const RULE = 'no-entity-payload';
const QUEUES = `import { Queue } from 'bullmq'; export const mails = new Queue<any>('mails', {});`;
const DB = `import { PrismaClient } from '@prisma/client'; export const prisma = new PrismaClient();`;

const allowingBodies = (allowRequestBody: boolean): Record<string, Linter.RuleEntry> => ({
  [RULE]: ['error', { allowRequestBody }],
});

describe('reports', () => {
  it.each<[string, Files, string[]]>([
    [
      'a record from a repository in another file',
      {
        'queues.ts': QUEUES,
        'db.ts': DB,
        'users.ts': `import { prisma } from './db';\nexport const findUser = (id: string) => prisma.user.findUnique({ where: { id } });`,
        'service.ts': `import { mails } from './queues';\nimport { findUser } from './users';\nexport async function welcome(id: string) {\n  const user = await findUser(id);\n  await mails.add('welcome', {\n    user,\n  });\n}`,
      },
      ['service.ts:6 record'],
    ],
    [
      'what a caller gives to a wrapper, at the caller',
      {
        'queues.ts': `${QUEUES}\nexport function addMail(data: any) {\n  return mails.add('mail', data);\n}`,
        'db.ts': DB,
        'service.ts': `import { addMail } from './queues';\nimport { prisma } from './db';\nexport async function welcome(id: string) {\n  const user = await prisma.user.findUnique({ where: { id } });\n  await addMail({ user });\n}`,
      },
      ['service.ts:5 record'],
    ],
    [
      'what a wrapper wraps again',
      {
        'queues.ts': `${QUEUES}\nexport function addMail(to: any) {\n  return mails.add('mail', { to });\n}`,
        'db.ts': DB,
        'service.ts': `import { addMail } from './queues';\nimport { prisma } from './db';\nexport async function welcome(id: string) {\n  await addMail(await prisma.user.findUnique({ where: { id } }));\n}`,
      },
      ['service.ts:4 record'],
    ],
    [
      'a wrapper whose own parameter is a record, and not its callers',
      {
        'user.entity.ts': `import { Entity } from 'typeorm';\n@Entity()\nexport class User {}`,
        'queues.ts': `${QUEUES}\nimport { User } from './user.entity';\nexport function addMail(user: User) {\n  return mails.add('mail', { user });\n}`,
        'service.ts': `import { addMail } from './queues';\nimport { User } from './user.entity';\nexport async function welcome(user: User) {\n  await addMail(user);\n}`,
      },
      ['queues.ts:4 record'],
    ],
    [
      'a wrapper whose declared data holds a record, and not its callers',
      {
        'user.entity.ts': `import { Entity } from 'typeorm';\n@Entity()\nexport class User {}`,
        'queues.ts': `${QUEUES}\nimport { User } from './user.entity';\nexport function addMail(data: { user: User }) {\n  return mails.add('mail', data);\n}`,
        'service.ts': `import { addMail } from './queues';\nimport { User } from './user.entity';\nexport async function welcome(user: User) {\n  await addMail({ user });\n}`,
      },
      ['queues.ts:4 record'],
    ],
    [
      'records of a bulk and of a flow',
      {
        'db.ts': DB,
        'queues.ts': `${QUEUES}\nimport { FlowProducer } from 'bullmq'; export const flows = new FlowProducer({});`,
        'service.ts': `import { mails, flows } from './queues';\nimport { prisma } from './db';\nexport async function all() {\n  const users = await prisma.user.findMany();\n  await mails.addBulk(users.map((user) => ({ name: 'mail', data: { user } })));\n  for (const user of users) await flows.add({ name: 'a', queueName: 'mails', data: user });\n  await mails.upsertJobScheduler('all', { every: 1000 }, { name: 'all', data: { users } });\n}`,
      },
      ['service.ts:5 record', 'service.ts:6 record', 'service.ts:7 records'],
    ],
    [
      'a Nest service with an injected queue and client',
      {
        'prisma.service.ts': `import { PrismaClient } from '@prisma/client';\nexport class PrismaService extends PrismaClient {}`,
        'users.service.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nimport { PrismaService } from './prisma.service';\nexport class UsersService {\n  constructor(@InjectQueue('mails') private readonly mails: Queue, private readonly prisma: PrismaService) {}\n  async create(data: any) {\n    const user = await this.prisma.user.create({ data });\n    await this.mails.add('welcome', user);\n  }\n}`,
      },
      ['users.service.ts:8 record'],
    ],
    [
      'a model type that the schema knows, and not its enums',
      {
        'queues.ts': QUEUES,
        'prisma/schema.prisma': `enum Role { A B }\nmodel UserRole {\n  id Int @id\n}`,
        'service.ts': `import { mails } from './queues';\nimport { Role, UserRole } from '@prisma/client';\nexport async function welcome(role: Role, userRole: UserRole) {\n  await mails.add('a', { role });\n  await mails.add('a', { userRole });\n}`,
      },
      ['service.ts:5 record'],
    ],
    [
      'CommonJS',
      {
        'queues.js': `const { Queue } = require('bullmq'); module.exports = { mails: new Queue('mails') };`,
        'user.js': `const mongoose = require('mongoose'); module.exports = mongoose.model('User', new mongoose.Schema({}));`,
        'service.js': `const { mails } = require('./queues');\nconst User = require('./user');\nasync function welcome(id) {\n  const user = await User.findById(id);\n  await mails.add('welcome', { ...user.toObject() });\n}\nmodule.exports = { welcome };`,
      },
      ['service.js:5 record'],
    ],
    [
      'a whole request',
      {
        'queues.ts': QUEUES,
        'routes.ts': `import { mails } from './queues';\nimport { Request, Response } from 'express';\nexport async function handle(req: Request, res: Response) {\n  await mails.add('a', { req, session: req.session });\n  await mails.add('b', { req });\n}`,
      },
      ['routes.ts:4 request', 'routes.ts:4 request', 'routes.ts:5 request'],
    ],
  ])('%s', (_, files, expected) => {
    for (const parser of parsersFor(files))
      expect(lint(files, { rules: RULE, parser }).map(summary)).toEqual(expected);
  });

  it('says whose record it is and suggests its id', () => {
    const [finding] = lint(
      {
        'a.ts': `import { Queue } from 'bullmq';\nimport { PrismaClient } from '@prisma/client';\nconst q = new Queue('a');\nconst user = await new PrismaClient().user.findFirst();\nawait q.add('a', { user });`,
      },
      { rules: RULE },
    );
    expect(finding?.message).toBe(
      '`user` is a whole Prisma record: the job works on a copy that is stale when it runs, and Redis keeps every column. Pass its id and load the record in the processor.',
    );
    expect(finding?.suggestions.map(({ message }) => message)).toEqual([
      'Pass `userId: user.id` instead (the processor has to load the record).',
    ]);
    expect(finding?.suggestions[0]?.output).toContain(`await q.add('a', { userId: user.id });`);
  });

  it('a request body only when told to', () => {
    const files = {
      'queues.ts': QUEUES,
      'a.ts': `import { mails } from './queues';\nimport { Request } from 'express';\nexport async function handle(req: Request) {\n  await mails.add('a', req.body);\n}`,
    };
    expect(lint(files, { rules: RULE })).toEqual([]);
    expect(lint(files, { rules: allowingBodies(false) }).map(summary)).toEqual(['a.ts:4 body']);
  });
});

describe('is silent on', () => {
  const service = (body: string, head = ''): Files => ({
    'queues.ts': QUEUES,
    'db.ts': DB,
    'service.ts': `import { mails } from './queues';\nimport { prisma } from './db';\n${head}\nexport async function run(id: string, dto: CreateDto, user: any, req: any) {\n${body}\n}\nclass CreateDto { email: string }`,
  });
  it.each<[string, Files]>([
    [
      'picked scalars',
      service(
        `const user2 = await prisma.user.findFirst(); await mails.add('a', { id: user2.id, email: user2.email });`,
      ),
    ],
    ['a projection', service(`await mails.add('a', await prisma.user.findFirst({ select: { id: true } }));`)],
    [
      'a record that was just deleted',
      service(
        `const gone = await prisma.user.findFirst({ where: { id } }); await prisma.user.delete({ where: { id } }); await mails.add('a', { gone });`,
      ),
    ],
    ['a DTO', service(`await mails.add('a', dto);`)],
    ['parameters merely named user and req', service(`await mails.add('a', { user, req });`)],
    ['a webhook body', service(`await mails.add('a', { body: req.body });`)],
    [
      'an id from a create',
      service(
        `const { id: newId } = await prisma.user.create({ data: {} }); await mails.add('a', { newId });`,
      ),
    ],
    [
      'a record given to something else than a queue',
      service(`const all = new Set(); all.add(await prisma.user.findFirst());`),
    ],
  ])('%s', (_, files) => {
    expect(lint(files, { rules: RULE })).toEqual([]);
  });
});
