/**
 * Workers and the processors they run.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import {
  contains,
  decoratorsOf,
  enclosingFunction,
  isClass,
  keyName,
  outermost,
  type ClassNode,
  type FunctionNode,
  type Node,
} from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { externalBase } from '../values/members.ts';
import { parameterOwner } from '../values/trace.ts';
import {
  isNullish,
  membersOf,
  present,
  stringOf,
  type ExternalValue,
  type FunctionValue,
  type Ref,
  type Value,
} from '../values/value.ts';
import { classRole, instanceRole, nestDialects, type Dialect } from './dialects/index.ts';
import { listenerDecorator } from './listeners.ts';

/** A function that runs jobs. */
export interface Processor {
  fn: FunctionValue;
  dialect: Dialect;
  /** How it is known: given to a worker, a Nest class, an annotation of its parameter, a file of its own. */
  by: 'worker' | 'nest' | 'annotation' | 'sandbox';
  /** Whether it runs in a process or thread of its own. */
  sandboxed: boolean;
  /** Name of the queue, where it is known. */
  queueName: string | undefined;
  /** The worker's construction or the processor class. */
  definition: Ref | undefined;
}

export interface WorkerDefinition {
  at: Ref;
  dialect: Dialect;
  name: Value | undefined;
  processor: Ref | undefined;
  options: Ref | undefined;
  /** Whether a spread hides what is given: `new Worker(...args)`. */
  isSpread?: boolean;
}

/** `new Worker(...)`, `super(...)` of a subclass of Worker, Bull's `queue.process(...)`. */
export function readWorker(
  ev: Evaluation,
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
): WorkerDefinition | undefined {
  const node = at.node;
  if (node.type === 'CallExpression') {
    if (node.callee.type === 'Super') {
      const base = ev.evaluate(beside(at, node.callee));
      const role = base.kind === 'external' ? instanceRole(base.path) : undefined;
      return role?.role === 'worker' ? workerFrom(ev, at, role.dialect) : undefined;
    }
    return readProcessCall(ev, at as Ref<TSESTree.CallExpression>);
  }
  for (const callee of membersOf(present(ev.evaluate(beside(at, node.callee))))) {
    const role = callee.kind === 'external' ? classRole(callee.path) : undefined;
    if (role?.role === 'worker') return workerFrom(ev, at, role.dialect);
    if (callee.kind === 'class') {
      const base = externalBase(ev, callee, {
        kind: 'instance',
        at,
        class: callee,
        site: at as Ref<TSESTree.NewExpression>,
      });
      const inherited = base && instanceRole(base.path);
      // The construction of a subclass with a constructor is its `super(...)` call.
      if (inherited?.role === 'worker' && base?.site?.node === node)
        return workerFrom(ev, at, inherited.dialect);
    }
  }
  return undefined;
}

function workerFrom(
  ev: Evaluation,
  at: Ref<TSESTree.NewExpression | TSESTree.CallExpression>,
  dialect: Dialect,
): WorkerDefinition {
  if (at.node.arguments.some((argument) => argument.type === 'SpreadElement'))
    return { at, dialect, name: undefined, processor: undefined, options: undefined, isSpread: true };
  const [name, processor, options] = at.node.arguments;
  return {
    at,
    dialect,
    name: name && ev.evaluate(beside(at, name)),
    processor: processor && beside(at, processor),
    options: options && beside(at, options),
  };
}

/** A worker without a processor fetches its jobs by hand, and the code that does so knows what fails. */
export function runsJobs(ev: Evaluation, { at, isSpread, processor }: WorkerDefinition): boolean {
  if (isClass(at.node)) return true;
  if (isSpread || !processor) return false;
  return !membersOf(ev.evaluate(processor)).some(isNullish);
}

/** Bull's `queue.process('a', ...)` and `queue.process('b', ...)` belong to one queue. */
export function isRepeated({ dialect, name }: WorkerDefinition, queues: Set<string>): boolean {
  const text = name && stringOf(name);
  if (!dialect.processMethod || text === undefined) return false;
  const isKnown = queues.has(text);
  queues.add(text);
  return isKnown;
}

