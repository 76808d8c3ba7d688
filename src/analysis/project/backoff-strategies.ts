/**
 * Whether the workers of a queue bring a backoff strategy of their own, without which BullMQ knows `fixed` and
 * `exponential` alone (`settings.backoffStrategy` of the worker, bullmq `classes/backoffs.ts`).
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { nestDecorator } from '../jobs/workers.ts';
import { beside } from '../values/evaluation.ts';
import { membersOf, stringOf, type Lookup, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';

interface WorkerSettings {
  /** The names of the queues it can be for; `undefined` where they are not known. */
  names: readonly string[] | undefined;
  strategy: Lookup;
}

/** `none` only where every worker that can be the queue's is seen to have none; without a name, every worker. */
export function backoffStrategy(project: Project, queueName: string | undefined): 'none' | 'unknown' {
  const candidates = settingsOf(project).filter(
    ({ names }) => queueName === undefined || !names || names.includes(queueName),
  );
  return candidates.length > 0 && candidates.every(({ strategy }) => strategy.state === 'absent')
    ? 'none'
    : 'unknown';
}

const known = new WeakMap<Project['index'], readonly WorkerSettings[]>();

function settingsOf(project: Project): readonly WorkerSettings[] {
  const { ev, index } = project;
  let settings = known.get(index);
  if (!settings) {
    settings = index.modules.flatMap((module) => {
      const { workers, processorClasses } = index.factsOf(module);
      return [
        ...workers.map(({ at, name, options }): WorkerSettings => ({
          names: name && namesIn(name),
          strategy: hasSpread(at) ? { state: 'unknown' } : strategyIn(project, options),
        })),
        ...processorClasses.flatMap((owner): WorkerSettings[] => {
          const site = nestDecorator(ev, owner)?.value.site;
          if (site?.node.type !== 'CallExpression') return [];
          const [first, second] = site.node.arguments.map((argument) => beside(site, argument));
          const name = first && ev.evaluate(first);
          const text = name?.kind === 'object' ? ev.lookup(name, 'name') : undefined;
          const given = text ? (text.state === 'known' ? text.value : undefined) : name;
          return [{ names: given && namesIn(given), strategy: strategyIn(project, second) }];
        }),
      ];
    });
    known.set(index, settings);
  }
  return settings;
}

function hasSpread({ node }: Ref): boolean {
  return (node as TSESTree.NewExpression).arguments.some((argument) => argument.type === 'SpreadElement');
}

function namesIn(value: Value): string[] | undefined {
  const names = membersOf(value).map(stringOf);
  return names.includes(undefined) ? undefined : (names as string[]);
}

/** `settings.backoffStrategy`, or `backoffStrategies` as Bull and BullMQ 1 have it. */
function strategyIn({ ev }: Project, options: Ref | undefined): Lookup {
  if (!options) return { state: 'absent' };
  const settings = ev.lookup(ev.evaluate(options), 'settings');
  if (settings.state !== 'known') return settings;
  const found = ['backoffStrategy', 'backoffStrategies'].map((key) => ev.lookup(settings.value, key));
  return found.find(({ state }) => state !== 'absent') ?? { state: 'absent' };
}
