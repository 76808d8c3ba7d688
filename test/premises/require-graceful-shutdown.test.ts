// Premise: a process that ends on SIGTERM without awaiting worker.close() leaves its jobs active, and another worker runs them again.
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

const impatient = { lockDuration: 800, stalledInterval: 100 };
type Shutdown = 'none' | 'not awaited' | 'awaited';
interface Service {
  name: string;
  shutdown: Shutdown;
  timing: typeof impatient;
}
const service = ({ bullmq, connection, say }: World, { name, shutdown, timing }: Service) => {
  const work = async () => {
    say('started');
    await new Promise((resolve) => setTimeout(resolve, 300));
    say('done');
  };
  const worker = new bullmq.Worker(name, work, { connection, ...timing });
  if (shutdown === 'none') return;
  process.once('SIGTERM', () => {
    const closed = worker.close();
    if (shutdown === 'not awaited') process.exit(0);
    void closed.then(() => process.exit(0));
  });
};

premise((lab) => {
  const deploy = async (shutdown: Shutdown) => {
    const queue = lab.queue();
    const job = await queue.add('import', {});
    const { said, kill, end } = lab.process(service, { name: queue.name, shutdown, timing: impatient });
    await said.reaches(1);
    kill('SIGTERM');
    await end;
    return { queue, job, said: said.entries, state: await job.getState() };
  };

  test.each<Shutdown>(['none', 'not awaited'])(
    'close %s: interrupted, and run again by another worker',
    async (shutdown) => {
      const { queue, job, said, state } = await deploy(shutdown);
      expect({ said, state }).toEqual({ said: ['started'], state: 'active' });

      let runs = 0;
      expect(await lab.worker(queue, () => ++runs, { stalledInterval: 100 }).outcome(job)).toEqual({
        state: 'completed',
        value: 1,
      });
    },
  );

  test('close awaited: done before the process ends', async () => {
    const { said, state } = await deploy('awaited');
    expect({ said, state }).toEqual({ said: ['started', 'done'], state: 'completed' });
  });
});
