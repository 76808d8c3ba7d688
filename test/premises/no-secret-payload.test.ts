// Premise: job data is stored in Redis in clear text, and stays there after the job is done.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const key = randomBytes(32);
  const encrypt = (text: string): string => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  };
  const decrypt = (text: string): string => {
    const bytes = Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAuthTag(
      bytes.subarray(12, 28),
    );
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  };
  /** What Redis holds of a job before it runs and when it is done, and what its processor read. */
  const afterRun = async (data: { password: string }, read: (data: { password: string }) => string) => {
    const queue = lab.queue<{ password: string }>();
    const job = await queue.add('connect', data);
    const stored = async () => JSON.stringify(await lab.redis.hgetall(queue.toKey(String(job.id))));
    const before = await stored();
    const passwords: string[] = [];
    await lab
      .worker(queue, (job) => {
        passwords.push(read(job.data));
      })
      .outcome(job);
    return { before, after: await stored(), passwords };
  };

  test('a password can be read in Redis', async () => {
    const { before, after, passwords } = await afterRun({ password: 'hunter2' }, ({ password }) => password);
    expect(passwords).toEqual(['hunter2']);
    expect([before, after]).toEqual([expect.stringContaining('hunter2'), expect.stringContaining('hunter2')]);
  });

  test('an encrypted one can be read by its processor only', async () => {
    const sealed = { password: encrypt('hunter2') };
    const { before, after, passwords } = await afterRun(sealed, ({ password }) => decrypt(password));
    expect(passwords).toEqual(['hunter2']);
    expect(before + after).not.toContain('hunter2');
  });
});
