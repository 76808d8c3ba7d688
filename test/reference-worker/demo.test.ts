import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { buildProcesses } from './support/build.ts';

it(
  'runs with nothing but npm, shows what happens and ends with a summary',
  { timeout: 180_000 },
  async () => {
    const folder = await buildProcesses('demo');
    // With nothing said, it brings its own Postgres and keeps the jobs there.
    const env = { ...process.env, DATABASE_URL: '', REDIS_URL: undefined };
    const demo = join(folder, 'src/reference-worker/demo/demo.js');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [demo], { env, timeout: 120_000 });

    expect(stderr).toBe('');
    expect(stdout).toMatch(/job started .*attempt 1/);
    expect(stdout).toMatch(/job failed, will be retried .*attempt 1.*Busy/);
    expect(stdout).toMatch(/job completed .*attempt 2, \d+ ms/);
    expect(stdout).toMatch(/job failed for good .*attempt 1.*No such mailbox/);
    expect(stdout).toContain('order no longer exists');
    expect(stdout).toContain('3 placed: 2 confirmed, 1 undeliverable');
    expect(stdout).toContain('2 accepted, one for each confirmed order');
    expect(stdout).toContain('"healthy":true');
  },
);
