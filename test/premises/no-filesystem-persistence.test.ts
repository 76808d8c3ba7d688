// Premise: a file that a processor leaves behind does not exist for the next job when that runs on another machine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AnyJob, premise, type World } from './support.ts';

// Runs in processes whose working directories stand in for the disks of two machines with the same code.
const reports = (
  { bullmq, connection, Redis, fs, say }: World,
  { name, disk }: { name: string; disk: boolean },
) => {
  const redis = new Redis(connection);
  const process = async (job: AnyJob<{ report: string }>) => {
    const { report } = job.data;
    if (job.name === 'send') return disk ? fs.readFile(report, 'utf8') : redis.get(report);
    if (!disk) return redis.set(report, 'total: 42');
    await fs.mkdir('reports');
    return fs.writeFile(report, 'total: 42');
  };
  const worker = new bullmq.Worker(name, process, { connection });
  worker.on('completed', (_job, value) => {
    say(value ?? 'written');
  });
  worker.on('failed', (_job, error: NodeJS.ErrnoException) => {
    say(error.code);
  });
};

premise((lab) => {
  const renderThenSendOnAnotherMachine = async (disk: boolean) => {
    const queue = lab.queue<{ report: string }>();
    const results: unknown[] = [];
    for (const step of ['render', 'send']) {
      const cwd = await mkdtemp(join(tmpdir(), 'machine-'));
      lab.defer(() => rm(cwd, { recursive: true }));
      const worker = lab.process(reports, { name: queue.name, disk }, { cwd });
      await queue.add(step, { report: `reports/${queue.name}.txt` });
      results.push(...(await worker.said.reaches(1)));
      worker.kill('SIGKILL');
      await worker.end;
    }
    return results;
  };

  test('the report written to disk is not there for the second machine', async () => {
    expect(await renderThenSendOnAnotherMachine(true)).toEqual(['written', 'ENOENT']);
  });

  test('the report written to shared storage is', async () => {
    expect(await renderThenSendOnAnotherMachine(false)).toEqual(['OK', 'total: 42']);
  });
});