/** Bull: `queue.process(name?, concurrency?, processor)`. */
function readProcessCall(ev: Evaluation, at: Ref<TSESTree.CallExpression>): WorkerDefinition | undefined {
  const callee = at.node.callee;
  if (callee.type !== 'MemberExpression' || keyName(callee) !== 'process') return undefined;
  for (const receiver of membersOf(present(ev.evaluate(beside(at, callee.object))))) {
    const role = receiver.kind === 'external' ? instanceRole(receiver.path) : undefined;
    if (role?.role !== 'queue' || !role.dialect.processMethod) continue;
    const processor = at.node.arguments.at(-1);
    const site = (receiver as ExternalValue).site;
    const nameNode =
      site?.node.type === 'NewExpression' || site?.node.type === 'CallExpression'
        ? site.node.arguments[0]
        : undefined;
    return {
      at,
      dialect: role.dialect,
      name: site && nameNode && ev.evaluate(beside(site, nameNode)),
      processor: processor && beside(at, processor),
      options: undefined,
    };
  }
  return undefined;
}

/** The functions that a worker's processor argument can be, through wrappers; none when it cannot be seen. */
export function processorFunctions(ev: Evaluation, argument: Ref): FunctionValue[] {
  return functionsIn(ev, ev.evaluate(argument), 0);
}

function functionsIn(ev: Evaluation, value: Value, depth: number): FunctionValue[] {
  return membersOf(value).flatMap((member): FunctionValue[] => {
    if (member.kind === 'function') return [member];
    // A package's wrapper around functions of ours: `Sentry.withMonitor(name, fn)`.
    if (
      member.kind === 'external' &&
      member.path.endsWith('()') &&
      member.site?.node.type === 'CallExpression' &&
      depth < 3
    ) {
      const site = member.site as Ref<TSESTree.CallExpression>;
      return site.node.arguments.flatMap((inner) =>
        inner.type === 'SpreadElement' ? [] : functionsIn(ev, ev.evaluate(beside(site, inner)), depth + 1),
      );
    }
    return [];
  });
}

/**
 * What a processor hands its job to, where the function around it was given that: `run` of
 * `const traced = (run) => async (job) => { await run(job); }`.
 */
export function handedOn({ at: { module, node } }: FunctionValue): { callee: Node; owner: FunctionNode }[] {
  const [job] = node.params;
  if (job?.type !== 'Identifier') return [];
  return nodesBelow(module, node.body).flatMap((call) => {
    if (call.type !== 'CallExpression') return [];
    const [first] = call.arguments;
    if (first?.type !== 'Identifier' || first.name !== job.name) return [];
    const owner = parameterOwner(module, call.callee);
    return owner && owner !== node && contains(owner, node) ? [{ callee: call.callee, owner }] : [];
  });
}

/** The file that a sandboxed processor's path names, where the path is known. */
export function sandboxFile(ev: Evaluation, argument: Ref): string | undefined {
  const text = pathText(ev, argument);
  if (text === undefined) return undefined;
  const base = path.resolve(path.dirname(argument.module.path), text);
  const stem = base.replace(/\.[cm]?[jt]s$/, '');
  return [base, ...['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs'].map((extension) => stem + extension)].find(
    (file) => /\.[cm]?[jt]s$/.test(file) && existsSync(file),
  );
}

/** A literal, `path.join(__dirname, 'x.js')`, `new URL('./x.js', import.meta.url)`, `fileURLToPath(...)`. */
function pathText(ev: Evaluation, ref: Ref, depth = 0): string | undefined {
  const value = ev.evaluate(ref);
  const text = stringOf(value);
  if (text !== undefined) return text;
  const site = value.kind === 'external' ? value.site : undefined;
  if (value.kind !== 'external' || !site || depth > 3) return undefined;
  const args = (site.node as TSESTree.CallExpression | undefined)?.arguments ?? [];
  const [first] = args;
  if (/^path:\.(?:posix\.)?(?:join|resolve)\(\)$/.test(value.path)) {
    const parts = args.map((argument) => {
      const part = ev.evaluate(beside(site, argument));
      if (part.kind === 'external' && /^global:\.(?:__dirname|import\.meta\.dirname)$/.test(part.path))
        return '.';
      return stringOf(part);
    });
    return parts.includes(undefined) ? undefined : path.join(...(parts as string[]));
  }
  if (
    first &&
    (value.path === 'global:.URL#' ||
      value.path === 'url:.fileURLToPath()' ||
      value.path.endsWith('.pathname') ||
      value.path.endsWith('.href'))
  )
    return pathText(ev, beside(site, first), depth + 1);
  return undefined;
}

