/**
 * The queues of a project: where they are made, registered or injected, and their default options.
 */
import { queueDefaults } from '../../analysis/project/job-options.ts';
import type { Project } from '../../analysis/project/project.ts';
import { constructionArguments } from '../../analysis/jobs/recognize.ts';
import { registeredOptions } from '../../analysis/jobs/registrations.ts';
import { calleeName } from '../../analysis/source/nodes.ts';
import type { SourceModule } from '../../analysis/source/module.ts';
import { here } from '../../analysis/values/evaluation.ts';
import { membersOf, type Lookup, type Ref } from '../../analysis/values/value.ts';
import type { QueuePlace } from './model.ts';
import { placeOf } from './places.ts';
import { queuesNamed, unnamed, type NamedQueue } from './queue-ids.ts';

export interface ReadQueue {
  queue: NamedQueue;
  at: Ref;
  place: QueuePlace;
  /** The default options of its jobs; absent where this place has no say in them. */
  defaults: Lookup | undefined;
}

/** The queues that a module makes, registers or takes. */
export function readQueues(project: Project, module: SourceModule): ReadQueue[] {
  return [...constructed(project, module), ...registered(project, module), ...injected(project, module)];
}

function constructed(project: Project, module: SourceModule): ReadQueue[] {
  const { ev, index } = project;
  return index.factsOf(module).queues.flatMap(({ at, queue }): ReadQueue[] => {
    const place = { ...placeOf(project, at), by: 'construction' } as const;
    const [first] = constructionArguments(queue) ?? [];
    if (!first || first.node.type === 'SpreadElement')
      return [{ queue: unnamed(at), at, place, defaults: { state: 'unknown' } }];
    return index.asCalled(first).flatMap((name) => {
      const construction = queue.construction && { ...queue.construction, frame: name.frame };
      const defaults = queueDefaults(project, { ...queue, construction });
      return queuesNamed(ev, ev.evaluate(name), name).map((named) => ({ queue: named, at, place, defaults }));
    });
  });
}

function registered(project: Project, module: SourceModule): ReadQueue[] {
  const { ev, index } = project;
  return index.factsOf(module).registrations.flatMap((registration): ReadQueue[] => {
    if (!registration.method.startsWith('registerQueue')) return [];
    const { call } = registration;
    const given = call.node.arguments.flatMap((argument) => {
      const isSpread = argument.type === 'SpreadElement';
      const at = here(module, isSpread ? argument.argument : argument);
      const value = isSpread ? ev.element(ev.evaluate(at), at) : ev.evaluate(at);
      return membersOf(value).map((member) => ({ at, name: ev.lookup(member, 'name') }));
    });
    // A queue without options of its own has those of the root.
    const isNamed = registeredOptions(ev, registration).some(({ name }) => name !== undefined);
    return given.flatMap(({ at, name }) => {
      const place = { ...placeOf(project, call), by: 'registration' } as const;
      if (name.state !== 'known')
        return [{ queue: unnamed(at), at: call, place, defaults: { state: 'unknown' } }];
      return queuesNamed(ev, name.value, name.value.at).map((queue) => ({
        queue,
        at: call,
        place,
        defaults:
          isNamed && queue.name.isKnown
            ? index.nestDefaults.of(queue.name.text)
            : { state: 'unknown' as const },
      }));
    });
  });
}

function injected(project: Project, module: SourceModule): ReadQueue[] {
  const { ev } = project;
  return module.nodes('Decorator').flatMap((decorator): ReadQueue[] => {
    const { expression } = decorator;
    if (expression.type !== 'CallExpression' || calleeName(expression.callee) !== 'InjectQueue') return [];
    const at = here(module, decorator);
    const place = { ...placeOf(project, at), by: 'injection' } as const;
    const [first] = expression.arguments;
    if (!first) return [];
    const name = here(module, first);
    return queuesNamed(ev, ev.evaluate(name), name).map((queue) => ({
      queue,
      at,
      place,
      defaults: undefined,
    }));
  });
}
