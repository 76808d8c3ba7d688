import { testRule } from '../support/rule-cases.ts';

const FLOW = `import { FlowProducer } from 'bullmq'; const flow = new FlowProducer();`;
const POLICY = `attempts: 3, failParentOnFailure: true`;
const child = (opts: string): string => `{ name: 'part', queueName: 'parts', opts: { ${opts} } }`;
const add = (children: string, rest = '', before = ''): string =>
  `${FLOW} ${before}\nexport const start = (ids, config) => flow.add({ name: 'report', queueName: 'reports', opts: { attempts: 3 }, children:\n${children} }${rest});`;

testRule('require-flow-options', {
  valid: [
    ['attempts and a policy', add(`[${child(POLICY)}]`)],
    ['one attempt, which is stated', add(`[${child('attempts: 1, failParentOnFailure: true')}]`)],
    [
      'attempts of the environment',
      add(`[${child('attempts: Number(process.env.A), failParentOnFailure: true')}]`),
    ],
    ['a child that may fail', add(`[${child('attempts: 3, ignoreDependencyOnFailure: true')}]`)],
    ['a child that is taken away', add(`[${child('attempts: 3, removeDependencyOnFailure: true')}]`)],
    ['a parent that goes on', add(`[${child('attempts: 3, continueParentOnFailure: true')}]`)],
    ['a child that is removed and fails its parent', add(`[${child(`${POLICY}, removeOnFail: true`)}]`)],
    ['a policy that depends', add(`[${child('attempts: 3, failParentOnFailure: config.strict')}]`)],
    ['children of a list', add(`ids.map((id) => (${child(POLICY)}))`)],
    ['children that cannot be seen', add('config.children')],
    ['options that cannot be seen', add(`[{ name: 'part', queueName: 'parts', opts: config.opts }]`)],
    ['options in a spread that cannot be seen', add(`[${child('...config.opts')}]`)],
    ['a node in a spread that cannot be seen', add(`[{ name: 'part', ...config.node }]`)],
    [
      'options of a constant',
      add(`[{ name: 'part', queueName: 'parts', opts }]`, '', `const opts = { ${POLICY} };`),
    ],
    [
      'options of queuesOptions',
      add(
        `[{ name: 'part', queueName: 'parts' }]`,
        `, { queuesOptions: { parts: { defaultJobOptions: { ${POLICY} } } } }`,
      ),
    ],
    ['queuesOptions that cannot be seen', add(`[{ name: 'part', queueName: 'parts' }]`, ', config')],
    [
      'options that a function makes',
      {
        'a.js': `${FLOW} import { options } from './options.js';\nflow.add({ name: 'r', queueName: 'q', opts: options(), children: [{ name: 'p', queueName: 'p', opts: options() }] });`,
        'options.js': `export const options = () => ({ ${POLICY} });`,
      },
    ],
    [
      'the root, which has no parent',
      `${FLOW} flow.add({ name: 'report', queueName: 'reports', opts: { attempts: 3 } });`,
    ],
    ['a queue', `import { Queue } from 'bullmq'; new Queue('q').add('x', {});`],
    [
      'another class',
      `class FlowProducer { add() {} } new FlowProducer().add({ name: 'x', children: [{}] });`,
    ],
    ['no arguments', `${FLOW} flow.add(); flow.addBulk(); flow.addBulk([,]);`],
  ],
  invalid: [
    [
      'a root without attempts',
      `${FLOW}\nflow.add({ name: 'report', queueName: 'reports' });`,
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'a child without options',
      add(`[{ name: 'part', queueName: 'parts' }]`),
      [
        { line: 3, messageId: 'noAttempts' },
        { line: 3, messageId: 'noPolicy' },
      ],
    ],
    [
      'a child without attempts',
      add(`[${child('failParentOnFailure: true')}]`),
      { line: 3, messageId: 'noAttempts' },
    ],
    [
      'a child without a policy',
      add(`[${child('attempts: 3')}]`),
      {
        line: 3,
        messageId: 'noPolicy',
        suggest: `[{ name: 'part', queueName: 'parts', opts: { attempts: 3, failParentOnFailure: true } }] });`,
      },
    ],
    [
      'a policy that is off',
      add(`[${child('attempts: 3, failParentOnFailure: false')}]`),
      { line: 3, messageId: 'noPolicy', suggest: false },
    ],
    [
      'a child that is removed when it fails',
      add(`[${child('attempts: 3, removeOnFail: true')}]`),
      { line: 3, messageId: 'dropped' },
    ],
    [
      'a child of a list',
      add(`ids.map((id) => (${child('attempts: 3')}))`),
      { line: 3, messageId: 'noPolicy' },
    ],
    [
      'a child of a child',
      add(`[{ name: 'a', queueName: 'a', opts: { ${POLICY} }, children: [\n${child('attempts: 3')}] }]`),
      { line: 4, messageId: 'noPolicy' },
    ],
    [
      'attempts of the queue, which a flow does not take',
      `import { FlowProducer, Queue } from 'bullmq'; new Queue('reports', { defaultJobOptions: { attempts: 3 } });\nnew FlowProducer().add({ name: 'report', queueName: 'reports' });`,
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'queuesOptions of another queue',
      add(
        `[${child('failParentOnFailure: true')}]`,
        `, { queuesOptions: { others: { defaultJobOptions: { attempts: 3 } } } }`,
      ),
      { line: 3, messageId: 'noAttempts' },
    ],
    [
      'one of several trees',
      `${FLOW} flow.addBulk([{ name: 'a', queueName: 'q', opts: { attempts: 2 } },\n{ name: 'b', queueName: 'q' }]);`,
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'a flow in a function of another file',
      {
        'a.js': `import { start } from './start.js';\nstart({ name: 'report', queueName: 'reports' });`,
        'start.js': `${FLOW} export const start = (tree) => flow.add(tree);`,
      },
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'what a function leaves out, once and there',
      {
        'a.js': `import { start } from './start.js'; start({ id: 1 }); start({ id: 2 });`,
        'start.js': `${FLOW}\nexport const start = (data) => flow.add({ name: 'report', queueName: 'reports', data });`,
      },
      { file: 'start.js', line: 2, messageId: 'noAttempts' },
    ],
    [
      'a constant of another file',
      {
        'a.js': `${FLOW} import { TREE } from './tree.js';\nflow.add(TREE);`,
        'tree.js': `export const TREE = { name: 'report', queueName: 'reports' };`,
      },
      { line: 2, messageId: 'noAttempts' },
    ],
    [
      'a Nest service',
      `import { InjectFlowProducer } from '@nestjs/bullmq'; import { FlowProducer } from 'bullmq';\nexport class S { constructor(@InjectFlowProducer('reports') private readonly flow: FlowProducer) {}\nstart() { return this.flow.add({ name: 'report', queueName: 'reports' }); } }`,
      { line: 3, messageId: 'noAttempts' },
    ],
  ],
});
