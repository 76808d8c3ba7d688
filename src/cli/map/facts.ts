/**
 * Options as the map shows them: known with their values, absent, or unknown with the expression that gives them.
 */
import type { Project } from '../../analysis/project/project.ts';
import { durationOf } from '../../analysis/values/durations.ts';
import { isNullish, membersOf, type Lookup, type Value } from '../../analysis/values/value.ts';
import type { Backoff, Fact, Retry } from './model.ts';
import { placeOf, sourceText } from './places.ts';

/** Reads an option; `read` gives what one value says, `undefined` where that cannot be known. */
export function factOf<T>(project: Project, found: Lookup, read: (value: Value) => T | undefined): Fact<T> {
  if (found.state === 'absent') return found;
  const value = found.value;
  if (!value) return { state: 'unknown', text: null };
  if (found.state === 'known') {
    const given = membersOf(value).filter((member) => !isNullish(member));
    if (given.length === 0) return { state: 'absent' };
    const values = given.map(read);
    // What is left out on one way is the default there: which of them holds, the values alone do not say.
    if (!values.includes(undefined) && given.length === membersOf(value).length)
      return { state: 'known', values: distinct(values as T[]), at: placeOf(project, value.at) };
  }
  return { state: 'unknown', text: expressionOf(value) };
}

export function retryOf(project: Project, option: (key: string) => Lookup): Retry {
  return {
    attempts: factOf(project, option('attempts'), numberIn),
    backoff: factOf(project, option('backoff'), (value) => backoffIn(project, value)),
  };
}

export function numberIn(value: Value): number | undefined {
  return value.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined;
}

export function textIn(value: Value): string | undefined {
  return value.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

function backoffIn({ ev }: Project, value: Value): Backoff | undefined {
  const milliseconds = (given: Value): number | undefined => durationOf(ev, given);
  const delay = milliseconds(value);
  if (delay !== undefined) return { type: 'fixed', delay, jitter: null };
  if (value.kind !== 'object') return undefined;
  const part = <T>(key: string, read: (value: Value) => T | undefined): T | null => {
    const found = ev.lookup(value, key);
    return found.state === 'known' ? (read(found.value) ?? null) : null;
  };
  return { type: part('type', textIn), delay: part('delay', milliseconds), jitter: part('jitter', numberIn) };
}

function expressionOf({ kind, at }: Value): string | null {
  // What is known by a type alone has no expression that says more.
  return kind === 'union' || at.node.type.startsWith('TS') ? null : sourceText(at.module, at.node);
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
