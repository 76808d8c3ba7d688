import { testRule } from '../support/rule-cases.ts';

const IMPORT = `import { Queue, FlowProducer } from 'bullmq';`;

/** Code with two queues, on the first line. */
const mails = (code: string): string =>
  `${IMPORT} const queue = new Queue('mails'); const other = new Queue('other');\n${code}`;

testRule('prefer-bulk-enqueue', {
  valid: [
    ['one job', mails(`export const send = (user) => queue.add('welcome', { id: user.id });`)],
    [
      'jobs whose failures are kept, each by itself, and nobody waits in turn',
      mails(
        `await Promise.all(ids.map((id) => queue.add('x', { id }).catch(log)));\nfor (const id of ids) queue.add('x', { id }).catch(() => {});\nawait Promise.all(ids.map(async (id) => {\n  try {\n    await queue.add('x', { id });\n  } catch (error) {\n    log(error);\n  }\n}));`,
      ),
    ],
    [
      'a function that adds and keeps the failure',
      mails(
        `const notify = (data) => queue.add('x', data).catch(() => {});\nawait Promise.all(ids.map((id) => notify({ id })));`,
      ),
    ],
    [
      'jobs for some of the items, by what makes something else of each',
      mails(
        `const checked = await Promise.all(papers.map(async (paper) => {\n  if (paper.expiresAt < now) {\n    await queue.add('expired', { id: paper.id });\n    return { ...paper, status: 'expired' };\n  }\n  return paper;\n}));`,
      ),
    ],
    [
      'addBulk',
      mails(
        `export const send = (users) => queue.addBulk(users.map((user) => ({ name: 'welcome', data: { id: user.id } })));`,
      ),
    ],
    [
      'addBulk for each part of a list',
      mails(
        `for (const part of parts) await queue.addBulk(part.map((id) => ({ name: 'a', data: { id } })));`,
      ),
    ],
    [
      'a loop that waits for other work',
      mails(
        `for (const user of users) {\n  const token = await makeToken(user);\n  await queue.add('welcome', { token });\n}`,
      ),
    ],
    [
      'a callback that waits for other work',
      mails(
        `await Promise.all(users.map(async (user) => {\n  await queue.add('welcome', { id: user.id });\n  await audit(user);\n}));`,
      ),
    ],
    [
      'other work in the same promise',
      mails(`for (const user of users) await Promise.all([queue.add('welcome', user), audit(user)]);`),
    ],
    [
      'a loop that keeps a pace',
      mails(
        `for (const user of users) {\n  await queue.add('welcome', { id: user.id });\n  await sleep(100);\n}`,
      ),
    ],
    [
      'a limit of calls at a time',
      mails(`await Promise.all(users.map((user) => limit(() => queue.add('welcome', { id: user.id }))));`),
    ],
    [
      'a map that runs a few at a time',
      mails(`await pMap(users, (user) => queue.add('welcome', { id: user.id }), { concurrency: 5 });`),
    ],
    ['a few items', mails(`for (const kind of ['a', 'b', 'c']) await queue.add(kind, {});`)],
    [
      'a few items by the name of a constant',
      mails(
        `const KINDS = ['a', 'b'];\nexport const start = () => Promise.all(KINDS.map((kind) => queue.add(kind, {})));`,
      ),
    ],
    [
      'the values of a constant object, and the members of an enum',
      `${IMPORT} const queue = new Queue('mails');\nconst KINDS = { a: 1, b: 2 } as const;\nenum Kind { A = 'a', B = 'b' }\nfor (const kind of Object.values(KINDS)) await queue.add('x', { kind });\nfor (const kind of Object.keys(Kind)) await queue.add('x', { kind });`,
    ],
    [
      'a set that gets a member in two places',
      mails(
        `export async function update(offer, old) {\n  const changed = new Set();\n  if (old) changed.add(old.id);\n  changed.add(offer.id);\n  for (const id of changed) await queue.add('x', { id });\n}`,
      ),
    ],
    ['a small number', mails(`for (let i = 0; i < 5; i++) await queue.add('x', { i });`)],
    [
      'a list of a small length',
      mails(
        `await Promise.all(Array.from({ length: 3 }, (_, i) => queue.add('x', { i })));\nawait Promise.all([...Array(4).keys()].map((i) => queue.add('x', { i })));`,
      ),
    ],
    [
      'tries of one job',
      mails(
        `while (!done) {\n  try {\n    await queue.add('x', {});\n    done = true;\n  } catch {}\n}\nfor (let i = 0; i < tries; i++) {\n  try {\n    await queue.add('x', {});\n    break;\n  } catch {}\n}`,
      ),
    ],
    [
      'a loop that the job can end',
      mails(
        `for (const id of ids) {\n  const job = await queue.add('x', { id });\n  if (!job.id) break;\n}\nfor (const id of ids) {\n  const job = await queue.add('x', { id });\n  if (job.delay > 0) late++;\n}`,
      ),
    ],
    [
      'a loop that a loop inside of it can end',
      mails(
        `users: for (const user of users) {\n  for (const date of user.dates) if (date > now) break users;\n  await queue.add('x', { id: user.id });\n}`,
      ),
    ],
    [
      'a search that ends with the first',
      mails(
        `export async function first(users) {\n  for (const user of users)\n    if (user.due) return queue.add('x', { id: user.id });\n}`,
      ),
    ],
    [
      'a queue for each item',
      mails(
        `for (const [name, data] of items) await queues[name].add('x', data);\nfor (const item of items) await queueOf(item).add('x', item);\nawait Promise.all(queues.map((each) => each.add('x', {})));`,
      ),
    ],
    [
      'two queues in a loop',
      mails(`for (const id of ids) {\n  await queue.add('x', { id });\n  await other.add('x', { id });\n}`),
    ],
    [
      'schedulers, which have no form for many',
      mails(
        `for (const tenant of tenants) await queue.upsertJobScheduler(tenant.id, { every: 1000 }, { name: 'x' });`,
      ),
    ],
    [
      'repeated jobs and children of a job',
      mails(
        `for (const id of ids) await queue.add('x', { id }, { repeat: { every: 1000 } });\nfor (const id of ids) await queue.add('x', { id }, { parent });`,
      ),
    ],
    ['flows', `${IMPORT} const flow = new FlowProducer();\nfor (const tree of trees) await flow.add(tree);`],
    ['a set', `${IMPORT} const queue = new Set();\nfor (const id of ids) queue.add(id, {});`],
    ['a stream of items', mails(`for await (const row of cursor) await queue.add('x', { id: row.id });`)],
    [
      'results that are looked at one by one',
      mails(`const results = await Promise.allSettled(ids.map((id) => queue.add('x', { id })));`),
    ],
    [
      'work that follows each job',
      mails(`await Promise.all(ids.map((id) => queue.add('x', { id }).then((job) => remember(job))));`),
    ],
    [
      'a function in the loop that runs later',
      mails(`for (const button of buttons) button.onclick = async () => {\n  await queue.add('x', {});\n};`),
    ],
    [
      'a function that does more than add',
      {
        'a.js': `import { send } from './send.js';\nexport async function all(users) {\n  for (const user of users) await send(user.id);\n}`,
        'send.js': `${IMPORT} const queue = new Queue('mails'); export async function send(id) { const user = await find(id); await queue.add('x', { id, user }); }`,
      },
    ],
    [
      'a function that is given the queue',
      {
        'a.js': `import { send } from './send.js';\nexport async function all(users) {\n  for (const user of users) await send(user.queue, user.id);\n}`,
        'send.js': `${IMPORT} const queues = { mails: new Queue('mails') }; export const send = (name, id) => queues[name].add('x', { id });`,
      },
    ],
    [
      'Bull before it had addBulk',
      {
        'package.json': '{ "dependencies": { "bull": "^3.10.0" } }',
        'a.js': `import Queue from 'bull'; const queue = new Queue('mails');\nfor (const id of ids) await queue.add({ id });`,
      },
    ],
  ],
  invalid: [
    [
      'a loop inside of the loop that ends early, and a function that returns',
      mails(
        `for (const user of users) {\n  let isDue = false;\n  for (const date of user.dates) if (date < now) { isDue = true; break; }\n  const open = user.bills.filter((bill) => { return bill.open; });\n  if (isDue) await queue.add('x', { id: user.id, open });\n}`,
      ),
      { line: 6, messageId: 'waits', suggest: false },
    ],
    [
      'jobs for some of the items, and nothing else',
      mails(
        `await Promise.all(papers.map(async (paper) => {\n  if (paper.expiresAt < now) await queue.add('expired', { id: paper.id });\n}));`,
      ),
      { line: 3, messageId: 'apart', suggest: false },
    ],
    [
      'a function that adds and lets the failure out',
      mails(
        `const notify = (data) => queue.add('x', data);\nawait Promise.all(ids.map((id) => notify({ id })));`,
      ),
      { line: 3, messageId: 'apart', suggest: false },
    ],
    [
      'a loop',
      mails(`for (const user of users) await queue.add('welcome', { id: user.id });`),
      {
        line: 2,
        messageId: 'waits',
        suggest: `await queue.addBulk(Array.from(users, (user) => ({ name: 'welcome', data: { id: user.id } })));`,
      },
    ],
    [
      'a loop with a block and options',
      mails(
        `for (const { id } of users) {\n  await queue.add('welcome', { id }, { jobId: \`welcome-\${id}\` });\n}`,
      ),
      { line: 3, messageId: 'waits' },
    ],
    [
      'Promise.all',
      mails(`await Promise.all(users.map((user) => queue.add('welcome', { id: user.id })));`),
      {
        line: 2,
        messageId: 'apart',
        suggest: `await queue.addBulk(users.map((user) => ({ name: 'welcome', data: { id: user.id } })));`,
      },
    ],
    [
      'Promise.all of an asynchronous callback with a block',
      mails(
        `export const all = (users) => Promise.all(users.map(async (user, index) => { await queue.add('welcome', user, { delay: index }); }));`,
      ),
      {
        line: 2,
        messageId: 'apart',
        suggest: `export const all = (users) => queue.addBulk(users.map((user, index) => ({ name: 'welcome', data: user, opts: { delay: index } })));`,
      },
    ],
    [
      'a loop that leaves items out',
      mails(
        `for (const user of users) {\n  if (!user.email) continue;\n  log(user.id);\n  await queue.add('welcome', { id: user.id });\n}`,
      ),
      { line: 5, messageId: 'waits', suggest: false },
    ],
    [
      'a loop over numbers',
      mails(`for (let page = 0; page < pages; page++) await queue.add('page', { page });`),
      { line: 2, messageId: 'waits', suggest: false },
    ],
    [
      'many by a number',
      mails(`for (let i = 0; i < 1000; i++) await queue.add('load', { i });`),
      { line: 2, messageId: 'waits' },
    ],
    [
      'a list that is filled later',
      mails(
        `const ids = [];\nfor (const row of rows) ids.push(row.id);\nfor (const id of ids) await queue.add('x', { id });`,
      ),
      { line: 4, messageId: 'waits' },
    ],
    [
      'a list that is kept in a map, and filled there',
      mails(
        `const parts = new Map();\nparts.set('a', []);\nparts.get('a').push(...rows);\nfor (const id of parts.get('a')) await queue.add('x', { id });`,
      ),
      { line: 5, messageId: 'waits' },
    ],
    [
      'a failure that is kept for each',
      mails(
        `for (const id of ids) {\n  try {\n    await queue.add('x', { id });\n  } catch (error) {\n    log(error);\n  }\n}`,
      ),
      { line: 4, messageId: 'waits', suggest: false },
    ],
    [
      'jobs whose ids are kept',
      mails(
        `for (const id of ids) {\n  const job = await queue.add('x', { id });\n  added.push(job.id);\n}\nfor (const id of ids) promises.push(queue.add('x', { id }));`,
      ),
      [
        { line: 3, messageId: 'waits', suggest: false },
        { line: 6, messageId: 'apart', suggest: false },
      ],
    ],
    [
      'forEach',
      mails(`users.forEach(async (user) => {\n  await queue.add('welcome', { id: user.id });\n});`),
      { line: 3, messageId: 'apart', suggest: false },
    ],
    [
      'two kinds of jobs for one queue, once',
      mails(`for (const id of ids) {\n  await queue.add('a', { id });\n  await queue.add('b', { id });\n}`),
      { line: 3, messageId: 'waits' },
    ],
    [
      'a few kinds for each of many',
      mails(
        `for (const user of users)\n  for (const kind of ['a', 'b'])\n    await queue.add(kind, { id: user.id });`,
      ),
      { line: 4, messageId: 'waits' },
    ],
    [
      'a list for each of several queues',
      mails(`for (const each of [queue, other]) for (const id of ids) await each.add('x', { id });`),
      { line: 2, messageId: 'waits' },
    ],
    [
      'parts of a list, each at once',
      mails(
        `for (const part of chunk(ids)) {\n  await Promise.all(part.map((id) => queue.add('x', { id })));\n  await sleep(1000);\n}`,
      ),
      {
        line: 3,
        messageId: 'apart',
        suggest: `await queue.addBulk(part.map((id) => ({ name: 'x', data: { id } })));`,
      },
    ],
    [
      'a comment, which an edit would lose',
      mails(`for (const id of ids) {\n  // Greets them.\n  await queue.add('x', { id });\n}`),
      { line: 4, messageId: 'waits', suggest: false },
    ],
    [
      'a function of another file that adds and does nothing else',
      {
        'a.ts': `import { mailer } from './mailer';\nexport async function all(users: User[]) {\n  for (const user of users) {\n    await mailer.welcome(user.id);\n  }\n}`,
        'mailer.ts': `${IMPORT} const queue = new Queue('mails');\nexport const mailer = {\n  async welcome(id: string) {\n    log('welcome', id);\n    return queue.add('welcome', { id });\n  },\n};`,
      },
      { line: 4, messageId: 'waits', suggest: false },
    ],
    [
      'a queue of Nest',
      `import { InjectQueue } from '@nestjs/bullmq';\nimport { Queue } from 'bullmq';\nexport class Mails {\n  constructor(@InjectQueue('mails') private readonly queue: Queue) {}\n  async all(ids: string[]) {\n    await Promise.all(ids.map((id) => this.queue.add('x', { id })));\n  }\n}`,
      {
        line: 6,
        messageId: 'apart',
        suggest: `await this.queue.addBulk(ids.map((id) => ({ name: 'x', data: { id } })));`,
      },
    ],
    [
      'Bull since it has addBulk',
      {
        'package.json': '{ "dependencies": { "bull": "^4.10.0" } }',
        'a.js': `import Queue from 'bull'; const queue = new Queue('mails');\nfor (const id of ids) await queue.add({ id });`,
      },
      { line: 2, messageId: 'waits', suggest: false },
    ],
  ],
});
