/**
 * What the edits of no-removed-api make of an application for BullMQ 5: one that compiles with BullMQ 6.
 */
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import plugin from '../../src/plugin/index.ts';
import { TestProject, type Files } from '../support/project.ts';

const nodeModules = path.resolve(import.meta.dirname, '../../node_modules');

const application: Files = {
  'package.json': '{ "name": "shop", "type": "module", "dependencies": { "bullmq": "^6.0.0" } }',
  'src/queues.ts': `import { Queue } from 'bullmq';

const connection = { host: 'redis' };

export const systemQueue = new Queue('system', { connection });
export const backupQueue = new Queue<{ backupId: string }>('backups', { connection });
export const mailQueue = new Queue<object, void, 'digest' | 'reminder'>('mails', { connection });
`,
  'src/system.ts': `import { Worker } from 'bullmq';
import { systemQueue } from './queues.js';

export async function setupSystemJobs() {
  // Old definitions go first, in case a pattern has changed.
  const repeatableJobs = await systemQueue.getRepeatableJobs();
  for (const job of repeatableJobs) {
    await systemQueue.removeRepeatableByKey(job.key);
  }

  await systemQueue.add(
    'api-key-rotation',
    {},
    {
      repeat: {
        pattern: '0 0 * * *', // every day at midnight
      },
    },
  );
  await systemQueue.add(
    'clean-expired-tokens',
    {},
    {
      repeat: { pattern: '0 3 * * *' }, // daily at 03:00
      jobId: 'clean-expired-tokens', // a fixed id across instances
      removeOnComplete: true,
      removeOnFail: false,
      attempts: 3,
      backoff: { type: 'exponential', delay: 1000 },
    },
  );
}

export const worker = new Worker('system', async (job) => {
  if (!job.data.tenantId) {
    await job.discard();
    throw new Error('Missing tenantId');
  }
  await job.progress(50);
  await job.update({ ...job.data, seen: true });
  return { progress: job.progress(), debounced: job.debounceId };
}, { connection: { host: 'redis' } });
`,
  'src/backups.ts': `import { backupQueue } from './queues.js';

interface Schedule {
  backupId: string;
  cron: string;
  timezone?: string;
}

const EVERY_HOUR = { every: 60 * 60 * 1000 };

export async function schedule({ backupId, cron, timezone }: Schedule) {
  await backupQueue.add(backupId, { backupId }, { repeat: { cron, tz: timezone || 'UTC' } });
  await backupQueue.add(\`\${backupId}-cleanup\`, { backupId }, { repeat: { pattern: cron, utc: true }, attempts: 3 });
  await backupQueue.add('heartbeat', { backupId: 'none' }, { repeat: EVERY_HOUR });
}

export async function unschedule({ backupId, cron }: Schedule) {
  await backupQueue.removeRepeatable(\`\${backupId}-cleanup\`, { pattern: cron });
  return backupQueue.removeRepeatable(backupId, { pattern: cron });
}

export async function backupSoon(backupId: string) {
  const debounce = { id: backupId, ttl: 5000 };
  await backupQueue.add('backup', { backupId }, { debounce });
  await backupQueue.add('verify', { backupId }, { debounce: { id: backupId, ttl: 5000 }, delay: 1000 });
}
`,
  'src/mails.ts': `import { QueueEvents } from 'bullmq';
import { mailQueue } from './queues.js';

const policy = { attempts: 5, removeOnComplete: { age: 3600 } };

export class Mails {
  private readonly events = new QueueEvents('mails', { connection: { host: 'redis' } });

  async onModuleInit() {
    this.events.on('debounced', ({ jobId }) => console.log('dropped', jobId));
    await mailQueue.add('digest', {}, { jobId: 'daily-digest', ...policy, repeat: { key: 'digest', pattern: '0 9 * * *', limit: 30 } });
    await mailQueue.upsertJobScheduler('reminder', { pattern: '0 8 * * *', utc: true });
    await mailQueue.isReady();
  }
}
`,
};

const config: Linter.Config[] = [
  {
    files: ['**/*.ts'],
    plugins: { 'async-tasks': plugin },
    languageOptions: { parser },
    rules: { 'async-tasks/no-removed-api': 'error' },
  },
];

/** A file's text with all fixes and suggestions, one after the other, and what is reported then. */
function migrated(project: TestProject, file: string): { text: string; left: string[] } {
  let text = application[file] as string;
  for (let round = 0; round < 40; round++) {
    const linter = new Linter({ cwd: project.root });
    const messages = linter.verify(text, config, { filename: project.path(file) });
    const fix = messages.map((message) => message.fix ?? message.suggestions?.[0]?.fix).find(Boolean);
    if (!fix) return { text, left: messages.map(({ message, line }) => `${line}: ${message}`) };
    text = text.slice(0, fix.range[0]) + fix.text + text.slice(fix.range[1]);
  }
  throw new Error(`no end of edits in ${file}`);
}

