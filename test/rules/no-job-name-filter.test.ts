import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, Queue, Job } from 'bullmq';`;
/** The body begins in line 3. */
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;

testRule('no-job-name-filter', {
  valid: [
    [
      'what a service that notes does for every other name',
      worker(
        `if (job.name === 'a') { await send(job.data); return; }\nawait metricsService.aggregate(job.data);`,
        `import { metricsService } from './metrics.js';`,
      ),
    ],
    [
      'a guard that throws',
      worker(`if (job.name !== 'a') throw new Error(job.name);\nawait send(job.data);`),
    ],
    [
      'a name that is made sure of, and then asked for',
      worker(
        `const kind = assertKnown(job.name);\nconst item = await load(job.data.id);\nif (kind !== 'a') if (!item.isActive) return;\nawait send(item);`,
        'function assertKnown(name) { if (name === "a" || name === "b") return name; throw new Error(name); }',
      ),
    ],
    [
      'a name that is made sure of in a step of its own, by another file',
      {
        'a.js': worker(
          `assertKnown(job);\nif (job.name === 'a') await send(job.data);\nif (job.name === 'b') await call(job.data);`,
          `import { assertKnown } from './names.js';`,
        ),
        'names.js': `const KNOWN = new Set(['a', 'b']); export function assertKnown(job) { if (!KNOWN.has(job.name)) throw new Error(job.name); }`,
      },
    ],
    [
      'a chain whose else throws',
      worker(
        `if (job.name === 'a') await send(job);\nelse if (job.name === 'b') await call(job);\nelse throw new Error(job.name);`,
      ),
    ],
    [
      'a throw after the chain',
      worker(
        `if (job.name === 'a') { return send(job); }\nif (job.name === 'b') { return call(job); }\nthrow new Error(job.name);`,
      ),
    ],
    [
      'a default that throws',
      worker(`switch (job.name) {\ncase 'a': return send(job);\ndefault: throw new Error(job.name);\n}`),
    ],
    [
      'a throw after the switch',
      worker(`switch (job.name) {\ncase 'a': return send(job);\n}\nthrow new Error(job.name);`),
    ],
    [
      'an exhaustive switch',
      worker(
        `switch (job.name) {\ncase 'a': return send(job);\ndefault: return assertNever(job.name);\n}`,
        `import { assertNever } from './never.js';`,
      ),
    ],
    [
      'a default that calls what throws',
      worker(
        `switch (job.name) {\ncase 'a': return send(job);\ndefault: unknownJob(job);\n}`,
        'function unknownJob(job) { throw new Error(job.name); }',
      ),
    ],
    [
      'a default that works',
      worker(`switch (job.name) {\ncase 'a': return send(job);\ndefault: return handleRest(job);\n}`),
    ],
    [
      'a switch that falls through to the default that throws',
      worker(
        `switch (job.name) {\ncase 'a': await send(job); break;\ncase 'old':\ndefault:\nconsole.error(job.name);\nthrow new Error(job.name);\n}`,
      ),
    ],
    ['an else that works', worker(`if (job.name === 'a') await send(job);\nelse await call(job);`)],
    ['work after a special case', worker(`if (job.name === 'a') return send(job);\nawait call(job);`)],
    [
      'work after a positive if',
      worker(`let to = 'x';\nif (job.name === 'a') { to = await find(job); }\nawait send(to);`),
    ],
    [
      'work for all before an extra for some',
      worker(`await send(job.data);\nif (job.name !== 'special') return;\nawait remind(job.data);`),
    ],
    [
      'a result that is made for all',
      worker(
        `const sent = await send(job.data);\nif (job.name === 'special') await remind(sent);\nreturn sent;`,
      ),
    ],
    ['an if that only logs', worker(`if (job.name === 'a') console.log('a');\nawait send(job.data);`)],
    ['an if that only logs, alone', worker(`if (job.name === 'a') console.log('a');`)],
    [
      'a map whose missing handler throws',
      worker(
        `const handle = handlers[job.name];\nif (!handle) throw new Error(job.name);\nreturn handle(job);`,
        'const handlers = { a: send };',
      ),
    ],
    [
      'a map that is called as it is',
      worker(`return handlers[job.name](job);`, 'const handlers = { a: send };'),
    ],
    [
      'a map with a fallback',
      worker(
        `const handle = handlers[job.name] ?? handlers.rest;\nawait handle?.(job);`,
        'const handlers = { a: send, rest: send };',
      ),
    ],
    [
      'a Map with a fallback',
      worker(
        `const handle = handlers.get(job.name) || rest;\nif (handle) await handle(job);`,
        'const handlers = new Map([["a", send]]);',
      ),
    ],
    ['a question about something else', worker(`if (job.data.kind !== 'a') return;\nawait send(job.data);`)],
    [
      'a switch over something else',
      worker(`switch (job.data.kind) {\ncase 'a': await send(job); break;\n}`),
    ],
    [
      'the name of something else',
      worker(
        `const template = await find(job.data.id);\nif (template.name !== 'a') return;\nawait send(template);`,
      ),
    ],
    [
      'a guard that moves the job',
      worker(
        `if (job.name !== 'a') { await job.moveToDelayed(Date.now() + 1000); throw new DelayedError(); }\nawait send(job.data);`,
        `import { DelayedError } from 'bullmq';`,
      ),
    ],
    [
      'other names go to another queue',
      worker(
        `if (job.name !== 'a') { await other.add(job.name, job.data); return; }\nawait send(job.data);`,
        `const other = new Queue('other');`,
      ),
    ],
    [
      'a guard by the name and something else',
      worker(`if (job.name !== 'a' && job.data.done) return;\nawait send(job.data);`),
    ],
    [
      'steps that are for some jobs',
      worker(
        'await email(job);\nawait text(job);',
        `async function email(job) { if (job.name !== 'email') return; await send(job); } async function text(job) { await send(job.data); }`,
      ),
    ],
    [
      'a helper with a typed job that is for some jobs',
      {
        'a.ts': `import { Worker, Job } from 'bullmq'; import { send } from './send';\nnew Worker('mail', async (job: Job) => {\nawait send(job.data);\nawait remind(job);\n});\nasync function remind(job: Job) {\nif (job.name !== 'special') return;\nawait send(job.data);\n}`,
      },
    ],
    [
      'a helper with a typed job, called by another file',
      {
        'a.ts': `import type { Job } from 'bullmq'; import { send } from './send';\nexport async function remind(job: Job) {\nif (job.name !== 'special') return;\nawait send(job.data);\n}`,
        'worker.ts': `import { Worker } from 'bullmq'; import { remind } from './a'; import { send } from './send';\nnew Worker('mail', async (job) => { await send(job.data); await remind(job); });`,
      },
    ],
    [
      'a listener',
      `${IMPORTS}\nnew Worker('mail', null).on('completed', async (job) => { if (job.name !== 'a') return; await alarm(job); });`,
    ],
    [
      'a named listener with a typed job',
      {
        'a.ts': `${IMPORTS}\nasync function onDone(job: Job) { if (job.name !== 'a') return; await alarm(job); }\nnew Worker('mail', null).on('completed', onDone);`,
      },
    ],
    [
      'a listener of Nest',
      {
        'a.ts': `import { Processor, WorkerHost, OnWorkerEvent } from '@nestjs/bullmq'; import { Job } from 'bullmq';\n@Processor('mail')\nexport class Mails extends WorkerHost {\nasync process(job: Job) { await this.send(job); }\n@OnWorkerEvent('completed') async done(job: Job) { if (job.name !== 'a') return; await this.alarm(job); }\nasync send(job: Job) {} async alarm(job: Job) {}\n}`,
      },
    ],
    [
      'odd shapes',
      worker(
        `switch (job.name) {}\nif (job.name) {}\nif (job[job.name]) ;\nhandlers[job.name]?.[0];\n;`,
        'const handlers = {};',
      ),
    ],
  ],
  invalid: [
    [
      'a name that is read without being made sure of',
      worker(
        `const kind = kindOf(job.name);\nif (kind !== 'a') return;\nawait send(job.data);`,
        'function kindOf(name) { if (name === "a" || name === "b") return name; console.warn(name); return name; }',
      ),
      { line: 4, messageId: 'guard' },
    ],
    [
      'an assertion of something else than the name',
      worker(
        `assertReady(job.data);\nif (job.name !== 'a') return;\nawait send(job.data);`,
        'function assertReady(data) { if (!data.isReady) throw new Error("not ready"); }',
      ),
      { line: 4, messageId: 'guard' },
    ],
    [
      'a chain after which the job is only noted',
      `${IMPORTS} import { Observability } from './observability.js';\nclass Mails {\n  constructor(private readonly observabilityService: Observability) {}\n  start() { new Worker('mail', async (job) => {\n    if (job.name === 'a') { await send(job.data); return; }\n    this.observabilityService.recordEvent('unknown', { jobId: job.id, jobName: job.name });\n    this.observabilityService.recordMetric('unknown'); }); }\n}`,
      { line: 5, messageId: 'chain' },
    ],
    [
      'a guard',
      worker(`if (job.name !== 'a') return;\nawait send(job.data);`),
      {
        line: 3,
        messageId: 'guard',
        suggest: "if (job.name !== 'a') throw new Error(`Unknown job ${job.name}`);",
      },
    ],
    [
      'a guard that logs',
      worker(
        `if (job.name !== 'a') {\nconsole.warn('skipped', job.name);\nreturn { skipped: true };\n}\nawait send(job.data);`,
      ),
      { line: 3, messageId: 'guard' },
    ],
    [
      'a guard that resolves',
      worker(`if (job.name !== 'a') return Promise.resolve();\nreturn send(job.data);`),
      { line: 3, messageId: 'guard' },
    ],
    [
      'a switch after what is done for every name',
      worker(
        `await runs.update(job.id, { status: 'running' });\nswitch (job.name) {\ncase 'a': await send(job); break;\ncase 'b': await call(job); break;\n}`,
      ),
      { line: 4, messageId: 'switch' },
    ],
    [
      'a chain after what is done for every name',
      worker(
        `await runs.update(job.id, { status: 'running' });\nif (job.name === 'a') await send(job);\nelse if (job.name === 'b') await call(job);`,
      ),
      { line: 4, messageId: 'chain' },
    ],
    [
      'a guard the other way round',
      worker(`if ('a' != job.name) return null;\nawait send(job.data);`),
      { line: 3, messageId: 'guard' },
    ],
    [
      'a guard by several names',
      worker(`if (job.name !== 'a' && job.name !== 'b') return;\nawait send(job.data);`),
      { line: 3, messageId: 'guard', suggest: false },
    ],
    [
      'a guard by a list',
      worker(`if (!NAMES.includes(job.name)) return;\nawait send(job.data);`, `const NAMES = ['a'];`),
      { line: 3, messageId: 'guard' },
    ],
    [
      'a guard after preparations',
      worker(
        `const { id } = job.data;\nconst user = await findUser(id);\nawait job.updateProgress(1);\nthis.logger.log('start');\nif (job.name !== 'a') return;\nawait send(user);`,
      ),
      { line: 7, messageId: 'guard' },
    ],
    [
      'a positive if',
      worker(`if (job.name === 'a') {\nawait send(job.data);\n}`),
      { line: 3, messageId: 'chain' },
    ],
    [
      'a positive if with an else that logs',
      worker(`if (job.name === 'a') {\nawait send(job.data);\n} else {\nconsole.warn('unknown');\n}`),
      { line: 3, messageId: 'chain' },
    ],
    [
      'a chain',
      worker(
        `if (job.name === 'a') {\nawait send(job);\n} else if (job.name === 'b') {\nawait call(job);\n}`,
      ),
      { line: 3, messageId: 'chain' },
    ],
    [
      'ifs that return',
      worker(
        `if (job.name === 'a') return send(job);\nif (job.name === 'b') return call(job);\nreturn undefined;`,
      ),
      { line: 3, messageId: 'chain' },
    ],
    [
      'a chain around which errors are told',
      worker(
        `try {\nif (job.name === 'a') await send(job);\n} catch (error) { console.error(error); throw error; }`,
      ),
      { line: 4, messageId: 'chain' },
    ],
    [
      'a switch without default',
      worker(`switch (job.name) {\ncase 'a':\nawait send(job);\nbreak;\n}`),
      { line: 3, messageId: 'switch' },
    ],
    [
      'a switch whose cases return',
      worker('switch (job.name) {\ncase "a": return send(job);\ncase "b": { await call(job); break; }\n}'),
      { line: 3, messageId: 'switch', suggest: false },
    ],
    [
      'a switch whose default logs',
      worker(
        `switch (job.name) {\ncase 'a': return send(job);\ndefault:\nconsole.warn('unknown', job.name);\n}`,
      ),
      { line: 3, messageId: 'switch', suggest: false },
    ],
    [
      'a switch whose default returns',
      worker(`switch (job.name) {\ncase 'a': return send(job);\ndefault: return { status: 'ignored' };\n}`),
      { line: 3, messageId: 'switch' },
    ],
    [
      'a name for the name',
      worker(`const { name: type } = job;\nswitch (type) {\ncase 'a': return send(job);\n}`),
      { line: 4, messageId: 'switch' },
    ],
    [
      'taken apart in the parameter',
      `${IMPORTS}\nnew Worker('mail', async ({ name, data }) => {\nif (name === 'a') await send(data);\n});`,
      { line: 3, messageId: 'chain' },
    ],
    [
      'with types beside it',
      {
        'a.ts': `${IMPORTS}\nnew Worker('mail', async (job: Job) => {\nconst type = job.name as Kind;\nif (type === Kind.A) await send(job);\n});`,
      },
      { line: 4, messageId: 'chain' },
    ],
    [
      'a conditional expression',
      worker(`return job.name === 'a' ? send(job) : undefined;`),
      { line: 3, messageId: 'chain' },
    ],
    ['a short circuit', worker(`job.name === 'a' && (await send(job));`), { line: 3, messageId: 'chain' }],
    [
      'an optional call of a map',
      worker('await handlers[job.name]?.(job);', 'const handlers = { a: send };'),
      { line: 3, messageId: 'map' },
    ],
    [
      'an optional call of a Map',
      worker('return handlers.get(job.name)?.(job.data);', 'const handlers = new Map();'),
      { line: 3, messageId: 'map' },
    ],
    [
      'an optional call of a handler object',
      worker('await handlers[job.name]?.handle(job);', 'const handlers = { a: { handle } };'),
      { line: 3, messageId: 'map' },
    ],
    [
      'a handler that is called if it is there',
      worker(
        'const handle = handlers[job.name];\nif (handle) await handle(job);',
        'const handlers = { a: send };',
      ),
      { line: 4, messageId: 'chain' },
    ],
    [
      'a missing handler that is left',
      worker(
        'const handle = handlers.get(job.name);\nif (handle === undefined) { console.warn("none"); return; }\nawait handle(job);',
        'const handlers = new Map();',
      ),
      { line: 4, messageId: 'guard' },
    ],
    [
      'a missing key that is left',
      worker(
        'if (!(job.name in handlers)) return;\nawait handlers[job.name](job);',
        'const handlers = { a: send };',
      ),
      { line: 3, messageId: 'guard' },
    ],
    [
      'inside a wrapper',
      worker(
        `await span('job', async () => {\nswitch (job.name) {\ncase 'a': await send(job); break;\n}\n});`,
      ),
      { line: 4, messageId: 'switch' },
    ],
    [
      'a helper of the file: at the question',
      worker(
        'return dispatch(job);',
        `async function dispatch(task) {\nif (task.name === 'a') await send(task);\n}`,
      ),
      { line: 2, messageId: 'chain' },
    ],
    [
      'a helper of the file whose result is returned',
      worker(
        'const result = await dispatch(job);\nreturn result;',
        `const dispatch = async (task) =>\ntask.name === 'a' ? send(task) : null;`,
      ),
      { line: 2, messageId: 'chain' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': worker('await dispatch(job);', `import { dispatch } from './dispatch.js';`),
        'dispatch.js': `import { send } from './send.js'; export async function dispatch(job) { switch (job.name) { case 'a': await send(job); } }`,
      },
      { line: 3, messageId: 'switch' },
    ],
    [
      'a helper with a typed job: in its own file alone',
      {
        'a.ts': `import type { Job } from 'bullmq'; import { send } from './send';\nexport async function dispatch(job: Job) {\nif (job.name !== 'a') return;\nawait send(job.data);\n}`,
        'worker.ts': `import { Worker } from 'bullmq'; import { dispatch } from './a';\nnew Worker('mail', async (job) => dispatch(job));`,
      },
      { line: 3, messageId: 'guard' },
    ],
    [
      'a typed processor that nobody is seen to run',
      {
        'a.ts': `import type { Job } from 'bullmq'; import { send } from './send';\nexport default async function (job: Job) {\nif (job.name !== 'a') return;\nawait send(job.data);\n}`,
      },
      { line: 3, messageId: 'guard' },
    ],
    [
      'a processor that another file runs',
      {
        'worker.cjs': `const { Worker } = require('bullmq'); const { run } = require('./a.cjs');\nnew Worker('mail', run);`,
        'a.cjs': `exports.run = async (job) => {\nif (job.name !== 'a') return;\nawait send(job);\n};`,
      },
      { file: 'a.cjs', line: 2, messageId: 'guard' },
    ],
    [
      'a processor class of Nest',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Job } from 'bullmq'; import { Mails } from './mails';\n@Processor('mail')\nexport class MailProcessor extends WorkerHost {\nconstructor(private readonly mails: Mails) { super(); }\nasync process(job: Job<{ id: string }, void, string>) {\nswitch (job.name) {\ncase 'a':\nreturn this.mails.send(job.data.id);\n}\n}\n}`,
        'mails.ts': 'export class Mails { async send(id: string) {} }',
      },
      { line: 6, messageId: 'switch' },
    ],
    [
      'a method of the processor class that takes the job',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Job } from 'bullmq'; import { Mails } from './mails';\n@Processor('mail')\nexport class MailProcessor extends WorkerHost {\nconstructor(private readonly mails: Mails) { super(); }\nasync process(job: Job) {\nreturn this.dispatch(job);\n}\nprivate async dispatch(job: Job) {\nif (job.name === 'a') await this.mails.send(job.data.id);\n}\n}`,
        'mails.ts': 'export class Mails { async send(id: string) {} }',
      },
      { line: 9, messageId: 'chain' },
    ],
    [
      'a service that is injected: at the call',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Job } from 'bullmq'; import { Mails } from './mails';\n@Processor('mail')\nexport class MailProcessor extends WorkerHost {\nconstructor(private readonly mails: Mails) { super(); }\nasync process(job: Job) {\nawait this.mails.handle(job.name, job.data);\n}\n}`,
        'mails.ts': `export class Mails { async handle(name: string, data: any) { if (name === 'a') await this.send(data); } async send(data: any) { await fetch(data.url); } }`,
      },
      { line: 6, messageId: 'chain' },
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.process('*', async (job, done) => {\nif (job.name !== 'a') return done();\nawait send(job.data);\ndone();\n});`,
      { line: 3, messageId: 'guard' },
    ],
  ],
});
