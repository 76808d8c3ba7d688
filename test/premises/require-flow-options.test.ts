// Premise: the jobs of a flow take neither the retry policy of their queue nor that of their parent, and a child that fails leaves its parent waiting for ever, or, with removeOnFail, lets it complete as if all were well.
import type { FlowOpts, JobsOptions } from 'bullmq';
import { expect, test } from 'vitest';
import { premise } from './support.ts';

premise((lab) => {
  const run = async (
    { parent = {}, child = {}, defaults = {} }: Partial<Record<'parent' | 'child' | 'defaults', JobsOptions>>,
    flowOptions?: (childQueue: string) => FlowOpts,
  ) => {
    const [reports, parts] = [lab.queue(), lab.queue({ defaultJobOptions: defaults })];
    let childRuns = 0;
    const children = lab.worker(parts, () => {
      childRuns++;
      throw new Error('no data');
    });
    const parents = lab.worker(reports, () => 'reported', { stalledInterval: 50 });
    const tree = await lab.flow().add(
      {
        name: 'report',
        queueName: reports.name,
        opts: parent,
        children: [{ name: 'part', queueName: parts.name, opts: child }],
      },
      flowOptions?.(parts.name),
    );
    const part = tree.children?.[0]?.job ?? {};
    await children.outcome(part);
    return { childRuns, parent: tree.job, parents };
  };
  const failParent: JobsOptions = { failParentOnFailure: true };

  test('attempts of the queue or of the parent: the child is tried once', async () => {
    expect((await run({ defaults: { attempts: 3 } })).childRuns).toBe(1);
    expect((await run({ parent: { attempts: 3 } })).childRuns).toBe(1);
  });

  test('attempts of the child itself, or in queuesOptions: tried three times', async () => {
    expect((await run({ child: { attempts: 3 } })).childRuns).toBe(3);
    const queuesOptions = { defaultJobOptions: { attempts: 3 } };
    expect((await run({}, (parts) => ({ queuesOptions: { [parts]: queuesOptions } }))).childRuns).toBe(3);
  });

  test('a child that fails without a policy: the parent waits', async () => {
    const { parent } = await run({});
    expect(await parent.getState()).toBe('waiting-children');
  });

  test('a child that fails with removeOnFail alone: the parent completes', async () => {
    const { parent, parents } = await run({ child: { removeOnFail: true } });
    expect(await parents.outcome(parent)).toEqual({ state: 'completed', value: 'reported' });
  });

  test('a child that fails with failParentOnFailure: the parent fails', async () => {
    for (const child of [failParent, { ...failParent, removeOnFail: true }]) {
      const { parent, parents } = await run({ child });
      expect(await parents.outcome(parent)).toMatchObject({ state: 'failed' });
    }
  });

  test('a child that may fail, said with ignoreDependencyOnFailure: the parent completes and can see it', async () => {
    const { parent, parents } = await run({ child: { ignoreDependencyOnFailure: true } });
    expect(await parents.outcome(parent)).toMatchObject({ state: 'completed' });
    expect(Object.values(await parent.getIgnoredChildrenFailures())).toEqual(['no data']);
  });
});
