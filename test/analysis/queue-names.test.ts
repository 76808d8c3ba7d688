import { describe, expect, it } from 'vitest';
import { projectOf } from '../../src/analysis/project/project.ts';
import { has, queueNames, type QueueNames } from '../../src/analysis/project/queue-names.ts';
import { TestProject, type Files } from '../support/project.ts';

function namesOf(code: string | Files): QueueNames {
  const sources: Files = typeof code === 'string' ? { 'a.ts': code } : code;
  const files = new TestProject(sources);
  const file = files.path('a.ts');
  const project = projectOf(file, files.root);
  project.begin(file, sources['a.ts'] ?? '');
  return queueNames(project);
}

/** The names of each side in their order, with what a name that is put together can be: `queues a b, workers a /^x/`. */
function shown(code: string | Files): string {
  return Object.entries(namesOf(code))
    .flatMap(([side, { ends, open }]: [string, QueueNames['queues']]) => {
      const all = [...new Set(ends.map(({ name }) => name).sort()), ...open.map(String)];
      return all.length > 0 ? [`${side} ${all.join(' ')}`] : [];
    })
    .join(', ');
}

const BULLMQ = `import { Queue, Worker, FlowProducer } from 'bullmq';`;
const NEST = `import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';`;

describe('names of queues', () => {
  it.each<[string, string | Files, string]>([
    ['literals', `${BULLMQ} new Queue('a'); new Worker('b', f);`, 'queues a, workers b'],
    [
      'a constant of another file',
      {
        'a.ts': `${BULLMQ} import { MAIL } from './names'; new Queue(MAIL);`,
        'names.ts': `export const MAIL = 'mail';`,
      },
      'queues mail',
    ],
    [
      'an enum and an object of constants',
      {
        'a.ts': `${BULLMQ} import { Names, NAMES } from './names'; new Queue(Names.Mail); new Worker(NAMES.sms, f);`,
        'names.ts': `export enum Names { Mail = 'mail' } export const NAMES = { sms: 'sms' } as const;`,
      },
      'queues mail, workers sms',
    ],
    [
      'a package of a monorepo, by its name',
      {
        'package.json': '{ "name": "root", "private": true, "workspaces": ["packages/*"] }',
        'a.ts': `${BULLMQ} import { MAIL } from '@shop/names'; new Queue(MAIL);`,
        'node_modules/@shop/names/package.json': '{ "name": "@shop/names", "main": "index.js" }',
        'node_modules/@shop/names/index.js': `exports.MAIL = 'mail';`,
      },
      'queues /^[^]*$/',
    ],
    [
      'a prefix that is a constant',
      `${BULLMQ} const PREFIX = 'shop'; new Queue(\`\${PREFIX}-mail\`); new Worker(PREFIX + '-mail', f);`,
      'queues shop-mail, workers shop-mail',
    ],
    [
      'a prefix of the environment, which is any text',
      `${BULLMQ} new Queue(\`\${process.env.PREFIX}-mail\`);`,
      'queues /^[^]*-mail$/',
    ],
    [
      'characters that mean something in a pattern',
      `${BULLMQ} new Queue(\`a.b{\${region}}\`);`,
      'queues /^a\\.b\\{[^]*\\}$/',
    ],
    ['either of two', `${BULLMQ} new Queue(isEu ? 'eu' : 'us');`, 'queues eu us'],
    ['one that cannot be seen', `${BULLMQ} new Queue(config.name);`, 'queues /^[^]*$/'],
    [
      'arguments that are spread',
      `${BULLMQ} new Queue(...args); new Worker(...args);`,
      'queues /^/, workers /^/',
    ],
    [
      'what callers give to a function',
      {
        'a.ts': `import { queue } from './queue'; queue('mail'); queue('sms');`,
        'queue.ts': `${BULLMQ} export const queue = (name: string) => new Queue(name);`,
      },
      'queues mail sms',
    ],
    ['the names of a list', `${BULLMQ} for (const name of ['a', 'b']) new Worker(name, f);`, 'workers a b'],
    [
      'registrations and processors of Nest',
      `${NEST} BullModule.registerQueue({ name: 'mail' }, { name: 'sms' }); @Processor('mail') class M extends WorkerHost { process() {} } @Processor({ name: 'sms' }) class S extends WorkerHost { process() {} }`,
      'queues mail sms, workers mail sms',
    ],
    [
      'registrations that are spread or have no name',
      `${NEST} BullModule.registerQueue(...queues); BullModule.registerQueue(options);`,
      'queues /^/ /^/',
    ],
    [
      'a queue that is injected',
      `${NEST} class A { constructor(@InjectQueue('mail') private queue) {} }`,
      'fed mail',
    ],
    [
      'nodes of a flow',
      `${BULLMQ} new FlowProducer().add({ name: 'x', queueName: 'a', children: [{ name: 'y', queueName: NAME }] });`,
      'fed a /^[^]*$/',
    ],
    [
      'a flow that is put together elsewhere',
      `${BULLMQ} export const flows = new FlowProducer();`,
      'fed /^/',
    ],
    ['queues of Bull', `import Queue from 'bull'; new Queue('a').process(f);`, 'queues a, workers a'],
    ['other queues', `import PQueue from 'p-queue'; new PQueue('a'); new Queue('b');`, ''],
  ])('%s', (_, code, expected) => {
    expect(shown(code)).toBe(expected);
  });
});

it('asks whether a side can have a name', () => {
  const { queues } = namesOf(`${BULLMQ} new Queue('mail'); new Queue(\`eu-\${region}-sms\`);`);
  expect(['mail', 'eu-1-sms', 'eu-1', 'us-1-sms', 'mails'].map((name) => has(queues, name))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
