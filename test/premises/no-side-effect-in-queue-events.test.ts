// Premise: every replica gets every event of a queue, so a listener of QueueEvents takes effect once for each of them, and not at all while none is running; the processor takes effect once.
import { expect, test } from 'vitest';
import { premise, Trail } from './support.ts';

premise((lab) => {
  const effects = async (replicas: number) => {
    const queue = lab.queue();
    const inListener = new Trail<string>();
    const inProcessor = new Trail<string>();
    const seen = new Trail<string>();
    for (let replica = 1; replica <= replicas; replica++) {
      const events = await lab.events(queue);
      events.on('completed', ({ jobId }) => {
        if (jobId === 'last') seen.push(jobId);
        else inListener.push(jobId);
      });
      lab.worker(queue, ({ id }) => {
        if (id !== 'last') inProcessor.push(String(id));
      });
    }
    await queue.add('invoice', {}, { jobId: 'invoice-7' });
    await inListener.reaches(replicas);
    // Whatever came twice would have come before this one.
    await queue.add('last', {}, { jobId: 'last' });
    await seen.reaches(replicas);
    return { listener: inListener.entries.length, processor: inProcessor.entries.length };
  };

  test('three replicas: three effects in the listener, one in the processor', async () => {
    expect(await effects(3)).toEqual({ listener: 3, processor: 1 });
  });

  test('a replica that starts after the job gets no event of it', async () => {
    const queue = lab.queue();
    const { outcome } = lab.worker(queue, () => undefined);
    await outcome(await queue.add('invoice', {}, { jobId: 'invoice-7' }));
    const events = await lab.events(queue);
    const told = new Trail<string>();
    events.on('completed', ({ jobId }) => {
      told.push(jobId);
    });
    await queue.add('invoice', {}, { jobId: 'invoice-8' });
    expect(await told.reaches(1)).toEqual(['invoice-8']);
  });
});