/** What a sandboxed processor's file runs: its default export or `module.exports`. */
export function sandboxFunction(ev: Evaluation, module: SourceModule): FunctionValue | undefined {
  const { named, whole } = module.exports;
  const target = named.get('default');
  const node = whole ?? (target?.kind === 'node' ? target.node : undefined);
  const value = node && ev.evaluate(here(module, node));
  return value && functionsIn(ev, value, 0)[0];
}

/** The methods of a Nest processor class that run jobs. */
export function nestProcessors(ev: Evaluation, owner: Ref<ClassNode>): Processor[] {
  const decorator = nestDecorator(ev, owner);
  if (!decorator) return [];
  const { dialect, value } = decorator;
  const name = decoratorName(ev, value);
  const queueName = name && stringOf(name);
  const found: Processor[] = [];
  for (const member of owner.node.body.body) {
    if (member.type !== 'MethodDefinition' || member.kind !== 'method' || member.static) continue;
    if (!isProcessMethod(ev, owner, member, dialect)) continue;
    const fn = ev.evaluate(here(owner.module, member.value));
    if (fn.kind !== 'function') continue;
    const self = ev.instance(owner, owner);
    found.push({
      fn: { ...fn, thisValue: self },
      dialect,
      by: 'nest',
      sandboxed: false,
      queueName,
      definition: owner,
    });
  }
  return found;
}

/** `@Processor(...)` of a Nest package on a class. */
export function nestDecorator(
  ev: Evaluation,
  owner: Ref<ClassNode>,
): { dialect: Dialect; value: ExternalValue } | undefined {
  for (const decorator of decoratorsOf(owner.node)) {
    const value = ev.evaluate(here(owner.module, decorator.expression));
    if (value.kind !== 'external') continue;
    for (const dialect of nestDialects())
      for (const packageName of dialect.packages)
        if (dialect.nest?.processor.some((name) => value.path === `${packageName}:.${name}`))
          return { dialect, value };
  }
  return undefined;
}

/** The worker that Nest makes for a processor class, if it makes one: `@Processor('mail', { concurrency: 5 })`. */
export function nestWorker(ev: Evaluation, owner: Ref<ClassNode>): WorkerDefinition | undefined {
  const decorator = nestDecorator(ev, owner);
  if (!decorator || !startsWorker(ev, owner, decorator.dialect)) return undefined;
  const { dialect, value } = decorator;
  const site = value.site;
  const [first, second] = site?.node.type === 'CallExpression' ? site.node.arguments : [];
  return {
    at: owner,
    dialect,
    name: decoratorName(ev, value),
    processor: undefined,
    // Bull's `@Processor({ name, scope })` is the only argument, and gives no options.
    options: site && first && second && beside(site, second),
  };
}

/**
 * Whether a processor class starts a worker. With Bull each method of `@Process` does (`BullExplorer.explore` of
 * @nestjs/bull), and a class without one listens at most; what another decorator makes of a method cannot be seen.
 */
function startsWorker(ev: Evaluation, owner: Ref<ClassNode>, dialect: Dialect, depth = 0): boolean {
  if (dialect.nest?.process === undefined) return true;
  const { module, node } = owner;
  const isDecorated = node.body.body.some(
    (member) =>
      member.type === 'MethodDefinition' &&
      decoratorsOf(member).some(({ expression }) => !listenerDecorator(ev, here(module, expression))),
  );
  if (isDecorated || depth > MAX_BASES) return true;
  // Nest looks for the methods of its base classes, too.
  return (
    node.superClass !== null &&
    membersOf(ev.evaluate(here(module, node.superClass))).some(
      (base) => base.kind !== 'class' || startsWorker(ev, base.at, dialect, depth + 1),
    )
  );
}

