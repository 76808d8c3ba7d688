import { isApplication } from '../src/analysis/project/application.ts';
import { enqueuesTo } from '../src/analysis/project/queue-by-name.ts';
import { has, queueNames, type QueueEnd, type QueueNames } from '../src/analysis/project/queue-names.ts';
import type { Project } from '../src/analysis/project/project.ts';
import type { SourceModule } from '../src/analysis/source/module.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { createRule } from '../src/plugin/create-rule.ts';

interface Options {
  ignore: readonly string[];
}
type MessageId = 'noWorker' | 'unused' | 'noQueue' | 'queueTypo' | 'workerTypo';

/** A queue whose jobs somebody looks through by hand. */
const DEAD_LETTERS = /dead[-_.: ]?letter|dlq\b|\bdead\b/i;

export default createRule<Options, MessageId>({
  name: 'no-orphan-queue',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow queues that no worker runs, and workers whose queue nobody feeds.',
      preset: 'strict',
      clauses: ['C4'],
    },
    messages: {
      noWorker:
        'No worker of this project runs the queue `{{name}}`: its jobs wait for ever. Start a worker for it; where another service has one, name the queue in the option `ignore`.',
      unused:
        'Nothing in this project puts jobs into the queue `{{name}}`, and no worker runs it. Remove the queue; where other services use it, name it in the option `ignore`.',
      noQueue:
        'Nothing in this project puts jobs into `{{name}}`, so this worker stays idle. Remove it; where another service adds the jobs, name the queue in the option `ignore`.',
      queueTypo:
        'No worker of this project runs the queue `{{name}}`: its jobs wait for ever. There is a worker of `{{other}}`: use one constant for both names.',
      workerTypo:
        'Nothing in this project puts jobs into `{{name}}`, so this worker stays idle. There is a queue `{{other}}`: use one constant for both names.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          ignore: {
            type: 'array',
            items: { type: 'string' },
            description:
              'Names of queues whose other end is outside of the project; `*` stands for any text.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ ignore: [] }],
  },
  create({ facts: { module, own, project }, options, report }) {
    const isIgnored = (name: string): boolean => options.ignore.some((given) => matches(given, name));
    const tell = ({ place, name }: QueueEnd, messageId: MessageId, other?: string): void => {
      const node = nodeHere(module, place.module, place.node);
      if (node && !isIgnored(name))
        report(node, { messageId, data: { name, ...(other === undefined ? {} : { other }) } });
    };
    return {
      file() {
        if (!own.constructions.length && !own.workers.length && !own.processorClasses.length)
          if (
            !own.registrations.length &&
            !project.index.modules.some(({ path: file }) => file !== module.path)
          )
            return;
        if (!isApplication(project, module.path)) return;
        const { queues, workers, fed } = namesOf(project);
        if (workers.ends.length === 0 || queues.ends.length === 0) return;
        const taken = new Set<string>();
        for (const end of firsts(queues.ends)) {
          if (has(workers, end.name) || DEAD_LETTERS.test(end.name)) continue;
          const other = nearest(end.name, workers.ends);
          if (other !== undefined) taken.add(other);
          const alone = isFed(project, end.name) ? 'noWorker' : 'unused';
          tell(end, other === undefined ? alone : 'queueTypo', other);
        }
        for (const end of firsts(workers.ends)) {
          // The queue that was meant for this worker is reported already.
          if (has(queues, end.name) || has(fed, end.name) || taken.has(end.name)) continue;
          const other = nearest(end.name, queues.ends);
          tell(end, other === undefined ? 'noQueue' : 'workerTypo', other);
        }
      },
    };
  },
});

/** Whether something puts jobs into a queue, as far as that can be seen: a flow may put them into any. */
function isFed(project: Project, name: string): boolean {
  const flows = project.index.modules
    .flatMap((module) => project.index.factsOf(module).enqueues)
    .filter(({ kind }) => kind === 'flow' || kind === 'flows');
  return flows.length > 0 || enqueuesTo(project, name).length > 0;
}

const found = new WeakMap<Project['index'], QueueNames>();

function namesOf(project: Project): QueueNames {
  let names = found.get(project.index);
  if (!names) {
    names = queueNames(project);
    found.set(project.index, names);
  }
  return names;
}

/** One place for each name: a queue that several files open is missing one worker. */
function firsts(ends: readonly QueueEnd[]): QueueEnd[] {
  return [...new Map([...ends].reverse().map((end) => [end.name, end])).values()];
}

function nodeHere(module: SourceModule, other: SourceModule, node: Node): Node | undefined {
  if (module === other) return node;
  if (module.path !== other.path || module.text !== other.text) return undefined;
  const candidates: readonly Node[] = module.nodes(node.type);
  return candidates.find(({ range }) => range[0] === node.range[0] && range[1] === node.range[1]);
}

function matches(given: string, name: string): boolean {
  const pattern = given.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${pattern}$`).test(name);
}

/** A name of the other side that is one slip away: a letter, two that changed places, case, separators. */
function nearest(name: string, ends: readonly QueueEnd[]): string | undefined {
  return ends.map((end) => end.name).find((other) => isSlip(name, other));
}

function isSlip(a: string, b: string): boolean {
  const [plain, other] = [a, b].map((text) => text.toLowerCase().replace(/[^a-z\d]/g, '')) as [
    string,
    string,
  ];
  if (plain === other) return true;
  // `mail-1` and `mail-2` are meant to differ.
  if (plain.length < 4 || plain.replace(/\d/g, '') === other.replace(/\d/g, '')) return false;
  return isOneEdit(plain, other);
}

function isOneEdit(a: string, b: string): boolean {
  if (a.length > b.length) return isOneEdit(b, a);
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length < b.length) return a.length + 1 === b.length && restB.endsWith(restA);
  const swapped = restA.charAt(1) + restA.charAt(0) + restA.slice(2);
  return restA.slice(1) === restB.slice(1) || swapped === restB;
}
