import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue, Worker } from 'bullmq'; import v8 from 'node:v8'; import vm from 'node:vm'; import serialize from 'serialize-javascript'; import nodeSerialize from 'node-serialize'; const queue = new Queue('mail');`;
const enqueue = (code: string): string => `${IMPORTS}\n${code}`;
const worker = (body: string): string => `${IMPORTS}\nnew Worker('mail', async (job) => {\n${body}\n});`;

testRule('no-unsafe-serializer', {
  valid: [
    ['plain JSON', enqueue(`queue.add('a', { text: JSON.stringify(value) });`)],
    [
      'a serializer for something that is no payload',
      enqueue(`cache.put(v8.serialize(value));\nqueue.add('a', { id });`),
    ],
    [
      'a payload in a property of another name',
      enqueue(`const rows = v8.serialize(value);\nqueue.add('a', { id });`),
    ],
    ['JSON.parse of job data', worker(`JSON.parse(job.data.text);`)],
    ['v8 on data of its own', worker(`const copy = v8.deserialize(v8.serialize({ a: 1 }));`)],
    ['eval of a constant', worker(`eval('1 + 1');`)],
    [
      'a function that is called serialize',
      enqueue(`import { serialize as pack } from './pack.js'; queue.add('a', pack(value));`),
    ],
    [
      'what was read by an unsafe schema, in a payload',
      enqueue(
        `import yaml from 'js-yaml'; const seed = yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });\nqueue.add('a', { rows: seed.rows.length });`,
      ),
    ],
    [
      'a count of what v8 has read, in a result',
      worker(`const rows = v8.deserialize(await cache.read());\nreturn { rows: rows.length };`),
    ],
    ['eval of something outside of a processor', enqueue(`eval(text);`)],
  ],
  invalid: [
    [
      'v8 in the payload',
      enqueue(`queue.add('a', { bytes: v8.serialize(value).toString('base64') });`),
      { line: 2, messageId: 'payload' },
    ],
    [
      'serialize-javascript in the payload',
      enqueue(`queue.add('a', { code: serialize(value) });`),
      { line: 2, messageId: 'payload' },
    ],
    [
      'a payload held by a constant: at its use',
      enqueue(`const packed = nodeSerialize.serialize(value);\nqueue.add('a', { packed });`),
      { line: 3, messageId: 'payload' },
    ],
    ['a result', worker(`return { bytes: v8.serialize(job.id) };`), { line: 3, messageId: 'result' }],
    [
      'a serializer object of v8 in the payload',
      enqueue(`const out = new v8.Serializer();\nqueue.add('a', { bytes: out.releaseBuffer() });`),
      { line: 3, messageId: 'payload' },
    ],
    [
      'a serializer by another name',
      enqueue(`import { serialize as pack } from 'serialijse';\nqueue.add('a', { text: pack(value) });`),
      { line: 3, messageId: 'payload' },
    ],
    [
      'job data that is read and returned: once',
      worker(`return { rows: v8.deserialize(job.data.rows) };`),
      { line: 3, messageId: 'jobData' },
    ],
    ['eval of job data', worker(`eval(job.data.code);`), { line: 3, messageId: 'jobData' }],
    [
      'a function made of job data',
      worker(`const run = new Function('x', job.data.body);`),
      { line: 3, messageId: 'jobData' },
    ],
    [
      'job data by destructuring',
      worker(`const { code } = job.data;\nvm.runInNewContext(code);`),
      { line: 4, messageId: 'jobData' },
    ],
    [
      'node-serialize on job data',
      worker(`nodeSerialize.unserialize(job.data.text);`),
      { line: 3, messageId: 'jobData' },
    ],
    [
      'job data passed to another file: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { run } from './run.js';\nnew Worker('mail', async (job) => {\n  run(job.data.rule);\n});`,
        'run.js': `import vm from 'vm'; export const run = (rule) => vm.runInThisContext(rule);`,
      },
      { line: 3, messageId: 'jobData' },
    ],
  ],
});
