// Premise: synchronous work that outlasts the lock keeps the worker from renewing it, so another worker runs the same job as well.
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

const impatient = { lockDuration: 1_500, stalledInterval: 100 };

// Four seconds of work under a lock of 1.5 s; what blocks stands for execSync, pbkdf2Sync and the like.
const work = (
  { bullmq, connection, say }: World,
  { name, blocking, timing }: { name: string; blocking: boolean; timing: typeof impatient },
) => {
  const process = async () => {
    say('started');
    if (blocking) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4_000);
    else await new Promise((resolve) => setTimeout(resolve, 4_000));
  };
  const worker = new bullmq.Worker(name, process, { connection, ...timing });
  worker.on('completed', () => {
    say('completed');
  });
  worker.on('error', (error) => {
    say(error.message);
  });
};

premise((lab) => {
  const runBesideAnotherWorker = async (blocking: boolean) => {
    const queue = lab.queue();
    await queue.add('render', {});
    const { said } = lab.process(work, { name: queue.name, blocking, timing: impatient });
    await said.reaches(1);
    let runs = 0;
    lab.worker(
      queue,
      () => {
        runs++;
      },
      { stalledInterval: impatient.stalledInterval },
    );
    await said.reaches(2);
    return { said: said.entries, runsElsewhere: runs };
  };

  test('blocking: run a second time by the other worker', async () => {
    const { said, runsElsewhere } = await runBesideAnotherWorker(true);
    expect(runsElsewhere).toBe(1);
    expect(said.slice(0, 2)).toEqual([
      'started',
      expect.stringMatching(/Missing lock|could not renew lock|Missing key/),
    ]);
  });

  test('not blocking, for as long: run once, under the same lock', async () => {
    const { said, runsElsewhere } = await runBesideAnotherWorker(false);
    expect(runsElsewhere).toBe(0);
    expect(said).toEqual(['started', 'completed']);
  });
});
