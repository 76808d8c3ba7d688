import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker, Queue, Job } from 'bullmq';`;
/** The body begins in line 3. */
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job, token) => {\n${body}\n});`;

testRule('no-job-data-mutation', {
  valid: [
    [
      'a property of an object that was made with a value of the job, in a helper',
      worker(
        'const context = { id: job.data.id, user: job.data.user };\nawait find(context);',
        'const find = async (context) => { context.id = await make(); context.user ??= await load(); delete context.id; };',
      ),
    ],
    ['stored in the same block', worker('job.data.step = 2;\nawait job.updateData(job.data);')],
    [
      'stored after several changes',
      worker(
        'if (job.data.a) { job.data.step = 2; }\nfor (const x of job.data.list) job.data.done.push(x);\nawait job.updateData({ ...job.data });',
      ),
    ],
    [
      'stored on a condition',
      worker(
        'let changed = false;\nif (job.data.a) { delete job.data.a; changed = true; }\nif (changed) await job.updateData(job.data);',
      ),
    ],
    [
      'stored by a name for the data',
      worker('const { data } = job;\ndata.step = 2;\nawait job.updateData(data);'),
    ],
    [
      'stored again in the loop',
      worker(
        'for (const item of job.data.items) {\nawait job.updateData(job.data);\njob.data.done.push(item.id);\n}',
      ),
    ],
    [
      'stored with Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.process(async (job) => {\njob.data.step = 2;\nawait job.update(job.data);\n});`,
    ],
    [
      'stored by a helper',
      worker(
        'job.data.step = 2;\nawait save(job);',
        'const save = async (task) => { await task.updateData(task.data); };',
      ),
    ],
    [
      'changed by a helper, stored by its caller',
      worker(
        'advance(job);\nawait job.updateData(job.data);',
        'function advance(task) { task.data.step++; }',
      ),
    ],
    [
      'changed by a helper with a typed job, stored by its caller',
      {
        'a.ts': `${IMPORTS}\nfunction advance(task: Job) { task.data.step++; }\nnew Worker('mail', async (job) => {\nadvance(job);\nawait job.updateData(job.data);\n});`,
      },
    ],
    [
      'given to another job',
      worker('job.data.round++;\nawait queue.add("next", job.data);', `const queue = new Queue('next');`),
    ],
    ['a copy', worker('const data = { ...job.data };\ndata.step = 2;\ndata.items.push(1);\ndelete data.id;')],
    ['a clone', worker('const data = structuredClone(job.data);\ndata.items.push(1);\ndata.step = 2;')],
    ['a copy through JSON', worker('const data = JSON.parse(JSON.stringify(job.data));\ndata.step = 2;')],
    [
      'a copy by a package',
      worker(
        'const data = cloneDeep(job.data);\ndata.step = 2;',
        `import cloneDeep from 'lodash/cloneDeep';`,
      ),
    ],
    ['a copy by Object.assign', worker('const data = Object.assign({}, job.data);\ndata.step = 2;')],
    [
      'what a schema made of it',
      worker(
        'const data = schema.parse(job.data);\ndata.step = 2;',
        `import { z } from 'zod'; const schema = z.object({});`,
      ),
    ],
    ['the rest', worker('const { id, ...rest } = job.data;\nrest.step = 2;')],
    [
      'a local variable',
      worker(
        'let { count, step = 0 } = job.data;\ncount++;\nstep = 2;\nlet data = job.data;\ndata = { ...data, step };\ndata.step = 3;',
      ),
    ],
    [
      'a list made of it',
      worker(
        'const items = job.data.items.map((item) => ({ ...item }));\nitems.push(1);\nitems.forEach((item) => { item.done = true; });\n[...job.data.items].sort();\njob.data.items.slice().reverse();',
      ),
    ],
    [
      'a list that is sorted for what it gives',
      worker(
        'const { items } = job.data;\nfor (const item of items.sort()) await send(item);\nawait send(job.data.items.reverse());',
      ),
    ],
    ['a list that may be new', worker('const items = job.data.items ?? [];\nitems.push(1);')],
    [
      'a copy given to a helper',
      worker('fill({ ...job.data });', 'const fill = (data) => { data.step = 2; };'),
    ],
    [
      'a clone given to a helper',
      worker('fill(structuredClone(job.data));', 'const fill = (data) => { data.step = 2; };'),
    ],
    [
      'other things with data',
      worker(
        'const response = { data: {} };\nresponse.data.id = job.data.id;\nconst result = await load(job.data.id);\nresult.data.step = 2;',
      ),
    ],
    [
      'a record with the data',
      worker('const order = await orders.find(job.data.id);\norder.data = job.data;\norder.data.step = 2;'),
    ],
    ['what the job says about itself', worker('job.progress = 1;\njob.returnvalue = {};')],
    ['a method that is called sort', worker('await job.data.sort;\njob.log("push");')],
    [
      'a listener',
      `${IMPORTS}\nnew Worker('mail', null).on('completed', (job) => { job.data.seen = true; });`,
    ],
    [
      'a child that was fetched',
      worker('const child = await queue.getJob("1");\nchild.data.step = 2;', `const queue = new Queue('a');`),
    ],
    [
      'reading',
      worker(
        'const { step } = job.data;\nreturn job.data.items.filter((item) => item.step === step).length;',
      ),
    ],
    [
      'odd shapes',
      worker(
        'job[token] = 1;\n[job.other] = [1];\n(job.data);\nObject.assign();\nObject.assign(...job.data);',
      ),
    ],
  ],
  invalid: [
    [
      'an assigned property',
      worker('job.data.step = 2;'),
      {
        line: 3,
        messageId: 'data',
        says: '`job.data.step`',
        suggest: 'await job.updateData({ ...job.data, step: 2 });',
      },
    ],
    [
      'what is in a value of the job, by an object that was made with it',
      worker(
        'const context = { user: job.data.user, items: job.data.items };\nawait find(context);',
        'const find = async (context) => {\ncontext.user.name = "x";\ncontext.items.push(1); };',
      ),
      [
        { line: 2, messageId: 'data', suggest: false },
        { line: 3, messageId: 'data', suggest: false },
      ],
    ],
    ['an assigned index', worker('job.data[token] = 2;'), { line: 3, messageId: 'data', suggest: false }],
    ['deep inside', worker('job.data.user.name = "x";'), { line: 3, messageId: 'data', suggest: false }],
    [
      'the data as a whole',
      worker('job.data = { step: 2 };'),
      { line: 3, messageId: 'data', suggest: false },
    ],
    [
      'counting',
      worker('job.data.count++;\njob.data.total += 5;\njob.data.first ??= 1;'),
      [
        { line: 3, messageId: 'data' },
        { line: 4, messageId: 'data' },
        { line: 5, messageId: 'data' },
      ],
    ],
    ['deleting', worker('delete job.data.password;'), { line: 3, messageId: 'data' }],
    [
      'a pushed item',
      worker('job.data.items.push(1);\njob.data.items.splice(0, 1);\njob.data.items.sort();'),
      [
        { line: 3, messageId: 'data' },
        { line: 4, messageId: 'data' },
        { line: 5, messageId: 'data' },
      ],
    ],
    ['Object.assign', worker('Object.assign(job.data, { step: 2 });'), { line: 3, messageId: 'data' }],
    [
      'Reflect and lodash',
      worker('Reflect.deleteProperty(job.data, "a");\n_.set(job.data, "a.b", 1);', `import _ from 'lodash';`),
      [
        { line: 3, messageId: 'data' },
        { line: 4, messageId: 'data' },
      ],
    ],
    [
      'options',
      worker('job.opts.attempts = 5;'),
      { line: 3, messageId: 'opts', says: '`job.opts.attempts`', suggest: false },
    ],
    [
      'by names',
      worker('const { data } = job;\ndata.step = 2;\nconst items = data.items;\nitems.push(1);'),
      [
        { line: 4, messageId: 'data' },
        { line: 6, messageId: 'data' },
      ],
    ],
    [
      'taken apart in the parameter',
      `${IMPORTS}\nnew Worker('mail', async ({ data }) => {\ndata.step = 2;\n});`,
      { line: 3, messageId: 'data' },
    ],
    [
      'with types beside it',
      {
        'a.ts': `${IMPORTS}\ninterface Mail { step: number }\nnew Worker<Mail>('mail', async (job: Job<Mail>) => {\nconst data = job.data as Mail;\ndata.step = 2;\n(job.data as any).seen = true;\njob!.data.step++;\n});`,
      },
      [
        { line: 5, messageId: 'data' },
        { line: 6, messageId: 'data' },
        { line: 7, messageId: 'data' },
      ],
    ],
    [
      'an element',
      worker(
        'for (const item of job.data.items) item.done = true;\njob.data.items.find((item) => item.id === 1).done = true;\njob.data.items.forEach((item) => { item.done = true; });',
      ),
      [
        { line: 3, messageId: 'data' },
        { line: 4, messageId: 'data' },
        { line: 5, messageId: 'data' },
      ],
    ],
    [
      'a step before the error',
      worker(
        'try { await send(job.data); } catch (error) {\njob.data.retries = (job.data.retries || 0) + 1;\nthrow error;\n}',
      ),
      { line: 4, messageId: 'data' },
    ],
    [
      'stored before',
      worker('await job.updateData({ ...job.data, step: 1 });\njob.data.step = 2;'),
      { line: 4, messageId: 'data' },
    ],
    [
      'stored in the other branch',
      worker('if (token) { job.data.step = 2; return; } else { await job.updateData(job.data); }'),
      { line: 3, messageId: 'data' },
    ],
    [
      'another job is stored',
      worker(
        'job.data.step = 2;\nawait other.updateData(job.data);',
        'const other = new Queue("a").getJob("1");',
      ),
      { line: 3, messageId: 'data' },
    ],
    [
      'a helper of the file: at the change',
      worker('advance(job);', 'function advance(task) {\ntask.data.step++; }'),
      { line: 2, messageId: 'data' },
    ],
    [
      'a helper that takes the data',
      worker('fill(job.data);', 'function fill(data) {\ndata.step = 2; }'),
      { line: 2, messageId: 'data' },
    ],
    [
      'a function inside',
      worker('const mark = () => {\njob.data.step = 2; };\nmark();'),
      { line: 4, messageId: 'data' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': worker('await advance(job);', `import { advance } from './steps.js';`),
        'steps.js': `export async function advance(job) { job.data.step = 2; }`,
      },
      { line: 3, messageId: 'data', says: 'steps.js:1' },
    ],
    [
      'a processor that another file runs',
      {
        'worker.cjs': `const { Worker } = require('bullmq'); const { run } = require('./a.cjs');\nnew Worker('mail', run);`,
        'a.cjs': `exports.run = async (job) => {\njob.data.step = 2;\n};`,
      },
      {
        file: 'a.cjs',
        line: 2,
        messageId: 'data',
        suggest: 'await job.updateData({ ...job.data, step: 2 });',
      },
    ],
    [
      'an object that keeps the job',
      {
        'a.ts': `${IMPORTS}\nclass Task {\nconstructor(private readonly job: Job) {}\nrun() { this.job.data.step = 2; }\n}\nnew Worker('mail', async (job) => new Task(job).run());`,
      },
      { line: 4, messageId: 'data', suggest: false },
    ],
    [
      'a processor class of Nest and its service',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import { Job } from 'bullmq'; import { Steps } from './steps';\n@Processor('mail')\nexport class Mails extends WorkerHost {\nconstructor(private readonly steps: Steps) { super(); }\nasync process(job: Job) {\njob.data.step = 2;\nawait this.steps.next(job.data);\n}\n}`,
        'steps.ts': `export class Steps { async next(data: any) { data.step = 3; } }`,
      },
      [
        { line: 6, messageId: 'data', suggest: 'await job.updateData({ ...job.data, step: 2 });' },
        { line: 7, messageId: 'data' },
      ],
    ],
    [
      'Bull',
      `import Queue from 'bull'; const queue = new Queue('mail');\nqueue.process(async (job) => {\njob.data.step = 2;\n});`,
      { line: 3, messageId: 'data', suggest: 'await job.update({ ...job.data, step: 2 });' },
    ],
  ],
});
