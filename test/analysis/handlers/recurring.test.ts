import { expect, it } from 'vitest';
import { recurringIn } from '../../../src/analysis/handlers/recurring.ts';
import { functionName } from '../../../src/analysis/source/nodes.ts';
import { memoryProject } from '../../support/memory.ts';

it.each<[string, string, string[]]>([
  ['an event', `function f() {} x.on('order', f); x.addListener('paid', f);`, ['f', 'f']],
  ['an event by a constant', `const E = 'order'; function f() {} x.on(E, f);`, ['f']],
  [
    'no event that comes once',
    `function f() {} x.on('listening', f); process.on('SIGTERM', f); x.once('order', f);`,
    [],
  ],
  ['no event that is not known', `function f() {} x.on(name, f);`, []],
  ['a timer', `function f() {} setInterval(f, 10); setTimeout(f, 10);`, ['f']],
  ['no timer of the project', `function f() {} function setInterval(g) {} setInterval(f);`, []],
  [
    'a schedule',
    `import cron from 'node-cron'; import { CronJob } from 'cron'; import schedule from 'node-schedule'; function f() {} cron.schedule('*', f); new CronJob('*', f); schedule.scheduleJob('*', f);`,
    ['f', 'f', 'f'],
  ],
  ['no schedule of something else', `function f() {} mails.schedule('*', f);`, []],
  [
    'a decorated method',
    `import { OnEvent } from '@nestjs/event-emitter'; import { Cron } from '@nestjs/schedule'; class A { @OnEvent('x') f() {} @Cron('*') g() {} @Other() h() {} }`,
    ['A.f', 'A.g'],
  ],
])('%s', (_, code, expected) => {
  const project = memoryProject({ 'a.ts': code });
  const found = recurringIn(project.ev, project.module('a.ts')).map(({ at }) => functionName(at.node));
  expect(found.sort()).toEqual([...expected].sort());
});
