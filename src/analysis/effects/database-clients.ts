/**
 * Which client of a database a write goes through. Two clients have no transaction in common.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import {
  enclosingFunction,
  enclosingThis,
  keyName,
  unwrap,
  type ClassNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type ExternalValue, type InstanceValue, type Ref } from '../values/value.ts';

/** What holds a connection, by the path of its value. */
const CLIENT =
  /^(?:[^:]*prisma[^:]*:\.\w*Client#|drizzle-orm\/[^:]*:\.(?:drizzle\(\)|\w*Database#)|knex:(?:\.\w+)?\(\)|kysely:\.Kysely#)$/i;
const MAX_BASES = 4;

interface Client {
  value: InstanceValue | ExternalValue;
  /** The expression that the write has for it. */
  at: Ref;
}

/** Whether two writes surely go through different clients. */
export function haveDifferentClients(
  ev: Evaluation,
  first: Ref<TSESTree.CallExpression>,
  second: Ref<TSESTree.CallExpression>,
): boolean {
  const [ofFirst, ofSecond] = [clientsOf(ev, first), clientsOf(ev, second)];
  return (
    ofFirst.length > 0 &&
    ofSecond.length > 0 &&
    ofFirst.every((one) => ofSecond.every((other) => areDifferent(ev, one, other)))
  );
}

/** The client at the root of what is called: `this.prisma` of `this.prisma.order.update()`. */
function clientsOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Client[] {
  const links: Node[] = [];
  for (let node = unwrap(call.node.callee); ;) {
    if (node.type === 'CallExpression') node = unwrap(node.callee);
    else if (node.type === 'MemberExpression') node = unwrap(node.object);
    else break;
    if (node.type === 'Identifier' || node.type === 'MemberExpression') links.push(node);
  }
  for (const link of links.reverse()) {
    const at = beside<Node>(call, link);
    const values = membersOf(present(ev.evaluate(at))).filter(
      (value): value is Client['value'] => value.kind === 'instance' || value.kind === 'external',
    );
    const clients = values.filter((value) => isClient(ev, value));
    if (clients.length > 0) return clients.map((value) => ({ value, at }));
  }
  return [];
}

function isClient(ev: Evaluation, value: Client['value']): boolean {
  if (value.kind === 'external') return CLIENT.test(value.path);
  return basesOf(ev, value).some((base) => typeof base === 'string' && CLIENT.test(`${base}#`));
}

/** The classes that a class extends, itself included, and the path of what a package has of them. */
function basesOf(ev: Evaluation, instance: InstanceValue): (ClassNode | string)[] {
  const bases: (ClassNode | string)[] = [];
  let { at } = instance.class;
  for (let depth = 0; depth < MAX_BASES; depth++) {
    bases.push(at.node);
    if (!at.node.superClass) break;
    const base = ev.evaluate(here(at.module, at.node.superClass, at.frame));
    if (base.kind === 'external') bases.push(base.path);
    if (base.kind !== 'class') break;
    at = base.at;
  }
  return bases;
}

function areDifferent(ev: Evaluation, one: Client, other: Client): boolean {
  const [a, b] = [one.value, other.value];
  if (a.kind === 'external' && b.kind === 'external')
    return a.path === b.path ? areMadeApart(a.site, b.site) : packageOf(a) !== packageOf(b);
  if (a.kind !== 'instance' || b.kind !== 'instance') return false;
  const [aClass, bClass] = [a.class.at.node, b.class.at.node];
  if (aClass !== bClass) return !basesOf(ev, a).includes(bClass) && !basesOf(ev, b).includes(aClass);
  // One that is injected, and one that a job makes for itself.
  if (!a.site !== !b.site) return isOwn(a.site ?? b.site);
  return a.site ? areMadeApart(a.site, b.site) : areOtherFields(one.at, other.at);
}

function packageOf({ path }: ExternalValue): string {
  return path.slice(0, path.indexOf(':'));
}

/** What tells one database from another, where a client is made. */
const ADDRESS = /ur[il]|tenant|connection|database|adapter|data_?source|\bpool\b/i;

/** Whether two clients are made with other addresses. */
function areMadeApart(one: Ref | undefined, other: Ref | undefined): boolean {
  const [a, b] = [argumentsOf(one), argumentsOf(other)];
  return a !== undefined && b !== undefined && a !== b && ADDRESS.test(a + b);
}

function argumentsOf(site: Ref | undefined): string | undefined {
  if (site?.node.type !== 'NewExpression' && site?.node.type !== 'CallExpression') return undefined;
  return site.node.arguments.map((argument) => site.module.textOf(argument).replace(/[\s!]/g, '')).join();
}

/** Whether a client is made in a function, with what is known there. */
function isOwn(site: Ref | undefined): boolean {
  return (
    site?.node.type === 'NewExpression' &&
    site.node.arguments.length > 0 &&
    enclosingFunction(site.node) !== undefined
  );
}

/** `this.reads` and `this.writes` of one class */
function areOtherFields({ node: one }: Ref, { node: other }: Ref): boolean {
  const isField = one.type === 'MemberExpression' && other.type === 'MemberExpression';
  if (!isField || one.object.type !== 'ThisExpression' || other.object.type !== 'ThisExpression')
    return false;
  const owner = enclosingThis(one)?.class;
  return owner !== undefined && owner === enclosingThis(other)?.class && keyName(one) !== keyName(other);
}
