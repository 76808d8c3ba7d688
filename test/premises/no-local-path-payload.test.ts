// Premise: a path in the payload names a file of the machine that enqueued; the worker's machine has no such file.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AnyJob, premise, type World } from './support.ts';

// Runs in a process whose working directory stands in for the disk of the worker's machine.
const importer = ({ bullmq, connection, Redis, fs, say }: World, name: string) => {
  const redis = new Redis(connection);
  const process = ({ data }: AnyJob<{ path: string } | { objectKey: string }>) =>
    'path' in data ? fs.readFile(data.path, 'utf8') : redis.get(data.objectKey);
  const worker = new bullmq.Worker(name, process, { connection });
  worker.on('completed', (_job, value: unknown) => {
    say(value);
  });
  worker.on('failed', (_job, error: NodeJS.ErrnoException) => {
    say(error.code);
  });
};

premise((lab) => {
  const machine = async () => {
    const disk = await mkdtemp(join(tmpdir(), 'machine-'));
    lab.defer(() => rm(disk, { recursive: true }));
    return disk;
  };
  const upload = 'uploads/customers.csv';

  test('the uploaded file is found on the machine of the upload only', async () => {
    const web = await machine();
    await mkdir(join(web, 'uploads'));
    await writeFile(join(web, upload), 'Ann');
    const queue = lab.queue<{ path: string }>();
    await queue.add('import', { path: upload });

    const besideTheFile = lab.process(importer, queue.name, { cwd: web });
    expect(await besideTheFile.said.reaches(1)).toEqual(['Ann']);
    besideTheFile.kill('SIGKILL');
    await besideTheFile.end;
    await queue.add('import', { path: upload });
    expect(await lab.process(importer, queue.name, { cwd: await machine() }).said.reaches(1)).toEqual([
      'ENOENT',
    ]);
  });

  test('the key of a stored object leads every worker to it', async () => {
    const queue = lab.queue<{ objectKey: string }>();
    const objectKey = `${queue.name}/customers.csv`;
    await lab.redis.set(objectKey, 'Ann');
    await queue.add('import', { objectKey });

    expect(await lab.process(importer, queue.name, { cwd: await machine() }).said.reaches(1)).toEqual([
      'Ann',
    ]);
  });
});
