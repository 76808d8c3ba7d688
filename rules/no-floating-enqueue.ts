import type { TSESTree } from '@typescript-eslint/utils';
import { fateOf, type Fate } from '../src/analysis/calls/fate.ts';
import { startUpOf } from '../src/analysis/calls/start-up.ts';
import { nameOfFunction } from '../src/analysis/effects/effect.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Carried } from '../src/analysis/jobs/carriers.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { isScheduled } from '../src/analysis/project/job-options.ts';
import { startsUp } from '../src/analysis/project/start-up.ts';
import { isFunction, keyName, unwrap, type Node } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import { membersOf, present, type Ref } from '../src/analysis/values/value.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';
import { awaiting } from '../src/plugin/suggest-await.ts';

interface Options {
  allowStartUp: boolean;
}
type MessageId = 'floating' | 'floatingCall' | 'addAwait';
type Tools = RuleTools<Options, MessageId>;
type Call = TSESTree.CallExpression;

export default createRule<Options, MessageId>({
  name: 'no-floating-enqueue',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow dropping the promise of an enqueue.',
      preset: 'recommended',
      clauses: ['D7'],
    },
    hasSuggestions: true,
    messages: {
      floating:
        'Nothing waits for this enqueue: the job can be lost when the process ends, and a rejection that nobody handles ends the process. Await it, return its promise, or handle the rejection.',
      floatingCall:
        'Nothing waits for `{{name}}()`, whose promise is that of an enqueue ({{way}}): the job can be lost when the process ends, and a rejection that nobody handles ends the process. Await it, return its promise, or handle the rejection.',
      addAwait: 'Add `await`.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allowStartUp: {
            type: 'boolean',
            description:
              'Allow repeated jobs that are registered when the process starts, where nothing can wait.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allowStartUp: true }],
  },
  create(tools) {
    const { facts, report } = tools;
    /** Where promises end: several that end in one place have one cause. */
    const told = new Set<Node>();
    const tell = (node: Node, fate: Dropped, enqueue: Enqueue, carried?: Carried): void => {
      if (told.has(fate.at) || isStartUp(tools, node, fate, enqueue, carried)) return;
      told.add(fate.at);
      const suggest = awaiting(node, fate);
      report(node, {
        messageId: carried ? 'floatingCall' : 'floating',
        ...(carried ? { data: describe(carried) } : {}),
        suggest: suggest ? [{ messageId: 'addAwait', fix: suggest }] : [],
      });
    };
    return {
      enqueue(enqueue) {
        const fate = dropped(fateOf(facts.ev, enqueue.call));
        if (fate) tell(enqueue.call.node, fate, enqueue);
      },
      file() {
        for (const { node, fate, carried } of droppedCarriers(facts))
          tell(node, fate, carried.enqueue, carried);
      },
    };
  },
});

type Dropped = Extract<Fate, { kind: 'dropped' | 'read' }>;

function dropped(fate: Fate): Dropped | undefined {
  return fate.kind === 'dropped' || fate.kind === 'read' ? fate : undefined;
}

interface DroppedCarrier {
  node: Call;
  fate: Dropped;
  carried: Carried;
}

/** Calls of functions whose promise is that of an enqueue, where nothing waits for it. */
function droppedCarriers({ module, ev, project }: FileFacts): DroppedCarrier[] {
  const { carriers } = project;
  return module.nodes('CallExpression').flatMap((node): DroppedCarrier[] => {
    const at = here(module, node) as Ref<Call>;
    const handed = handedToForEach(node);
    if (handed) {
      if (!project.leadsTo(module.path, 'jobs')) return [];
      for (const value of membersOf(present(ev.evaluate(here(module, handed))))) {
        const carried = value.kind === 'function' ? carriers.carriedByFunction(value) : undefined;
        if (carried) return [{ node, fate: { kind: 'dropped', at: node, through: undefined }, carried }];
      }
      return [];
    }
    const fate = dropped(fateOf(ev, at));
    const carried = fate && carriers.carriedBy(at);
    return fate && carried ? [{ node, fate, carried }] : [];
  });
}

/** The function of `ids.forEach(enqueueOne)`, named and not written in place. */
function handedToForEach(call: Call): Node | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'forEach') return undefined;
  const [argument] = call.arguments;
  return argument && argument.type !== 'SpreadElement' && !isFunction(unwrap(argument))
    ? argument
    : undefined;
}

/** What runs when the process starts has nobody who could wait: a program's own beginning, and its registrations. */
function isStartUp(
  { facts, options }: Tools,
  node: Node,
  fate: Dropped,
  enqueue: Enqueue,
  carried?: Carried,
): boolean {
  const { module, project } = facts;
  // `main()`, `(async () => { await ... })()`
  const isEntry = carried !== undefined || (fate.kind === 'dropped' && fate.through !== undefined);
  if (isEntry && startUpOf(module, fate.at) === 'module') return true;
  if (!options.allowStartUp || !enqueue.jobs.some((job) => isScheduled(project, enqueue, job))) return false;
  return startsUp(project, module, node) !== undefined;
}

function describe({ enqueue, way }: Carried): { name: string; way: string } {
  const names = way.map(nameOfFunction);
  return { name: names[0] ?? 'function', way: [...names, `${enqueue.method}()`].join(' -> ') };
}
