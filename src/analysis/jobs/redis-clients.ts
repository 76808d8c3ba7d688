/**
 * Redis clients of ioredis (and its fork iovalkey) that code makes and gives to a queue library.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { argumentRefs } from '../values/calls.ts';
import type { Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { givenRef } from '../values/trace.ts';
import {
  isNullish,
  membersOf,
  type ExternalValue,
  type Lookup,
  type Ref,
  type Value,
} from '../values/value.ts';
import { isText } from './constructions.ts';

export interface RedisClient {
  /** `new Redis(...)`, or `super(...)` of a subclass. */
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>;
  isCluster: boolean;
  /** An option of the client; of a cluster, one of its `redisOptions`. */
  option: (key: string) => Lookup;
  /** The expression that gives the option, where it is written out. */
  optionRef: (key: string) => Ref | undefined;
}

const INSTANCE = /^(?:ioredis|iovalkey):(?:\.(?:Redis|Valkey))?(\.Cluster)?#/;

/** The client that a value is, where it is seen how it is made: not one that is injected. */
export function redisClient(ev: Evaluation, value: Value): RedisClient | undefined {
  const client = value.kind === 'instance' ? externalBase(ev, value.class, value) : value;
  if (client?.kind !== 'external') return undefined;
  const [base, isCluster] = INSTANCE.exec(client.path) ?? [];
  if (base === undefined) return undefined;
  const way = client.path.slice(base.length);
  if (way === '.duplicate()') return duplicate(ev, client);
  const { site } = client;
  if (way !== '' || (site?.node.type !== 'NewExpression' && site?.node.type !== 'CallExpression'))
    return undefined;
  const at = site as RedisClient['at'];
  const args = argumentRefs(at);
  return {
    at,
    isCluster: isCluster !== undefined,
    option: (key) => (isCluster === undefined ? firstOption(ev, args, key) : clusterOption(ev, args, key)),
    optionRef: (key) =>
      firstRef(ev, args, key) ?? (isCluster === undefined ? undefined : clusterRef(ev, args, key)),
  };
}

/** `redis.duplicate({ ... })` has the options of the client, but for those it is given. */
function duplicate(ev: Evaluation, { from, site }: ExternalValue): RedisClient | undefined {
  const original = from?.from && redisClient(ev, from.from);
  if (!original || site?.node.type !== 'CallExpression') return undefined;
  const overrides = argumentRefs(site as Ref<TSESTree.CallExpression>);
  return {
    ...original,
    option(key) {
      const own = firstOption(ev, overrides, key);
      return own.state === 'absent' ? original.option(key) : own;
    },
    optionRef: (key) => firstRef(ev, overrides, key) ?? original.optionRef(key),
  };
}

/**
 * `new Redis(url, options)`, `new Redis(port, host, options)`, `new Redis(options)`: of several objects the first
 * that has an option gives it, and an `undefined` counts for nothing (ioredis `Redis.parseOptions`).
 */
function firstOption(ev: Evaluation, args: readonly Ref[], key: string): Lookup {
  for (const [index, argument] of args.entries()) {
    if (argument.node.type === 'SpreadElement') return { state: 'unknown' };
    const value = ev.evaluate(argument);
    if (isText(value) || isNullish(value) || isAddress(argument, index < args.length - 1)) continue;
    const found = ev.lookup(value, key);
    if (found.state === 'unknown') return found;
    if (found.state === 'known' && !isUndefined(found.value)) return found;
  }
  return { state: 'absent' };
}

function firstRef(ev: Evaluation, args: readonly Ref[], key: string): Ref | undefined {
  for (const argument of args) {
    const found =
      argument.node.type === 'SpreadElement' ? undefined : givenRef(ev, ev.evaluate(argument), key);
    if (found) return found;
  }
  return undefined;
}

function clusterOption(ev: Evaluation, [, options]: readonly Ref[], key: string): Lookup {
  if (!options) return { state: 'absent' };
  const value = ev.evaluate(options);
  const own = key === 'keyPrefix' ? ev.lookup(value, key) : undefined;
  if (own && own.state !== 'absent') return own;
  const redisOptions = ev.lookup(value, 'redisOptions');
  return redisOptions.state === 'known' ? ev.lookup(redisOptions.value, key) : redisOptions;
}

function clusterRef(ev: Evaluation, [, options]: readonly Ref[], key: string): Ref | undefined {
  const redisOptions = options && ev.lookup(ev.evaluate(options), 'redisOptions');
  return redisOptions?.state === 'known' ? givenRef(ev, redisOptions.value, key) : undefined;
}

/** An argument before the options is a port, a host or a URL; so is what is called a URL by its own expression. */
function isAddress({ module, node }: Ref, isFollowed: boolean): boolean {
  const text = module.textOf(node);
  return (isFollowed && node.type !== 'ObjectExpression') || /ur[il]\b['"`)\]!]*$/i.test(text);
}

function isUndefined(value: Value): boolean {
  return membersOf(value).every((member) => member.kind === 'literal' && member.value === undefined);
}
