/**
 * The two ends of every queue of the project by their names: where queues are made, and which workers there are.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { constructionArguments } from '../jobs/recognize.ts';
import { nestDecorator } from '../jobs/workers.ts';
import { calleeName, isClass, keyName, type ClassNode } from '../source/nodes.ts';
import { beside, here } from '../values/evaluation.ts';
import { textsOf } from '../values/text.ts';
import { membersOf, type Ref, type Value } from '../values/value.ts';
import type { Project } from './project.ts';

export interface QueueEnd {
  /** Where the name is given. */
  place: Ref;
  name: string;
}

interface Side {
  /** Every place that gives a known name. */
  ends: QueueEnd[];
  /** Matches the names that are put together when the program runs. */
  open: RegExp[];
}

export interface QueueNames {
  queues: Side;
  workers: Side;
  /** Names that jobs are sent to without a queue made here: injected queues, nodes of flows. */
  fed: Side;
}

export function queueNames(project: Project): QueueNames {
  const { index, ev } = project;
  const names: QueueNames = { queues: side(), workers: side(), fed: side() };
  const add = (to: Side, value: Value | undefined, place: Ref): void => {
    if (!value) {
      to.open.push(/^/);
      return;
    }
    for (const text of textsOf(ev, value)) {
      if (text.every((piece) => piece.kind === 'text'))
        to.ends.push({ place, name: text.map((piece) => piece.text).join('') });
      else to.open.push(patternOf(text));
    }
  };

  for (const worker of index.workers) {
    const { at, name } = worker;
    const place = isClass(at.node) ? nestDecorator(ev, at as Ref<ClassNode>)?.value.site : firstOf(at);
    add(names.workers, worker.isSpread ? undefined : name, place ?? at);
  }
  for (const module of index.modules) {
    const { queues, registrations, constructions } = index.factsOf(module);
    for (const { at, queue } of queues) {
      const [first] = constructionArguments(queue) ?? [];
      if (!first || first.node.type === 'SpreadElement') add(names.queues, undefined, at);
      else
        for (const ref of index.asCalled(first)) {
          const value = ev.evaluate(ref);
          // What a caller gives is given there.
          add(names.queues, value, ref === first ? first : value.at);
        }
    }
    for (const { call, method } of registrations) {
      if (!method.startsWith('registerQueue')) continue;
      for (const argument of call.node.arguments) {
        const place = here(module, argument);
        if (argument.type === 'SpreadElement') {
          add(names.queues, undefined, place);
          continue;
        }
        for (const member of membersOf(ev.evaluate(place))) {
          const name = ev.lookup(member, 'name');
          add(names.queues, name.state === 'known' ? name.value : undefined, place);
        }
      }
    }
    for (const decorator of module.nodes('Decorator')) {
      const { expression } = decorator;
      if (expression.type !== 'CallExpression' || calleeName(expression.callee) !== 'InjectQueue') continue;
      const [first] = expression.arguments;
      add(names.fed, first && ev.evaluate(here(module, first)), here(module, decorator));
    }
    // The tree of a flow can be put together anywhere.
    if (
      constructions.some(({ role }) => role === 'flow') ||
      /InjectFlowProducer|:\s*FlowProducer\b/.test(module.text)
    ) {
      const given = module.nodes('Property').filter((property) => keyName(property) === 'queueName');
      if (given.length === 0) add(names.fed, undefined, here(module, module.ast));
      for (const property of given)
        add(names.fed, ev.evaluate(here(module, property.value)), here(module, property));
    }
  }
  return names;
}

/** Whether a side has a name, or can have it. */
export function has({ ends, open }: Side, name: string): boolean {
  return ends.some((end) => end.name === name) || open.some((pattern) => pattern.test(name));
}

function side(): Side {
  return { ends: [], open: [] };
}

function firstOf(at: Ref): Ref | undefined {
  const [first] = (at.node as TSESTree.NewExpression).arguments;
  return first && at.node.type === 'NewExpression' ? beside(at, first) : undefined;
}

function patternOf(text: ReturnType<typeof textsOf>[number]): RegExp {
  const parts = text.map((piece) =>
    piece.kind === 'text' ? piece.text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : '[^]*',
  );
  return new RegExp(`^${parts.join('')}$`);
}
