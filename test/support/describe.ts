/**
 * Values as text, so that tests can be tables: `3`, `'a' | undefined`, `{ a: 1 }`, `bullmq:.Queue#`, `?` for unknown.
 */
import path from 'node:path';
import { functionName } from '../../src/analysis/source/nodes.ts';
import type { Evaluation } from '../../src/analysis/values/evaluation.ts';
import {
  membersOf,
  type Lookup,
  type ObjectValue,
  type Ref,
  type Value,
} from '../../src/analysis/values/value.ts';
import type { MemoryProject } from './memory.ts';

export function describeValue(ev: Evaluation, value: Value, depth = 0): string {
  if (depth > 3) return '...';
  const inner = (part: Value): string => describeValue(ev, part, depth + 1);
  switch (value.kind) {
    case 'literal':
      return typeof value.value === 'string'
        ? `'${value.value}'`
        : typeof value.value === 'bigint'
          ? `${value.value}n`
          : String(value.value);
    case 'primitive':
      return value.type;
    case 'object':
      return describeObject(ev, value, inner);
    case 'array':
      return value.items
        ? `[${value.items.map((item) => (item ? inner(ev.evaluate(item)) : '')).join(', ')}]`
        : `${parenthesized(inner(value.element()))}[]`;
    case 'function':
      return `${functionName(value.at.node) ?? ''}()`;
    case 'class':
      return `class ${value.at.node.id?.name ?? ''}`;
    case 'instance':
      return value.class.at.node.id?.name ?? 'instance';
    case 'namespace':
      return `* of ${path.basename(value.module.path)}`;
    case 'shape':
      return 'shape';
    case 'enum':
      return `enum ${value.at.node.id.name}`;
    case 'external':
      return value.path;
    case 'union':
      return value.members.map(inner).join(' | ');
    case 'unknown':
      return '?';
  }
}

function parenthesized(text: string): string {
  return text.includes(' | ') ? `(${text})` : text;
}

function describeObject(ev: Evaluation, value: ObjectValue, inner: (value: Value) => string): string {
  const keys = new Set<string>();
  const collect = (object: ObjectValue, depth: number): void => {
    for (const part of object.parts) {
      if (part.kind === 'property' || (part.kind === 'write' && part.key !== undefined))
        keys.add(part.key as string);
      if (part.kind === 'spread' && depth < 3)
        for (const member of membersOf(ev.evaluate(part.value)))
          if (member.kind === 'object') collect(member, depth + 1);
    }
  };
  collect(value, 0);
  return keys.size === 0
    ? '{}'
    : `{ ${[...keys].map((key) => `${key}: ${describeLookup(ev.lookup(value, key), inner)}`).join(', ')} }`;
}

function describeLookup(found: Lookup, inner: (value: Value) => string): string {
  if (found.state === 'absent') return 'absent';
  const value = found.value ? inner(found.value) : '?';
  return found.state === 'known' ? value : `maybe ${value}`;
}

/** The argument of the call of `at(...)` in a file: the place that a test asks about. */
export function marked(project: MemoryProject, file = mainFile(project)): Ref {
  const module = project.module(file);
  for (const call of module.nodes('CallExpression')) {
    const [argument] = call.arguments;
    if (call.callee.type === 'Identifier' && call.callee.name === 'at' && argument)
      return { module, node: argument };
  }
  throw new Error(`no at(...) in ${file}`);
}

function mainFile(project: MemoryProject): string {
  const file = project.files.find((name) => /^a\.[jt]sx?$/.test(name));
  if (file === undefined) throw new Error('no file a');
  return file;
}

/** What the marked expression is. */
export function valueAt(project: MemoryProject): string {
  return describeValue(project.ev, project.ev.evaluate(marked(project)));
}

/** A property of the marked object as an option: `known 3`, `absent`, `unknown`, `unknown 3`. */
export function optionAt(project: MemoryProject, key: string): string {
  const found = project.ev.lookup(project.ev.evaluate(marked(project)), key);
  const value = 'value' in found && found.value ? ` ${describeValue(project.ev, found.value)}` : '';
  return `${found.state}${value}`;
}
