// Premise: an enqueue that is not awaited is lost when the process ends with the answer while Redis is still being connected, and its rejection kills the process.
import { expect, test } from 'vitest';
import { premise, type World } from './support.ts';

interface Request {
  name: string;
  awaited: boolean;
  payload: 'fine' | 'unserializable';
}
// A handler's first request, answered 200, or 500 when it throws; the process ends with it, as a serverless one does.
const handleOneRequest = async ({ bullmq, connection, say }: World, { name, awaited, payload }: Request) => {
  const queue = new bullmq.Queue(name, { connection });
  const handle = async () => {
    const adding = queue.add('confirm', { order: payload === 'fine' ? 7 : 7n });
    if (awaited) await adding;
  };
  try {
    await handle();
    say(200);
  } catch {
    say(500);
  }
  // The process that shall die of a rejection stays until then.
  if (awaited || payload === 'fine') process.exit(0);
};

premise((lab) => {
  const request = async (awaited: boolean, payload: Request['payload']) => {
    const queue = lab.queue();
    const { code, said, stderr } = await lab.process(handleOneRequest, { name: queue.name, awaited, payload })
      .end;
    return { code, answers: said, jobs: await queue.count(), stderr };
  };

  test('not awaited: answered 200, and there is no job', async () => {
    expect(await request(false, 'fine')).toMatchObject({ answers: [200], jobs: 0, code: 0 });
  });

  test('awaited: answered 200, and there is a job', async () => {
    expect(await request(true, 'fine')).toMatchObject({ answers: [200], jobs: 1, code: 0 });
  });

  test('not awaited and rejected: answered 200, and the process dies', async () => {
    const { stderr, ...result } = await request(false, 'unserializable');
    expect(result).toEqual({ answers: [200], jobs: 0, code: 1 });
    expect(stderr).toContain('TypeError: Do not know how to serialize a BigInt');
  });

  test('awaited and rejected: answered 500, and the process lives', async () => {
    expect(await request(true, 'unserializable')).toMatchObject({ answers: [500], jobs: 0, code: 0 });
  });
});