const MAX_BASES = 4;

/** The queue's name in `@Processor('mail')` or `@Processor({ name: 'mail' })`, where it is known. */
export function processorQueueName(ev: Evaluation, decorator: ExternalValue): string | undefined {
  const name = decoratorName(ev, decorator);
  return name && stringOf(name);
}

function decoratorName(ev: Evaluation, decorator: ExternalValue): Value | undefined {
  const site = decorator.site;
  const first = site?.node.type === 'CallExpression' ? site.node.arguments[0] : undefined;
  if (!site || !first) return undefined;
  const value = ev.evaluate(beside(site, first));
  if (value.kind !== 'object') return value;
  const name = ev.lookup(value, 'name');
  return name.state === 'known' ? name.value : undefined;
}

function isProcessMethod(
  ev: Evaluation,
  owner: Ref<ClassNode>,
  method: TSESTree.MethodDefinition,
  dialect: Dialect,
): boolean {
  const nest = dialect.nest;
  if (nest?.process !== undefined)
    return decoratorsOf(method).some((decorator) => {
      const value = ev.evaluate(here(owner.module, decorator.expression));
      return (
        value.kind === 'external' &&
        dialect.packages.some((name) => value.path === `${name}:.${nest.process ?? ''}()`)
      );
    });
  return nest?.workerHost !== undefined && keyName(method) === 'process';
}

/** A function whose first parameter is annotated as a job, unless it listens to events. */
export function annotatedProcessor(
  ev: Evaluation,
  module: SourceModule,
  fn: FunctionNode,
): Processor | undefined {
  const taken = takenJob(ev, module, fn);
  if (!taken || isListener(module, fn) || isUnreachable(module, fn) || isPartOfListeners(module, fn))
    return undefined;
  const value = ev.evaluate(here(module, fn));
  if (value.kind !== 'function') return undefined;
  return { fn: value, ...taken, queueName: undefined, definition: undefined };
}

/** Whether a function that is called takes a job, and is judged by itself and not where it is called. */
export function isContextOfItsOwn(ev: Evaluation, fn: FunctionValue): boolean {
  const { module, node } = fn.at;
  return !isJobHelper(module, node) && annotatedProcessor(ev, module, node) !== undefined;
}

/**
 * Whether a function that takes a job is a part of something else: its own file calls it, or it takes more than what
 * a worker gives to a processor.
 */
export function isJobHelper(module: SourceModule, fn: FunctionNode): boolean {
  const [, second, third] = fn.params;
  const isNamed = (parameter: Node | undefined, name: RegExp): boolean =>
    parameter === undefined || (parameter.type === 'Identifier' && name.test(parameter.name));
  const isProcessor =
    isNamed(second, /^_*(?:token|done|cb|callback|next|signal)/i) && isNamed(third, /^_*(?:signal|abort)/i);
  return !isProcessor || isCalledBeside(module, fn);
}

/** Whether the code of its own file calls a function by its name, as a helper of something else. */
function isCalledBeside(module: SourceModule, fn: FunctionNode): boolean {
  return usesBeside(module, fn).some(({ isCall }) => isCall);
}

interface Use {
  node: Node;
  isCall: boolean;
}

/** Where its own file names a function: `this.note` of a method, the name of another one. */
function usesBeside(module: SourceModule, fn: FunctionNode): Use[] {
  const { parent } = fn;
  let uses: readonly Node[];
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') {
    const name = keyName(parent);
    uses = module
      .nodes('MemberExpression')
      .filter((member) => keyName(member) === name && member.object.type === 'ThisExpression');
  } else {
    const name = fn.id ?? (parent.type === 'VariableDeclarator' ? parent.id : undefined);
    uses = ((name && module.variableOf(name)?.references) ?? []).flatMap(({ identifier, init }) =>
      init ? [] : [identifier as Node],
    );
  }
  return uses.map((node) => ({
    node,
    isCall: node.parent?.type === 'CallExpression' && node.parent.callee === node,
  }));
}

