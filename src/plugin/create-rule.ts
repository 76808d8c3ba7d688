/**
 * A rule of ours as a rule of the linter: listens to facts about jobs where other rules listen to nodes.
 */
import { debuglog } from 'node:util';
import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import type { JSONSchema4 } from '@typescript-eslint/utils/json-schema';
import type { Context, FileFacts } from '../analysis/file-facts.ts';
import type { Enqueue } from '../analysis/jobs/enqueues.ts';
import type { QueueDefinition } from '../analysis/jobs/facts.ts';
import type { Listener } from '../analysis/jobs/listeners.ts';
import type { WrittenOptions } from '../analysis/jobs/options.ts';
import type { Processor, WorkerDefinition } from '../analysis/jobs/workers.ts';
import type { Transaction } from '../analysis/transactions/transactions.ts';
import { lintedFile } from './linted-file.ts';
import { tellReport } from './reports.ts';
import { readSettings, type Settings } from './settings.ts';

export type Preset = 'hard-stops' | 'recommended' | 'strict';
type Node = TSESTree.Node;

export interface Docs {
  description: string;
  /** The smallest preset that has the rule; each preset has those of the ones before it. */
  preset: Preset;
  /** Clauses of the rulebook that the rule enforces, by their numbers. */
  clauses: readonly string[];
  /** Options with which `strict` sets the rule, where they are not the defaults. */
  strictOptions?: object;
  url?: string;
}

/** What a rule can listen to. Each listener is called once for each fact of the linted file. */
export interface FactListeners {
  /** A call in this file that puts jobs into a queue. */
  enqueue?: (enqueue: Enqueue) => void;
  /** A call in this file that does so through functions that pass its arguments on. */
  passedEnqueue?: (enqueue: Enqueue) => void;
  queue?: (queue: QueueDefinition) => void;
  worker?: (worker: WorkerDefinition) => void;
  processor?: (processor: Processor) => void;
  /** Options that are given to a job, to the jobs of a queue, to a queue, worker, flow producer or queue events. */
  options?: (options: WrittenOptions) => void;
  /** Options that a call of this file hands to a function which constructs a queue, worker ... with them. */
  passedOptions?: (options: WrittenOptions) => void;
  /** A function that listens to events of a worker, queue, flow producer or queue events. */
  listener?: (listener: Listener) => void;
  /** A function, or a part of one, that runs inside a database transaction. */
  transaction?: (transaction: Transaction) => void;
  /** A request handler. */
  handler?: (handler: Context) => void;
  /** The file as a whole, after everything else. */
  file?: (facts: FileFacts) => void;
}

export interface Suggestion<M extends string> {
  messageId: M;
  data?: Record<string, string>;
  fix: TSESLint.ReportFixFunction;
}

export interface Problem<M extends string> {
  messageId: M;
  data?: Record<string, string>;
  fix?: TSESLint.ReportFixFunction | undefined;
  suggest?: readonly Suggestion<M>[];
}

export interface RuleTools<O, M extends string> {
  facts: FileFacts;
  options: O;
  settings: Settings;
  sourceCode: TSESLint.SourceCode;
  /** Reports a node of the linted file; the same node and message are reported once. */
  report: (node: Node, problem: Problem<M>) => void;
}

export interface RuleDefinition<O extends object, M extends string> {
  name: string;
  meta: {
    type: 'problem' | 'suggestion';
    docs: Docs;
    messages: Record<M, string>;
    schema: readonly [] | readonly [JSONSchema4];
    /** Absent for a rule without options. */
    defaultOptions?: readonly [O];
    hasSuggestions?: boolean;
    fixable?: 'code';
  };
  create(tools: RuleTools<O, M>): FactListeners;
}

export interface AsyncTasksRule {
  name: string;
  meta: RuleDefinition<object, string>['meta'] & { languages: string[] };
  create(context: TSESLint.RuleContext<string, readonly unknown[]>): TSESLint.RuleListener;
}

const DOCS = 'https://github.com/eslint-plugin-async-tasks/eslint-plugin-async-tasks/blob/main/docs/rules';
const debug = debuglog('async-tasks');

export function createRule<O extends object, M extends string>(
  definition: RuleDefinition<O, M>,
): AsyncTasksRule {
  const { name, meta } = definition;
  return {
    name,
    meta: {
      ...meta,
      docs: { ...meta.docs, url: `${DOCS}/${name}.md` },
      languages: ['js/js'],
    },
    create(context) {
      // A wrong setting is the user's to know of; what fails after it is ours.
      const settings = readSettings(context.settings);
      const file = guarded(name, context.filename, () => lintedFile(context, settings));
      if (!file) return {};
      return {
        // At the end every node has its parent, whatever the parser.
        'Program:exit'() {
          guarded(name, context.filename, () => {
            run(definition.create(toolsFor(definition, context, file.facts, file.settings)), file.facts);
          });
        },
      };
    },
  };
}

function toolsFor<O extends object, M extends string>(
  definition: RuleDefinition<O, M>,
  context: TSESLint.RuleContext<string, readonly unknown[]>,
  facts: FileFacts,
  settings: Settings,
): RuleTools<O, M> {
  const seen = new Map<Node, Set<string>>();
  const given = context.options[0] as Partial<O> | undefined;
  return {
    facts,
    settings,
    options: { ...definition.meta.defaultOptions?.[0], ...given } as O,
    sourceCode: context.sourceCode,
    report(node, { messageId, data, fix, suggest }) {
      const messages = seen.get(node) ?? new Set();
      if (messages.has(messageId)) return;
      seen.set(node, messages.add(messageId));
      context.report({
        node,
        messageId,
        ...(data ? { data } : {}),
        ...(fix ? { fix } : {}),
        ...(suggest ? { suggest: suggest.slice() } : {}),
      });
      const { line, column } = node.loc.start;
      tellReport(facts, { rule: definition.name, line, column: column + 1 }, data ?? {});
    },
  };
}

function run(listeners: FactListeners, facts: FileFacts): void {
  const { enqueue, passedEnqueue, queue, worker, options, passedOptions } = listeners;
  const { listener, processor, handler, transaction, file } = listeners;
  if (enqueue) for (const fact of facts.own.enqueues) enqueue(fact);
  if (passedEnqueue) for (const fact of facts.passedEnqueues) passedEnqueue(fact);
  if (queue) for (const fact of facts.own.queues) queue(fact);
  if (worker) for (const fact of facts.own.workers) worker(fact);
  if (options) for (const fact of facts.options) options(fact);
  if (passedOptions) for (const fact of facts.passedOptions) passedOptions(fact);
  if (listener) for (const fact of facts.listeners) listener(fact);
  if (processor) for (const fact of facts.processors) processor(fact);
  if (transaction) for (const fact of facts.transactions) transaction(fact);
  if (handler) for (const fact of facts.handlers) handler(fact);
  file?.(facts);
}

/**
 * A mistake of ours must not stop anybody's lint run: the rule falls silent for the file and says so under
 * `NODE_DEBUG=async-tasks`. With `ASYNC_TASKS_THROW=1` it is thrown, which is how our own tests run.
 */
function guarded<T>(rule: string, file: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (process.env.ASYNC_TASKS_THROW === '1') throw error;
    debug('%s gave up on %s: %s', rule, file, error);
    return undefined;
  }
}
