/**
 * What the whole project does with the queue of a name: its queues, the jobs put into it, the workers that run them.
 */
import type { Construction } from '../jobs/constructions.ts';
import type { Enqueue } from '../jobs/enqueues.ts';
import { nameText, type LibraryObject } from '../jobs/recognize.ts';
import { processorQueueName, nestDecorator } from '../jobs/workers.ts';
import type { SourceModule } from '../source/module.ts';
import type { ClassNode } from '../source/nodes.ts';
import { beside } from '../values/evaluation.ts';
import { stringOf, type Lookup, type Ref } from '../values/value.ts';
import { queueDefaults } from './job-options.ts';
import type { Project } from './project.ts';

/** The default job options of the queues of a name: of each construction, and of NestJS. */
export function defaultsNamed(project: Project, name: string): Lookup[] {
  const { index, ev } = project;
  const queues = index.modules
    .flatMap((module) => index.factsOf(module).queues)
    .filter(({ queue }) => nameText(ev, queue) === name);
  return [...queues.map(({ queue }) => queueDefaults(project, queue)), index.nestDefaults.of(name)];
}

/** The enqueues whose queue can be the one of this name, or any; flows excepted, which no queue has a say in. */
export function enqueuesTo(project: Project, name: string | undefined): Enqueue[] {
  const { index, ev } = project;
  const canBe = (queue: LibraryObject): boolean =>
    name === undefined || (nameText(ev, queue) ?? name) === name;
  return modulesAround(project, name)
    .flatMap((module) => index.factsOf(module).enqueues)
    .filter(({ targets, kind }) => kind !== 'flow' && kind !== 'flows' && targets.some(canBe));
}

/** The workers of a name: constructions and, with NestJS, processor classes. */
export function workersNamed(project: Project, name: string): (Construction | Ref<ClassNode>)[] {
  const { index, ev } = project;
  return index.modules.flatMap((module) => {
    const { constructions, processorClasses } = index.factsOf(module);
    return [
      ...constructions.filter(({ role, at }) => {
        const [first] = at.node.arguments;
        return role === 'worker' && first && stringOf(ev.evaluate(beside(at, first))) === name;
      }),
      ...processorClasses.filter((owner) => {
        const decorator = nestDecorator(ev, owner);
        return decorator && processorQueueName(ev, decorator.value) === name;
      }),
    ];
  });
}

const DEAD_LETTERS = /dead[-_ .:]?letter|(?:^|[-_.:])dlq(?:$|[-_.:])/i;

/** Whether jobs are only put aside here for somebody to look at: in queues of dead letters, which no worker runs. */
export function areSetAside(project: Project, { targets }: Enqueue): boolean {
  return (
    targets.length > 0 &&
    targets.every((target) => {
      const name = nameText(project.ev, target);
      return name !== undefined && DEAD_LETTERS.test(name) && workersNamed(project, name).length === 0;
    })
  );
}

/** The files that name a library, and those that import queues of this name from them. */
export function modulesAround(project: Project, name: string | undefined): SourceModule[] {
  const { index, catalog, ev } = project;
  const modules = new Map(index.modules.map((module) => [module.path, module]));
  for (const module of index.modules) {
    const { queues } = index.factsOf(module);
    if (!queues.some(({ queue }) => (nameText(ev, queue) ?? name) === name)) continue;
    for (const file of catalog.usersOf(module.path, 'reexports').slice(0, MAX_USERS)) {
      const user = modules.has(file) ? undefined : project.load(file);
      if (user) modules.set(file, user);
    }
  }
  return [...modules.values()];
}

const MAX_USERS = 200;
