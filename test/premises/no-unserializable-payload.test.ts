// Premise: a payload or result arrives as what JSON made of it: dates as strings, maps and errors as {}, functions not at all; a BigInt throws, and a result that throws makes a finished job run again.
import { expect, test } from 'vitest';
import { premise } from './support.ts';

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
  format(): string {
    return `${this.cents / 100} EUR`;
  }
}

premise((lab) => {
  const transport = async (value: unknown) => {
    const queue = lab.queue<{ value: unknown }>();
    const job = await queue.add('job', { value });
    return (await queue.getJob(String(job.id)))?.data.value;
  };

  test.each<[string, unknown, unknown]>([
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a Map', new Map([['a', 1]]), {}],
    ['a Set', new Set([1]), {}],
    ['a WeakMap', new WeakMap(), {}],
    ['a RegExp', /a/, {}],
    ['an Error', new Error('lost'), {}],
    ['a promise', Promise.resolve(1), {}],
    ['a response', new Response('lost'), {}],
    ['a Buffer', Buffer.from('a'), { type: 'Buffer', data: [97] }],
    ['a typed array', new Uint8Array([7, 8]), { 0: 7, 1: 8 }],
    ['a class instance', new Money(100), { cents: 100 }],
    ['undefined in an array', [1, undefined], [1, null]],
    ['NaN', Number.NaN, null],
    ['Infinity', Number.POSITIVE_INFINITY, null],
    ['a function', () => 1, undefined],
    ['a symbol', Symbol('lost'), undefined],
  ])('%s does not arrive as it was', async (_, sent, arrived) => {
    const received = await transport(sent);
    expect(received).toStrictEqual(arrived);
    expect(received).not.toStrictEqual(sent);
  });

  test.each<[string, unknown]>([
    ['the ISO string of a date', new Date(0).toISOString()],
    ['the entries of a map as an object', Object.fromEntries(new Map([['a', 1]]))],
    ['the members of a set', [...new Set([1])]],
    ['the digits of a BigInt', String(10n)],
    ['an object of plain values', { cents: 100, tags: ['a', null] }],
  ])('%s arrives as it was', async (_, sent) => {
    expect(await transport(sent)).toStrictEqual(sent);
  });

  test('a BigInt and a cycle make the enqueue throw', async () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    await expect(transport(10n)).rejects.toThrow('BigInt');
    await expect(transport(cycle)).rejects.toThrow('circular');
  });

  test('a processor that trusts the declared type of a date fails', async () => {
    const queue = lab.queue<{ at: Date }>();
    const job = await queue.add('remind', { at: new Date(0) });
    const { outcome } = lab.worker(queue, ({ data }) => data.at.getTime());
    expect(await outcome(job)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('getTime is not a function') as string,
    });
  });

  const chargeAndReturn = async (result: unknown) => {
    let charges = 0;
    const queue = lab.queue();
    const job = await queue.add('charge', {}, { attempts: 3 });
    const { outcome } = lab.worker(queue, () => {
      charges++;
      return result;
    });
    return { ...(await outcome(job)), charges };
  };

  test('a result that JSON cannot hold repeats the effect it reports', async () => {
    const response: Record<string, unknown> = { status: 200 };
    response.request = { response };
    expect(await chargeAndReturn(response)).toMatchObject({ state: 'failed', charges: 3 });
    expect(await chargeAndReturn({ total: 10n })).toMatchObject({ state: 'failed', charges: 3 });
  });

  test('a plain result is stored and the effect happens once', async () => {
    expect(await chargeAndReturn({ total: '10' })).toEqual({
      state: 'completed',
      value: { total: '10' },
      charges: 1,
    });
  });
});
