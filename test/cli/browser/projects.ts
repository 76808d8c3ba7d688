/**
 * Projects for the tests of the map: one of any size, and one whose names are out to break the page they are shown on.
 */
import type { Files } from '../../support/project.ts';

/**
 * A project with so many queues. Every tenth has no worker, every seventh is fed by a schedule, every eleventh begins a
 * flow, every thirteenth has a name from the environment.
 */
export function generatedProject(count: number): Files {
  const files: Record<string, string> = {
    'package.json': '{ "name": "generated", "private": true }',
    'src/lib/options.ts': `export const retries = { attempts: 5, backoff: { type: 'exponential', delay: 2000 }, removeOnComplete: true, removeOnFail: 100 };\n`,
  };
  for (let i = 0; i < count; i++) {
    const name = `${AREAS[i % AREAS.length] ?? ''}-${VERBS[Math.floor(i / AREAS.length) % VERBS.length] ?? ''}-${i}`;
    const text = i % 13 === 12 ? `process.env.QUEUE_${i}!` : `'${name}'`;
    const folder = `src/${AREAS[i % AREAS.length] ?? ''}`;
    files[`${folder}/queue-${i}.ts`] = `import { Queue } from 'bullmq';
import { retries } from '../lib/options';
export const NAME = ${text};
export const queue = new Queue(NAME, { defaultJobOptions: ${i % 5 === 4 ? '{}' : 'retries'} });
`;
    files[`${folder}/service-${i}.ts`] = `import { NAME, queue } from './queue-${i}';
${i % 11 === 10 ? "import { FlowProducer } from 'bullmq';\n" : ''}export class Service${i} {
  async start(id: string) {
    await queue.add('start', { id });
  }
  async restart(id: string) {
    await queue.add('restart', { id }, { attempts: ${(i % 6) + 1} });${i % 3 === 0 ? "\n    queue.add('note', { id });" : ''}
  }
${i % 7 === 6 ? `  async everyNight() {\n    await queue.upsertJobScheduler('nightly-${i}', { pattern: '0 3 * * *', tz: 'Europe/Berlin' }, { name: 'tidy' });\n  }\n` : ''}${
      i % 11 === 10
        ? `  async flow(id: string) {\n    await new FlowProducer().add({ name: 'all', queueName: NAME, children: [{ name: 'part', queueName: '${AREAS[0] ?? ''}-${VERBS[0] ?? ''}-0' }] });\n  }\n`
        : ''
    }}
`;
    if (i % 10 !== 9)
      files[`${folder}/worker-${i}.ts`] = `import { Worker, type Job } from 'bullmq';
import { NAME } from './queue-${i}';
async function process${i}(job: Job) {
  console.log(job.data.id);
}
export const worker = new Worker(NAME, process${i}, { concurrency: ${(i % 4) + 1} });
`;
  }
  return files;
}

const AREAS = ['orders', 'mail', 'billing', 'search', 'media', 'reports', 'accounts', 'shipping'];
const VERBS = ['confirm', 'send', 'sync', 'import', 'render', 'expire', 'notify'];

/** Names that a page, a drawing or a diagram could take for its own syntax. */
export const HOSTILE = [
  '</script><script>document.title="broken"</script>',
  '"quoted" & <b>bold</b>',
  'a--b]|c{d}`e`#quot;%%',
  '注文の確認メールを送信する非常に長い名前のキュー 🚀',
];

export function hostileProject(): Files {
  const names = HOSTILE.map((name) => JSON.stringify(name));
  return {
    'package.json': '{ "name": "<i>shop</i> & co", "private": true }',
    'src/jobs.ts': `import { Queue, Worker } from 'bullmq';
${names
  .map(
    (name, i) => `const queue${i} = new Queue(${name});
export async function add${i}() {
  await queue${i}.add(${name}, {});
}
new Worker(${name}, async () => {});`,
  )
  .join('\n')}
`,
  };
}
