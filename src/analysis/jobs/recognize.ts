/**
 * Whether a value is a queue, a worker, a flow producer or a job, by where it comes from: never by its name.
 */
import { decoratorsOf, type Node } from '../source/nodes.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { here } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { membersOf, present, stringOf, type ExternalValue, type Ref, type Value } from '../values/value.ts';
import { instanceRole, type Dialect, type Role } from './dialects/index.ts';

/** An instance of a library's class. */
export interface LibraryObject {
  role: Role;
  dialect: Dialect;
  value: ExternalValue;
  /** Where it is constructed (`new`, `super(...)`); absent when it is known by type or injection only. */
  construction: Ref | undefined;
}

/** The objects of a role that a value can be; anything else it can be is left out. */
export function libraryObjects(ev: Evaluation, value: Value, role: Role): LibraryObject[] {
  return membersOf(present(value)).flatMap((member) => {
    const found = libraryObject(ev, member);
    return found?.role === role ? [found] : [];
  });
}

export function libraryObject(ev: Evaluation, value: Value): LibraryObject | undefined {
  const base =
    value.kind === 'instance'
      ? externalBase(ev, value.class, value)
      : value.kind === 'external'
        ? value
        : undefined;
  const recognized = base && instanceRole(base.path);
  if (!recognized) return undefined;
  const site = base.site;
  const isConstructed =
    site?.node.type === 'NewExpression' ||
    (site?.node.type === 'CallExpression' && (site.node.callee.type === 'Super' || base.path.endsWith('()')));
  return { ...recognized, value: base, construction: isConstructed ? site : undefined };
}

/** The arguments with which a library object is constructed. */
export function constructionArguments(object: LibraryObject): Ref[] | undefined {
  const node = object.construction?.node;
  if (node?.type !== 'NewExpression' && node?.type !== 'CallExpression') return undefined;
  return node.arguments.map((argument) => ({ ...object.construction, node: argument }) as Ref);
}

/** The value of a queue's (or worker's) name: the constructor's first argument, or that of the injecting decorator. */
export function nameOf(ev: Evaluation, object: LibraryObject): Value | undefined {
  const [first] = constructionArguments(object) ?? [];
  if (first) return ev.evaluate(first);
  return injectedName(ev, object.value);
}

/** `@InjectQueue('mail') queue: Queue`: the decorator beside the annotation by which the queue is known. */
function injectedName(ev: Evaluation, value: ExternalValue): Value | undefined {
  const site = value.site;
  if (!site) return undefined;
  if (value.path.endsWith('@')) return firstArgument(ev, site);
  for (let node: Node | undefined = site.node; node; node = node.parent) {
    for (const decorator of decoratorsOf(node)) {
      const decorated = ev.evaluate(here(site.module, decorator.expression));
      if (decorated.kind === 'external' && decorated.path.endsWith(':.InjectQueue()') && decorated.site)
        return firstArgument(ev, decorated.site);
    }
    if (node.type === 'ClassBody' || node.type === 'BlockStatement') return undefined;
  }
  return undefined;
}

function firstArgument(ev: Evaluation, site: Ref): Value | undefined {
  if (site.node.type !== 'CallExpression') return undefined;
  const [first] = site.node.arguments;
  return first && ev.evaluate(here(site.module, first, site.frame));
}

/** The name as text, when it is known. */
export function nameText(ev: Evaluation, object: LibraryObject): string | undefined {
  const value = nameOf(ev, object);
  if (!value) return undefined;
  if (value.kind === 'object') {
    // Nest accepts `{ name }` in some places.
    const found = ev.lookup(value, 'name');
    return found.state === 'known' ? stringOf(found.value) : undefined;
  }
  return stringOf(value);
}