/** A private method that its class never names: no worker can be given it. */
function isUnreachable(module: SourceModule, fn: FunctionNode): boolean {
  const { parent } = fn;
  return (
    parent.type === 'MethodDefinition' &&
    (parent.accessibility === 'private' || parent.key.type === 'PrivateIdentifier') &&
    decoratorsOf(parent).length === 0 &&
    usesBeside(module, fn).length === 0
  );
}

/** Whether nothing but listeners of its own file call a function: it is told of a job, and runs none. */
function isPartOfListeners(module: SourceModule, fn: FunctionNode, depth = 0): boolean {
  const uses = usesBeside(module, fn);
  return (
    uses.length > 0 &&
    uses.every(({ node, isCall }) => {
      if (!isCall) return false;
      // The nearest function around that is known for what it is: a callback of a list lies in a listener, too.
      for (let around = enclosingFunction(node); around; around = enclosingFunction(around)) {
        if (isListenerArgument(outermost(around)) || isListener(module, around, true)) return true;
        if (depth < 3 && isPartOfListeners(module, around, depth + 1)) return true;
      }
      return false;
    })
  );
}

function takenJob(
  ev: Evaluation,
  module: SourceModule,
  fn: FunctionNode,
): Pick<Processor, 'dialect' | 'by' | 'sandboxed'> | undefined {
  const [first] = fn.params;
  const target = first?.type === 'AssignmentPattern' ? first.left : first;
  const annotation = (target as { typeAnnotation?: { typeAnnotation: Node } } | undefined)?.typeAnnotation
    ?.typeAnnotation;
  if (annotation) {
    const taken = jobOfType(ev, here(module, annotation));
    if (taken) return taken;
  }
  // `const process: Processor<Data> = async (job) => ...`
  const holder = fn.parent;
  if (holder.type === 'VariableDeclarator' && holder.id.type === 'Identifier' && holder.id.typeAnnotation) {
    const value = ev.typed(here(module, holder.id.typeAnnotation.typeAnnotation));
    if (
      value.kind === 'external' &&
      /^(?:bullmq|@taskforcesh\/bullmq-pro):\.Processor(?:Pro)?#$/.test(value.path)
    ) {
      const [dialect] = nestDialects();
      return dialect && { dialect, by: 'annotation', sandboxed: false };
    }
  }
  return undefined;
}

function jobOfType(ev: Evaluation, type: Ref): Pick<Processor, 'dialect' | 'by' | 'sandboxed'> | undefined {
  for (const member of membersOf(present(ev.typed(type)))) {
    const role = member.kind === 'external' ? instanceRole(member.path) : undefined;
    if (member.kind === 'external' && role?.role === 'job')
      return {
        dialect: role.dialect,
        by: 'annotation',
        sandboxed: member.path.endsWith('.SandboxedJob#'),
      };
  }
  return undefined;
}

/** Listeners get a job too: `worker.on('failed', (job, error) => ...)`, `@OnWorkerEvent('failed')`. */
function isListener(module: SourceModule, fn: FunctionNode, isKnown = false): boolean {
  const parent = fn.parent;
  // `queue.on('waiting', noteJob)`
  const isAdded =
    fn.id && module.variableOf(fn.id)?.references.some(({ identifier }) => isListenerArgument(identifier));
  if (isAdded) return true;
  // Handed to something: what it is there decides.
  if (parent.type === 'CallExpression') return !isKnown;
  if (parent.type === 'MethodDefinition')
    return decoratorsOf(parent).some((decorator) => /^On[A-Z]/.test(decoratorText(decorator)));
  return false;
}

function isListenerArgument(node: Node): boolean {
  const call = node.parent;
  return (
    call?.type === 'CallExpression' &&
    call.callee !== node &&
    call.callee.type === 'MemberExpression' &&
    /^(?:on|once|addListener|prependListener)$/.test(keyName(call.callee) ?? '')
  );
}

function decoratorText(decorator: TSESTree.Decorator): string {
  const expression = decorator.expression;
  const callee = expression.type === 'CallExpression' ? expression.callee : expression;
  return callee.type === 'Identifier' ? callee.name : '';
}