function typeErrors(project: TestProject, files: readonly string[]): string[] {
  const program = ts.createProgram(
    files.map((file) => project.path(file)),
    {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      types: ['node'],
      typeRoots: [path.join(nodeModules, '@types')],
    },
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
    );
}

describe('an application for BullMQ 5', () => {
  const project = new TestProject(application);
  const sources = project.sources();
  const texts = new Map<string, string>();

  it('compiles with BullMQ 6 after the fixes and suggestions, and not before', () => {
    symlinkSync(nodeModules, project.path('node_modules'));
    const before = typeErrors(project, sources).join('\n');
    for (const name of [
      'getRepeatableJobs',
      'removeRepeatable',
      'repeat',
      'debounce',
      'discard',
      'utc',
      'isReady',
    ])
      expect(before).toContain(name);

    for (const file of sources) {
      const { text, left } = migrated(project, file);
      expect(left).toEqual([]);
      texts.set(file, text);
    }
    project.write(Object.fromEntries(texts));
    expect(typeErrors(project, sources)).toEqual([]);
  }, 60_000);

  it('keeps its ids, options and comments', () => {
    expect(texts.get('src/system.ts')).toMatchInlineSnapshot(`
      "import { Worker, UnrecoverableError } from 'bullmq';
      import { systemQueue } from './queues.js';

      export async function setupSystemJobs() {
        // Old definitions go first, in case a pattern has changed.
        const repeatableJobs = await systemQueue.getJobSchedulers();
        for (const job of repeatableJobs) {
          await systemQueue.removeJobScheduler(job.key);
        }

        await systemQueue.upsertJobScheduler(
          'api-key-rotation', {
              pattern: '0 0 * * *', // every day at midnight
            }, { name: 'api-key-rotation', data: {} },
        );
        await systemQueue.upsertJobScheduler(
          'clean-expired-tokens', { pattern: '0 3 * * *' }, { name: 'clean-expired-tokens', data: {}, opts: {
            // daily at 03:00
            // a fixed id across instances
            removeOnComplete: true,
            removeOnFail: false,
            attempts: 3,
            backoff: { type: 'exponential', delay: 1000 },
          } },
        );
      }

      export const worker = new Worker('system', async (job) => {
        if (!job.data.tenantId) {
          throw new UnrecoverableError('Missing tenantId');
        }
        await job.updateProgress(50);
        await job.updateData({ ...job.data, seen: true });
        return { progress: job.progress, debounced: job.deduplicationId };
      }, { connection: { host: 'redis' } });
      "
    `);
    expect(texts.get('src/backups.ts')).toMatchInlineSnapshot(`
      "import { backupQueue } from './queues.js';

      interface Schedule {
        backupId: string;
        cron: string;
        timezone?: string;
      }

      const EVERY_HOUR = { every: 60 * 60 * 1000 };

      export async function schedule({ backupId, cron, timezone }: Schedule) {
        await backupQueue.upsertJobScheduler(backupId, { pattern: cron, tz: timezone || 'UTC' }, { name: backupId, data: { backupId } });
        await backupQueue.upsertJobScheduler(\`\${backupId}-cleanup\`, { pattern: cron, tz: 'UTC' }, { name: \`\${backupId}-cleanup\`, data: { backupId }, opts: { attempts: 3 } });
        await backupQueue.upsertJobScheduler('heartbeat', EVERY_HOUR, { name: 'heartbeat', data: { backupId: 'none' } });
      }

      export async function unschedule({ backupId, cron }: Schedule) {
        await backupQueue.removeJobScheduler(\`\${backupId}-cleanup\`);
        return backupQueue.removeJobScheduler(backupId);
      }

      export async function backupSoon(backupId: string) {
        const debounce = { id: backupId, ttl: 5000 };
        await backupQueue.add('backup', { backupId }, { deduplication: debounce });
        await backupQueue.add('verify', { backupId }, { deduplication: { id: backupId, ttl: 5000 }, delay: 1000 });
      }
      "
    `);
    expect(texts.get('src/mails.ts')).toMatchInlineSnapshot(`
      "import { QueueEvents } from 'bullmq';
      import { mailQueue } from './queues.js';

      const policy = { attempts: 5, removeOnComplete: { age: 3600 } };

      export class Mails {
        private readonly events = new QueueEvents('mails', { connection: { host: 'redis' } });

        async onModuleInit() {
          this.events.on('deduplicated', ({ jobId }) => console.log('dropped', jobId));
          await mailQueue.upsertJobScheduler('digest', { pattern: '0 9 * * *', limit: 30 }, { name: 'digest', data: {}, opts: { ...policy } });
          await mailQueue.upsertJobScheduler('reminder', { pattern: '0 8 * * *', tz: 'UTC' });
          await mailQueue.waitUntilReady();
        }
      }
      "
    `);
  });
});
