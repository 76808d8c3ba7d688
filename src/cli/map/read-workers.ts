/**
 * The workers of a project with the functions that they run.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Project } from '../../analysis/project/project.ts';
import {
  nestProcessors,
  processorFunctions,
  sandboxFile,
  sandboxFunction,
  type WorkerDefinition,
} from '../../analysis/jobs/workers.ts';
import { decoratorsOf, isClass, type ClassNode } from '../../analysis/source/nodes.ts';
import { beside, here } from '../../analysis/values/evaluation.ts';
import { mergeLookups } from '../../analysis/values/members.ts';
import { textsOf } from '../../analysis/values/text.ts';
import { membersOf, type FunctionValue, type Lookup, type Ref } from '../../analysis/values/value.ts';
import { factOf, numberIn } from './facts.ts';
import type { Fact, Name, Processor } from './model.ts';
import { nameOfFunction, placeOf } from './places.ts';
import { nameOfText, queuesNamed, unnamed, type NamedQueue } from './queue-ids.ts';

export interface ReadWorker {
  at: Ref;
  queues: NamedQueue[];
  concurrency: Fact<number>;
  processors: ReadProcessor[];
}

export interface ReadProcessor {
  shown: Processor;
  /** Absent where the file of a sandboxed processor has none to be seen. */
  fn: FunctionValue | undefined;
}

export function readWorkers(project: Project): ReadWorker[] {
  return project.index.workers.map((worker) => ({
    at: worker.at,
    queues: queuesRunBy(project, worker),
    concurrency: factOf(project, concurrencyOf(project, worker), numberIn),
    processors: processorsOf(project, worker),
  }));
}

function queuesRunBy({ ev }: Project, { name, isSpread, at }: WorkerDefinition): NamedQueue[] {
  if (!name || isSpread) return [unnamed(at)];
  return queuesNamed(ev, name, name.at);
}

function concurrencyOf(project: Project, { dialect, at, options, isSpread }: WorkerDefinition): Lookup {
  const { ev } = project;
  if (isSpread) return { state: 'unknown' };
  if (dialect.processMethod) {
    // Bull: `process('name', 5, fn)`
    const numbers = argumentsOf(at)
      .slice(0, -1)
      .map((argument) => ev.evaluate(argument));
    const given = numbers.find((value) => value.kind !== 'literal' || typeof value.value === 'number');
    return given ? { state: 'known', value: given } : { state: 'absent' };
  }
  if (isClass(at.node) && dialect.nest?.process !== undefined) {
    const found = processDecorators(project, at as Ref<ClassNode>).map(({ options: given }) =>
      given ? ev.lookup(ev.evaluate(given), 'concurrency') : ({ state: 'absent' } as const),
    );
    return mergeLookups(at, found);
  }
  return options ? ev.lookup(ev.evaluate(options), 'concurrency') : { state: 'absent' };
}

function processorsOf(project: Project, worker: WorkerDefinition): ReadProcessor[] {
  const { ev, index } = project;
  const { at, processor } = worker;
  if (isClass(at.node)) {
    const owner = at as Ref<ClassNode>;
    const decorators = processDecorators(project, owner);
    return nestProcessors(ev, owner).map(({ fn }) => {
      const decorator = decorators.find(({ method }) => method.value === fn.at.node);
      return read(project, fn, { jobName: decorator?.name ? nameGiven(project, decorator.name) : null });
    });
  }
  if (!processor) return [];
  const file = sandboxFile(ev, processor);
  if (file !== undefined) {
    const module = project.load(file);
    const fn = module && sandboxFunction(ev, module);
    if (fn) return [read(project, fn, { isSandboxed: true })];
    const shown = {
      function: null,
      at: { file: project.pathOf(file), line: 1 },
      jobName: null,
      isSandboxed: true,
    };
    return [{ shown, fn: undefined }];
  }
  const functions = processorFunctions(ev, processor);
  const found =
    functions.length > 0
      ? functions
      : index
          .workerProcessors(at.module)
          .filter(({ definition }) => definition?.node === at.node)
          .map(({ fn }) => fn);
  const [first] = argumentsOf(at);
  const isNamed = worker.dialect.processMethod && first && argumentsOf(at).length > 1;
  const name = isNamed ? ev.evaluate(first) : undefined;
  const jobName = first && name && membersOf(name).every(isText) ? nameGiven(project, first) : null;
  return found.map((fn) => read(project, fn, { jobName }));
}

function isText(value: { kind: string; value?: unknown }): boolean {
  return value.kind === 'literal' && typeof value.value === 'string';
}

function read(
  project: Project,
  fn: FunctionValue,
  more: Partial<Pick<Processor, 'jobName' | 'isSandboxed'>>,
): ReadProcessor {
  const shown: Processor = {
    function: nameOfFunction(fn.at.module, fn.at.node),
    at: placeOf(project, fn.at),
    jobName: null,
    isSandboxed: false,
    ...more,
  };
  return { shown, fn };
}

interface ProcessDecorator {
  method: TSESTree.MethodDefinition;
  /** The expression of the job's name. */
  name: Ref | undefined;
  options: Ref | undefined;
}

/** `@Process('name')`, `@Process({ name, concurrency })` on the methods of a class. */
function processDecorators({ ev }: Project, { module, node }: Ref<ClassNode>): ProcessDecorator[] {
  return node.body.body.flatMap((member): ProcessDecorator[] => {
    if (member.type !== 'MethodDefinition') return [];
    return decoratorsOf(member).flatMap(({ expression }): ProcessDecorator[] => {
      const value = ev.evaluate(here(module, expression));
      if (value.kind !== 'external' || !value.path.endsWith(':.Process()')) return [];
      const [first] = expression.type === 'CallExpression' ? expression.arguments : [];
      const given = first && here(module, first);
      const isOptions = given !== undefined && ev.evaluate(given).kind === 'object';
      const name = isOptions ? propertyNamed(given, 'name') : given;
      return [{ method: member, name, options: isOptions ? given : undefined }];
    });
  });
}

function propertyNamed(object: Ref, key: string): Ref | undefined {
  if (object.node.type !== 'ObjectExpression') return undefined;
  for (const property of object.node.properties)
    if (property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === key)
      return beside(object, property.value);
  return undefined;
}

export function nameGiven({ ev }: Project, at: Ref): Name | null {
  const names = textsOf(ev, ev.evaluate(at), at).map(nameOfText);
  const [first] = names;
  if (!first) return null;
  const texts = [...new Set(names.map(({ text }) => text))];
  return { text: texts.join(' | '), isKnown: names.every(({ isKnown }) => isKnown) };
}

function argumentsOf(at: Ref): Ref[] {
  const { node } = at;
  return node.type === 'CallExpression' || node.type === 'NewExpression'
    ? node.arguments.map((argument) => beside(at, argument))
    : [];
}
