import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import { optionPlace, optionRef, passedPlace, type WrittenOptions } from '../src/analysis/jobs/options.ts';
import { isText } from '../src/analysis/jobs/constructions.ts';
import { redisClient, type RedisClient } from '../src/analysis/jobs/redis-clients.ts';
import { processorQueueName, nestDecorator } from '../src/analysis/jobs/workers.ts';
import { unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { beside, type Evaluation } from '../src/analysis/values/evaluation.ts';
import { canBeMissing } from '../src/analysis/values/missing.ts';
import { givenRef } from '../src/analysis/values/trace.ts';
import {
  membersOf,
  numberOf,
  present,
  stringOf,
  type Lookup,
  type Ref,
  type Value,
} from '../src/analysis/values/value.ts';
import { createRule, type RuleTools, type Suggestion } from '../src/plugin/create-rule.ts';

type MessageId = 'keyPrefix' | 'text' | 'refused' | 'givesUp' | 'useUrl' | 'retryForEver';
type Tools = RuleTools<object, MessageId>;

export default createRule<object, MessageId>({
  name: 'valid-connection-options',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow connection options that BullMQ ignores, refuses or breaks on.',
      preset: 'recommended',
      clauses: ['C1'],
    },
    hasSuggestions: true,
    messages: {
      keyPrefix:
        'BullMQ does not support `keyPrefix`: with it jobs stay active for ever, and a client that has it is refused. Use the option `prefix` of the queue and of its workers.',
      text: 'A string as `connection` is ignored, and BullMQ connects to localhost. Give it as `connection: { url }`.',
      refused:
        'BullMQ refuses this client when the {{class}} is constructed, because its `maxRetriesPerRequest` is {{value}}. Make the client with `maxRetriesPerRequest: null`, or give `connection` the options instead of a client.',
      givesUp:
        'With `maxRetriesPerRequest: 0` this client gives every command up when the connection breaks, and a job that ends then stays active. Make it with `maxRetriesPerRequest: null`.',
      useUrl: 'Give the string as `url`.',
      retryForEver: 'Set `maxRetriesPerRequest: null` where the client is made.',
    },
    schema: [],
  },
  create(tools) {
    // A shared mistake is told once, where it is first met.
    const told = new Set<Node>();
    const look = (options: WrittenOptions): void => {
      if (options.dialect.family !== 'bullmq' || options.scope.startsWith('job')) return;
      const connection = options.ev.lookup(options.value, 'connection');
      if (connection.state === 'known') check(tools, options, connection.value, told);
    };
    return { options: look, passedOptions: look };
  },
});

function check(tools: Tools, options: WrittenOptions, connection: Value, told: Set<Node>): void {
  const { facts, report } = tools;
  const { ev } = options;
  const place = (options.passed ? passedPlace : optionPlace)(facts.module, options, 'connection');
  if (!place) return;
  for (const member of membersOf(connection)) {
    const client = redisClient(ev, member);
    const isOptions = client !== undefined || member.kind === 'object';
    const keyPrefix = client ? client.option('keyPrefix') : ev.lookup(member, 'keyPrefix');
    const ref = client ? client.optionRef('keyPrefix') : givenRef(ev, member, 'keyPrefix');
    if (isOptions && isSet(ev, keyPrefix, ref)) {
      const cause = ref?.node ?? member.at.node;
      if (!told.has(cause))
        report(ref?.module === facts.module ? ref.node : place, { messageId: 'keyPrefix' });
      told.add(cause);
    } else if (client && blocks(facts, options)) {
      const problem = retriesProblem(client);
      if (!problem || told.has(client.at.node)) continue;
      told.add(client.at.node);
      report(place, {
        ...problem,
        data: { class: className(options), ...problem.data },
        suggest: retryForEver(facts, client),
      });
    } else if (isRedisText(member, connection) && !hasOtherBackend(facts, options)) {
      report(place, { messageId: 'text', suggest: useUrl(facts, options, connection) });
    }
  }
}

/** Whether an option has a value; a setting is there to be set, a parameter or an optional property may not be. */
function isSet(ev: Evaluation, option: Lookup, ref: Ref | undefined): boolean {
  if (option.state !== 'known') return false;
  const members = membersOf(option.value);
  // `process.env.PREFIX ?? ''`: not where nobody says otherwise.
  if (members.some((member) => member.kind === 'literal' && !member.value)) return false;
  return members.some((member) => {
    if (member.kind === 'literal') return Boolean(member.value);
    if (member.kind === 'external') return true;
    return member.kind === 'primitive' && !(ref && canBeMissing(ev, ref));
  });
}

/** What BullMQ or the first outage makes of the client's `maxRetriesPerRequest`; the default of ioredis is 20. */
function retriesProblem({
  option,
  isCluster,
}: RedisClient): { messageId: MessageId; data: Record<string, string> } | undefined {
  const retries = option('maxRetriesPerRequest');
  // BullMQ looks at the `redisOptions` of a cluster alone, which have no such default.
  if (retries.state === 'absent')
    return isCluster ? undefined : { messageId: 'refused', data: { value: 'not set (20)' } };
  if (retries.state === 'unknown') return undefined;
  const numbers = membersOf(retries.value).map(numberOf);
  const refused = numbers.find((number) => number !== undefined && number !== 0);
  if (refused !== undefined) return { messageId: 'refused', data: { value: String(refused) } };
  return numbers.includes(0) ? { messageId: 'givesUp', data: {} } : undefined;
}

