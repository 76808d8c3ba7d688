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
    expect(stdout).toContain('job completed (attempt 1');
    expect(stdout).toContain('job failed for good (attempt 1');
    expect(stdout).toContain('order no longer exists');
    expect(stdout).toContain('4 placed and kept, 3 confirmed, 1 undeliverable');
    expect(stdout).toContain('3 accepted, one for each confirmed order');
    expect(stdout).toContain('"healthy":true');
  },
);
