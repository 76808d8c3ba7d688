import { describe, expect, it } from 'vitest';
import { lint } from '../support/project.ts';

const queue = `
  import { Queue } from 'bullmq';
  export const mails = new Queue('mails', {
    connection: {},
    defaultJobOptions: { removeOnComplete: true, removeOnFail: { age: 86_400 } },
  });`;
const waiting = `async (req) => {
    const job = await mails.add('send', { to: req.body.to }, { attempts: 1 });
    await job.waitUntilFinished(events);
  }`;

/** The rules that the settings are shown with. */
const rules = {
  'no-await-job-result': 'error',
  'no-module-state': 'error',
  'require-retry-policy': 'error',
} as const;

/** Files with findings. */
function reported(files: Record<string, string>, settings: Record<string, unknown>): string[] {
  return lint({ 'src/queue.ts': queue, ...files }, { rules, settings }).map(
    ({ file, rule }) => `${file} ${rule}`,
  );
}

describe('testFiles, includeTests', () => {
  const enqueue = `import { mails } from '../src/queue'; export const send = () => mails.add('send', {});`;
  const files = { 'src/send.ts': enqueue, 'src/send.test.ts': enqueue, 'test/send.ts': enqueue };

  it.each<[string, Record<string, unknown>, string[]]>([
    ['tests are left out', {}, ['src/send.ts']],
    ['tests are reported on', { includeTests: true }, ['src/send.ts', 'src/send.test.ts', 'test/send.ts']],
    ['a list of their own', { testFiles: ['src/send.ts', '*.test.ts'] }, ['test/send.ts']],
  ])('%s', (_, settings, expected) => {
    expect(reported(files, settings)).toEqual(expected.map((file) => `${file} require-retry-policy`));
  });
});

describe('handlers', () => {
  const files = {
    'src/api.ts': `
      import { endpoint } from '@shop/http';
      import { mails } from './queue';
      export default endpoint('/mails', ${waiting});`,
  };

  it('makes a function known as a handler by what it is given to', () => {
    expect(reported(files, {})).toEqual([]);
    expect(reported(files, { handlers: ['endpoint'] })).toEqual(['src/api.ts no-await-job-result']);
  });
});

describe('wrappers', () => {
  const files = {
    'src/later.ts': `
      const kept = [];
      export function later(fn) {
        kept.push(fn);
        return async (job) => { await dispatch(job); };
      }`,
    'src/worker.ts': `
      import { Worker } from 'bullmq';
      import { later } from './later';
      let processed = 0;
      export const worker = new Worker('mails', later(async (job) => { processed += 1; }), {});`,
  };

  it('lets a processor be seen through what wraps it', () => {
    expect(reported(files, {})).toEqual([]);
    expect(reported(files, { wrappers: ['later'] })).toEqual(['src/worker.ts no-module-state']);
  });
});

describe('a mistake in the settings', () => {
  it.each([
    [{ handler: [] }, /settings\['async-tasks'\]\.handler is not a setting\. There are: testFiles, /],
    [{ testFiles: 'test/' }, /settings\['async-tasks'\]\.testFiles must be a list of strings/],
    [{ includeTests: 'yes' }, /settings\['async-tasks'\]\.includeTests must be true or false/],
  ])('is an error: %j', (settings, message) => {
    expect(() => reported({}, settings)).toThrow(message);
  });
});