/** Whether the connection is used to wait with: by a worker or queue events, with NestJS by the queue's processor. */
function blocks({ project }: FileFacts, { scope, registration, queueName }: WrittenOptions): boolean {
  if (scope === 'worker' || scope === 'queue-events') return true;
  if (!registration || scope === 'flow') return false;
  const { index, ev } = project;
  const isRoot = registration.method.startsWith('forRoot');
  return index.modules
    .flatMap((module) => index.factsOf(module).processorClasses)
    .some((owner) => {
      const decorator = nestDecorator(ev, owner);
      if (decorator?.dialect.family !== 'bullmq') return false;
      return isRoot || (queueName !== undefined && processorQueueName(ev, decorator.value) === queueName);
    });
}

const CLASS_NAMES = {
  worker: 'worker',
  'queue-events': 'queue events',
  queue: 'worker of the queue',
} as const;

function className({ scope }: WrittenOptions): string {
  return CLASS_NAMES[scope as keyof typeof CLASS_NAMES];
}

/** Text that is no address of PostgreSQL, or an environment variable. */
function isRedisText(value: Value, all: Value): boolean {
  if (value.kind === 'literal') return /^(?!postgres)/.test(stringOf(value) ?? 'postgres');
  // A value that is declared as text or options may have been told apart.
  return isText(value) && (value.kind !== 'primitive' || membersOf(present(all)).every(isText));
}

/** BullMQ 6 takes a string for its PostgreSQL backend: as an argument after the options, by `withBackend`, or for all. */
function hasOtherBackend({ project }: FileFacts, { at, scope, ev, registration }: WrittenOptions): boolean {
  const { node } = at;
  if (!registration && (node.type === 'NewExpression' || node.type === 'CallExpression')) {
    const position = { flow: 1, queue: 2, 'queue-events': 2, worker: 3 }[scope as string] ?? Infinity;
    if (node.arguments.length > position) return true;
    const callee = ev.evaluate(beside(at, node.callee));
    if (callee.kind === 'external' && callee.path.includes('withBackend()')) return true;
  }
  return project.index.modules.some((module) => module.text.includes('setDefaultBackendFactory'));
}

/** An edit that wraps the string where it is given to `connection`, if nothing else can be given there. */
function useUrl(facts: FileFacts, options: WrittenOptions, connection: Value): Suggestion<MessageId>[] {
  const ref = optionRef(options, 'connection');
  const property = ref?.node.parent;
  if (ref?.module !== facts.module || property?.type !== 'Property' || options.passed) return [];
  if (!membersOf(connection).every((member) => isRedisText(member, connection))) return [];
  const text = `{ url: ${facts.module.textOf(ref.node)} }`;
  const replacement = property.shorthand ? `connection: ${text}` : text;
  return [{ messageId: 'useUrl', fix: (fixer) => fixer.replaceText(ref.node, replacement) }];
}

/** An edit of the client's construction in the linted file, where its options are written out or there are none. */
function retryForEver(
  facts: FileFacts,
  { at, isCluster, optionRef: refOf }: RedisClient,
): Suggestion<MessageId>[] {
  if (at.module !== facts.module || isCluster) return [];
  const fix = nullRetries(facts, at.node, refOf('maxRetriesPerRequest')?.node);
  return fix ? [{ messageId: 'retryForEver', fix }] : [];
}

const OPTION = 'maxRetriesPerRequest: null';

function nullRetries(
  facts: FileFacts,
  { arguments: args, callee }: TSESTree.NewExpression | TSESTree.CallExpression,
  given: Node | undefined,
): TSESLint.ReportFixFunction | undefined {
  const object = args.map(unwrap).find((argument) => argument.type === 'ObjectExpression');
  if (given)
    return object && given.parent?.parent === object && given.type === 'Literal'
      ? (fixer) => fixer.replaceText(given, 'null')
      : undefined;
  const last = args.at(-1);
  if (object) {
    const property = object.properties.at(-1);
    return property
      ? (fixer) => fixer.insertTextAfter(property, `, ${OPTION}`)
      : (fixer) => fixer.replaceText(object, `{ ${OPTION} }`);
  }
  if (last) {
    const isAddress = args.every((argument) =>
      isText(facts.ev.evaluate({ module: facts.module, node: argument })),
    );
    return isAddress ? (fixer) => fixer.insertTextAfter(last, `, { ${OPTION} }`) : undefined;
  }
  const opening = facts.module.textOf(callee.parent).endsWith('()');
  return opening
    ? (fixer) => fixer.insertTextBeforeRange([callee.parent.range[1] - 1, 0], `{ ${OPTION} }`)
    : undefined;
}
