/**
 * Whether a value is a job, and of which library.
 */
import type { FunctionNode } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type ExternalValue, type Value } from '../values/value.ts';
import { classRole, instanceRole, type Dialect, type Recognized } from './dialects/index.ts';
import { libraryObject } from './recognize.ts';

/**
 * The library whose job a value is: declared as one, given by a queue's method, handed to a processor or listener.
 * `processorOf` says which library runs a function, where that is not written at the function itself.
 */
export function jobDialect(
  ev: Evaluation,
  value: Value,
  processorOf: (fn: FunctionNode) => Dialect | undefined,
): Dialect | undefined {
  for (const member of membersOf(present(value))) {
    if (member.kind === 'unknown') {
      const { parameter } = member;
      const dialect = parameter?.index === 0 ? processorOf(parameter.fn) : undefined;
      if (dialect) return dialect;
      continue;
    }
    const object = libraryObject(ev, member);
    if (object?.role === 'job') return object.dialect;
    const given = member.kind === 'external' ? giverOf(ev, member) : undefined;
    if (given) return given.dialect;
  }
  return undefined;
}

const GIVEN =
  /^(.*?)\.(?:add|addBulk|getJob|get\w+|create|createBulk|fromId|upsertJobScheduler|getNextJob)\(\)(?:\[\])?$/;
/** What a worker hands to its processor and to its listeners first. */
const HANDED = /^(.*?#)(?:\.(?:on|once|addListener|prependListener))?>0$/;

/** The queue, worker or class that a job comes from. */
function giverOf(ev: Evaluation, value: ExternalValue): Recognized | undefined {
  const handed = HANDED.exec(value.path)?.[1];
  if (handed !== undefined) {
    const worker = instanceRole(handed);
    return worker?.role === 'worker' ? worker : undefined;
  }
  const given = GIVEN.exec(value.path)?.[1];
  if (given === undefined) return undefined;
  const owner = instanceRole(given) ?? classRole(given) ?? ownQueue(ev, value.from?.from);
  return owner && /^(?:queue|job|worker)$/.test(owner.role) ? owner : undefined;
}

function ownQueue(ev: Evaluation, value: Value | undefined): Recognized | undefined {
  return value && libraryObject(ev, value);
}
