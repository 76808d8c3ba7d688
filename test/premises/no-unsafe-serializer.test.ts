// Premise: a processor that evaluates job data runs whatever code somebody put into Redis, and v8.deserialize cannot read what a newer runtime wrote.
import { deserialize, serialize } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

const loot: { found?: string } = {};
Object.assign(globalThis, { loot });

premise((lab) => {
  const forged = 'this.constructor.constructor("return globalThis")().loot.found = "secrets"';
  const sinks: Record<string, (code: string) => unknown> = {
    eval: (code) => (0, eval)(code) as unknown,
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the subject
    'new Function': (code) => new Function(code)() as unknown,
    'vm.runInNewContext': (code) => runInNewContext(code, {}) as unknown,
  };

  test.each(Object.keys(sinks))('%s on job data executes what a forged job holds', async (sink) => {
    delete loot.found;
    const queue = lab.queue<{ code: string }>();
    const job = await queue.add('task', { code: '1 + 1' });
    // Anyone who can write to Redis can do this, without the application.
    await lab.redis.hset(queue.toKey(String(job.id)), 'data', JSON.stringify({ code: forged }));
    const { outcome } = lab.worker(queue, ({ data }) => sinks[sink]?.(data.code));

    expect(await outcome(job)).toMatchObject({ state: 'completed' });
    expect(loot.found).toBe('secrets');
  });

  test('looking a named operation up executes nothing but the operations there are', async () => {
    delete loot.found;
    const operations = new Map([['double', (value: number) => value * 2]]);
    const queue = lab.queue<{ operation: string; value: number }>();
    const honest = await queue.add('task', { operation: 'double', value: 21 });
    const hostile = await queue.add('task', { operation: forged, value: 0 });
    const { outcome } = lab.worker(queue, ({ data }) => {
      const operation = operations.get(data.operation);
      if (!operation) throw new lab.bullmq.UnrecoverableError('unknown operation');
      return operation(data.value);
    });

    expect(await outcome(honest)).toEqual({ state: 'completed', value: 42 });
    expect(await outcome(hostile)).toEqual({ state: 'failed', reason: 'unknown operation' });
    expect(loot.found).toBeUndefined();
  });

  test('a v8 blob of the next format version cannot be read; JSON has no version', async () => {
    const order = { id: 7 };
    const blob = serialize(order);
    blob.writeUInt8(blob.readUInt8(1) + 1, 1);
    const queue = lab.queue<string>();
    const asBlob = await queue.add('blob', blob.toString('base64'));
    const asJson = await queue.add('json', JSON.stringify(order));
    const { outcome } = lab.worker(
      queue,
      ({ name, data }) =>
        (name === 'json' ? JSON.parse(data) : deserialize(Buffer.from(data, 'base64'))) as unknown,
    );

    expect(await outcome(asBlob)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('Unable to deserialize') as string,
    });
    expect(await outcome(asJson)).toEqual({ state: 'completed', value: order });
  });
});
