// Premise: a job runs again when its worker dies or its processor throws after the effect, even with attempts: 1 in the first case; without a guard the effect is repeated.
import { expect, test } from 'vitest';
import { gate, premise } from './support.ts';

interface Order {
  emailSentAt?: Date;
}
type Send = (order: Order, mail: () => void) => void;
const unguarded: Send = (_order, mail) => {
  mail();
};
const guarded: Send = (order, mail) => {
  if (order.emailSentAt) return;
  mail();
  order.emailSentAt = new Date();
};

premise((lab) => {
  /** The worker dies after the mail is sent, before the job is completed. */
  const mailsDespiteCrash = async (send: Send) => {
    let mails = 0;
    const order: Order = {};
    const queue = lab.queue();
    const job = await queue.add('confirm', {}, { attempts: 1 });
    const sent = gate();
    const { worker } = lab.worker(
      queue,
      async () => {
        send(order, () => mails++);
        sent.open();
        await new Promise(() => undefined);
      },
      { lockDuration: 100, stalledInterval: 50 },
    );
    await sent.opened;
    await worker.close(true);
    const next = lab.worker(
      queue,
      () => {
        send(order, () => mails++);
      },
      { stalledInterval: 50 },
    );
    expect(await next.outcome(job)).toMatchObject({ state: 'completed' });
    return mails;
  };

  test('the worker dies after the mail: sent twice without a guard, once with one', async () => {
    expect(await mailsDespiteCrash(unguarded)).toBe(2);
    expect(await mailsDespiteCrash(guarded)).toBe(1);
  });

  /** The processor fails after the mail is sent, once. */
  const mailsDespiteRetry = async (send: Send) => {
    let mails = 0;
    const order: Order = {};
    const queue = lab.queue();
    const job = await queue.add('confirm', {}, { attempts: 2 });
    const { outcome } = lab.worker(queue, ({ attemptsMade }) => {
      send(order, () => mails++);
      if (attemptsMade === 0) throw new Error('audit log is down');
    });
    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    return mails;
  };

  test('the processor throws after the mail: sent twice without a guard, once with one', async () => {
    expect(await mailsDespiteRetry(unguarded)).toBe(2);
    expect(await mailsDespiteRetry(guarded)).toBe(1);
  });
});
