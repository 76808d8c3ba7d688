/**
 * Writing state that outlives the job: a module's variables, statics, fields of objects that live as long as the
 * process, `globalThis`, `process.env`.
 */
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/utils';
import { declaredAs } from '../../source/declared.ts';
import {
  calleeName,
  contains,
  decoratorsOf,
  enclosingFunction,
  enclosingThis,
  functionName,
  isClass,
  keyName,
  unwrap,
  type Node,
} from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { nodesBelow } from '../../values/functions.ts';
import { fieldUsages } from '../../values/holders.ts';
import { membersOf, present, type InstanceValue, type Value } from '../../values/value.ts';
import { libraryObject } from '../../jobs/recognize.ts';
import { isDeployedContent } from '../deployed-content.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';

/** What a write does: a job that takes back what it did leaves no state behind. */
export type StateChange = 'set' | 'add' | 'remove' | 'increment' | 'decrement';

export interface StateWrite extends Effect {
  change: StateChange;
  /** Whether the value carries or sits beside a time after which it is not used any more. */
  expires: boolean;
  /** Whether it takes the state back because its time is over. */
  endsByClock: boolean;
}

const CHANGES: Partial<Record<string, { on: RegExp; change: StateChange }>> = {
  push: { on: /^array$/, change: 'add' },
  unshift: { on: /^array$/, change: 'add' },
  pop: { on: /^array$/, change: 'remove' },
  shift: { on: /^array$/, change: 'remove' },
  splice: { on: /^array$/, change: 'remove' },
  sort: { on: /^array$/, change: 'set' },
  reverse: { on: /^array$/, change: 'set' },
  fill: { on: /^array$/, change: 'set' },
  set: { on: /^global:\.Map#$/, change: 'add' },
  add: { on: /^global:\.Set#$/, change: 'add' },
  delete: { on: /^global:\.(?:Map|Set)#$/, change: 'remove' },
  clear: { on: /^global:\.(?:Map|Set)#$/, change: 'remove' },
};

export const writesState: EffectKind<StateWrite> = {
  name: 'writes-state',
  mark: undefined,
  throughFloating: true,
  endsAtProcessors: true,
  ofThis: true,
  // Every file can have state, so nothing prunes the way.
  maxWay: 5,
  // What the filling of a singleton sets up on the way is set up once, too.
  follows: (_, running, call) => !fillsOnce(running, call),
  find(ev, running) {
    const isConstructor =
      running.fn.at.node.parent.type === 'MethodDefinition' &&
      running.fn.at.node.parent.kind === 'constructor';
    const found: StateWrite[] = [];
    for (const node of running.body) {
      const write = writeAt(ev, running, node);
      if (!write) continue;
      const state = stateRoot(ev, running, write.target, write.isWhole);
      // A constructor sets up its own object.
      if (!state || (isConstructor && state.isField)) continue;
      if (isLazy(running, node, write) || isMemo(running, node, write)) continue;
      if (isForMemo(running, node, write)) continue;
      if (isMetric(running, state) || isId(node)) continue;
      if (makesObject(ev, running, write) || keepsDeployed(ev, running, write)) continue;
      found.push({
        at: here(running.module, node, running.frame),
        label: running.module.textOf(write.target),
        target: state.key,
        change: write.change,
        expires: hasExpiry(running, write),
        endsByClock: hasExpired(running, node),
      });
    }
    return found;
  },
};

const METRICS =
  /metric|stats?\b|statistic|counter|gauge|histogram|telemetry|monitor|track|logger|warning|profil|instrument/i;

/** Counting what happens for an operator to see is no state that a job relies on. */
function isMetric(running: Running, state: State): boolean {
  const file = running.module.path.split(/[\\/]/).slice(-2).join('/');
  const names = [state.key.replace(/^.*#/, ''), file, functionName(running.fn.at.node) ?? ''];
  return names.some((name) => METRICS.test(name));
}

/** `const id = ++last`, `send(last++)`: a number that tells requests apart within the process. */
function isId(node: Node): boolean {
  return (
    node.type === 'UpdateExpression' &&
    node.operator === '++' &&
    /^(?:VariableDeclarator|AssignmentExpression|Property|TemplateLiteral|ReturnStatement|CallExpression|ArrayExpression)$/.test(
      node.parent.type,
    )
  );
}

interface Write {
  /** What is written: a name, a member. */
  target: Node;
  /** Whether the name itself gets another value, instead of something in what it holds. */
  isWhole: boolean;
  change: StateChange;
  value: Node | undefined;
}

function writeAt(ev: Evaluation, running: Running, node: Node): Write | undefined {
  switch (node.type) {
    case 'AssignmentExpression':
      if (node.operator === '??=' || node.operator === '||=') return undefined;
      if (node.left.type !== 'Identifier' && node.left.type !== 'MemberExpression') return undefined;
      return {
        target: node.left,
        isWhole: node.left.type === 'Identifier',
        change: changeOf(node),
        value: node.right,
      };
    case 'UpdateExpression':
      return {
        target: unwrap(node.argument),
        isWhole: node.argument.type === 'Identifier',
        change: node.operator === '++' ? 'increment' : 'decrement',
        value: undefined,
      };
    case 'UnaryExpression':
      return node.operator === 'delete' && unwrap(node.argument).type === 'MemberExpression'
        ? { target: unwrap(node.argument), isWhole: false, change: 'remove', value: undefined }
        : undefined;
    case 'CallExpression':
      return mutation(ev, running, node);
    default:
      return undefined;
  }
}

function changeOf({ operator, right }: TSESTree.AssignmentExpression): StateChange {
  if (operator === '+=') return 'increment';
  if (operator === '-=') return 'decrement';
  // `cached = undefined` forgets.
  const isNothing =
    (right.type === 'Literal' && right.value === null && right.raw === 'null') ||
    (right.type === 'Identifier' && right.name === 'undefined');
  return isNothing ? 'remove' : 'set';
}

/** `list.push(x)`, `map.set(k, v)` of a receiver that is known to be a list, a Map or a Set; `Object.assign(x, ...)`. */
function mutation(ev: Evaluation, running: Running, call: TSESTree.CallExpression): Write | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== 'MemberExpression') return undefined;
  const name = keyName(callee) ?? '';
  const [first] = call.arguments;
  if (name === 'assign' && callee.object.type === 'Identifier' && callee.object.name === 'Object' && first)
    return { target: unwrap(first), isWhole: false, change: 'set', value: call.arguments[1] };
  const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
  if (!change) return undefined;
  const receiver = unwrap(callee.object);
  const isKnown = membersOf(present(ev.evaluate(here(running.module, receiver, running.frame)))).some(
    (member) => change.on.test(member.kind === 'external' ? member.path : member.kind),
  );
  return isKnown
    ? { target: receiver, isWhole: false, change: change.change, value: call.arguments.at(-1) }
    : undefined;
}

interface State {
  /** Names the state for messages and for pairing what is added with what is removed. */
  key: string;
  isField: boolean;
}

/** The state behind a target, when it lives longer than the job. */
function stateRoot(
  ev: Evaluation,
  running: Running,
  target: Node,
  isWhole: boolean,
  depth = 0,
): State | undefined {
  const { module } = running;
  const path: Node[] = [];
  let node = unwrap(target);
  while (node.type === 'MemberExpression') {
    path.unshift(node);
    node = unwrap(node.object);
  }
  if (node.type === 'ThisExpression') return fieldState(ev, running, node, path[0]);
  if (node.type !== 'Identifier') return undefined;
  const variable = module.variableOf(node);
  if (!variable) return globalState(node.name, path);
  if (isImport(variable)) return isWhole ? undefined : importedState(ev, running, node, path);
  if (module.isModuleLevel(variable)) {
    if (isWhole) return { key: `${module.path}#${variable.name}`, isField: false };
    const value = ev.evaluate(here(module, node, running.frame));
    return holdsState(value) ? { key: `${module.path}#${variable.name}`, isField: false } : undefined;
  }
  // A local name for something longer lived: `const state = this.state;`
  const alias = isWhole || depth > 2 ? undefined : aliasOf(variable);
  return alias && stateRoot(ev, running, alias, false, depth + 1);
}

function isImport(variable: Variable): boolean {
  return (variable.defs[0]?.type as string | undefined) === 'ImportBinding';
}

/** The name or member that a local constant is another name for. */
function aliasOf(variable: Variable): Node | undefined {
  const declarator = variable.defs[0]?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init)
    return undefined;
  const init = unwrap(declarator.init);
  return init.type === 'Identifier' || init.type === 'MemberExpression' ? init : undefined;
}

function globalState(name: string, path: readonly Node[]): State | undefined {
  const [first, second] = path;
  if ((name === 'globalThis' || name === 'global') && first)
    return { key: `globalThis.${memberName(first)}`, isField: false };
  if (name === 'process' && first && memberName(first) === 'env' && second)
    return { key: `process.env.${memberName(second)}`, isField: false };
  return undefined;
}

function memberName(node: Node): string {
  return node.type === 'MemberExpression' ? (keyName(node) ?? '*') : '*';
}

function importedState(
  ev: Evaluation,
  running: Running,
  root: Node,
  path: readonly Node[],
): State | undefined {
  const value = ev.evaluate(here(running.module, root, running.frame));
  const name = [running.module.textOf(root), ...path.slice(0, 1).map(memberName)].join('.');
  return membersOf(value).some(
    (member) =>
      (holdsState(member) && member.kind !== 'external') ||
      (member.kind === 'external' && /^global:\.(?:Map|Set)#$/.test(member.path)) ||
      (member.kind === 'instance' && isLongLived(ev, member)) ||
      (member.kind === 'namespace' && path.length > 1),
  )
    ? { key: name, isField: false }
    : undefined;
}

/** Whether a value is something that can be changed in place: not a service, a client, a queue. */
function holdsState(value: Value): boolean {
  return membersOf(present(value)).some(
    (member) =>
      member.kind === 'object' ||
      member.kind === 'array' ||
      member.kind === 'class' ||
      member.kind === 'shape' ||
      (member.kind === 'external' && /^global:\.(?:Map|Set|Record)#$/.test(member.path)),
  );
}

function fieldState(
  ev: Evaluation,
  running: Running,
  self: Node,
  first: Node | undefined,
): State | undefined {
  if (!first) return undefined;
  const owner = enclosingThis(self);
  if (!owner) return undefined;
  const key = `${owner.class.id?.name ?? 'this'}.${memberName(first)}`;
  if (owner.isStatic) return { key, isField: true };
  const value = ev.evaluate(here(running.module, self, running.frame));
  return value.kind === 'instance' && isLongLived(ev, value) ? { key, isField: true } : undefined;
}

/**
 * Whether an object lives as long as the process: made at module level or as a part of such an object, or injected.
 * One made inside a function lives as long as the call.
 */
function isLongLived(ev: Evaluation, instance: InstanceValue): boolean {
  if (isScoped(ev, instance)) return false;
  const place: Node = instance.site?.node ?? instance.at.node;
  // The object whose own method this is: somebody holds it, the worker at least.
  if (instance.site === undefined && place.type === 'ThisExpression') return true;
  const around = enclosingFunction(place);
  const isPart =
    !around || (around.parent.type === 'MethodDefinition' && around.parent.kind === 'constructor');
  if (!isPart) return false;
  // A part of another object lives as long as that: for ever where it is injected, else who knows.
  const owner = classAround(place);
  return !owner || owner === place || decoratorsOf(owner).length > 0;
}

function classAround(node: Node): Node | undefined {
  for (let current: Node | undefined = node; current; current = current.parent)
    if (isClass(current)) return current;
  return undefined;
}

/** Nest makes a request-scoped or transient provider anew. */
function isScoped(ev: Evaluation, instance: InstanceValue): boolean {
  const owner = instance.class.at;
  return decoratorsOf(owner.node).some((decorator) => {
    const text = owner.module.textOf(decorator);
    return /\bscope\s*:/.test(text) && /REQUEST|TRANSIENT/.test(text);
  });
}

/** `if (!x) x = ...`, `if (x) return x; x = ...`: done once; a flag that is set is no such thing. */
function isLazy(running: Running, node: Node, write: Write): boolean {
  if (write.change !== 'set' || !write.value || isSwitched(running, write)) return false;
  const name = running.module.textOf(write.target);
  const mentions = (test: Node): boolean => running.module.textOf(test).includes(name);
  for (let child: Node = node, current = node.parent; current; child = current, current = current.parent) {
    if (current === running.fn.at.node) break;
    if (
      current.type === 'IfStatement' &&
      contains(current.consequent, child) &&
      (mentions(current.test) || fillsWhatIsAsked(running, current)) &&
      asksForAbsence(running, current.test)
    )
      return true;
    if (
      current.type === 'LogicalExpression' &&
      current.operator !== '&&' &&
      contains(current.right, child) &&
      mentions(current.left)
    )
      return true;
  }
  return running.body.some(
    (other) =>
      other.type === 'IfStatement' &&
      other.range[1] <= node.range[0] &&
      (guards(running, other.test, name) || returnsWhole(running, other.consequent, write.target)) &&
      returns(other.consequent),
  );
}

/** `if (!pool) { pool = connect(); client = wrap(pool); }`: what is asked for stands for all that is filled with it. */
function fillsWhatIsAsked(running: Running, { test, consequent }: TSESTree.IfStatement): boolean {
  const { module } = running;
  const asked = new Set(nodesBelow(module, test).map((part) => module.textOf(part)));
  return running.body.some(
    (node) =>
      node.type === 'AssignmentExpression' &&
      node.operator === '=' &&
      contains(consequent, node) &&
      asked.has(module.textOf(node.left)) &&
      outlivesJob(running, node.left) &&
      !isSwitched(running, { target: node.left, value: node.right }),
  );
}

/** Whether a name or a member is of the module or of the object that the function is a method of. */
function outlivesJob({ module }: Running, target: Node): boolean {
  let root = unwrap(target);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  const variable = module.variableOf(root);
  return root.type === 'ThisExpression' || (variable !== undefined && module.isModuleLevel(variable));
}

/** Whether a call makes what a name gets once: `if (!queue) queue = make()`, `queue ??= make()`. */
function fillsOnce(running: Running, call: Node): boolean {
  for (let node: Node | undefined = call; node && node !== running.fn.at.node; node = node.parent) {
    if (node.type !== 'AssignmentExpression' || !contains(node.right, call)) continue;
    if (node.operator === '??=' || node.operator === '||=') return true;
    // A part of something that is kept would be made for each key.
    if (node.operator !== '=' || (node.left.type === 'MemberExpression' && node.left.computed)) return false;
    return isLazy(running, node, {
      target: node.left,
      isWhole: node.left.type === 'Identifier',
      change: 'set',
      value: node.right,
    });
  }
  return false;
}

/**
 * `if (ready[name]) return; await setUp(); ready[name] = true`: what was done once is done again by any worker that has
 * not yet. A key that comes from the job is no such thing: then the memory decides whether a job is done.
 */
function isMemo(running: Running, node: Node, write: Write): boolean {
  const { module } = running;
  const key = memoKey(node);
  if (!key || !isOfProcess(running, key)) return false;
  const holder = unwrap(
    write.target.type === 'MemberExpression' && write.change === 'set' ? write.target.object : write.target,
  );
  const asked = running.body.filter((other) => {
    const entry = entryOf(other);
    return (
      entry !== undefined &&
      module.textOf(entry.key) === module.textOf(key) &&
      module.textOf(entry.owner) === module.textOf(holder)
    );
  });
  return running.body.some(
    (other) =>
      other.type === 'IfStatement' &&
      asked.some((entry) => contains(other.test, entry)) &&
      (other.test.type === 'UnaryExpression'
        ? contains(other.consequent, node)
        : other.range[1] <= node.range[0] && returns(other.consequent)),
  );
}

/**
 * Whether a write belongs to what is made once for each key, and not to a job: `connections.push(connection)` beside
 * `queues.set(name, queue)`, after `if (queues.has(name)) return queues.get(name)`.
 */
function isForMemo({ module, body }: Running, node: Node, { target }: Write): boolean {
  const memos = body.flatMap((call) =>
    call.type === 'CallExpression' &&
    call.callee.type === 'MemberExpression' &&
    keyName(call.callee) === 'set'
      ? [module.textOf(call.callee.object)]
      : [],
  );
  if (memos.length === 0 || memos.includes(module.textOf(target))) return false;
  const asksMemo = (test: Node): boolean =>
    nodesBelow(module, test).some((part) => {
      const asked = part.type === 'Identifier' ? declaredAs(module, part) : part;
      return (
        asked.type === 'CallExpression' &&
        asked.callee.type === 'MemberExpression' &&
        /^(?:get|has)$/.test(keyName(asked.callee) ?? '') &&
        memos.includes(module.textOf(asked.callee.object))
      );
    });
  return body.some(
    (other) =>
      other.type === 'IfStatement' &&
      other.range[1] <= node.range[0] &&
      givesBack(other.consequent) &&
      asksMemo(other.test),
  );
}

/** Whether a branch answers with something: what was made before. */
function givesBack(branch: Node): boolean {
  const last = branch.type === 'BlockStatement' ? branch.body.at(-1) : branch;
  return last?.type === 'ReturnStatement' && last.argument !== null;
}

/** What is looked up in a list or map, and under which key: `done[key]`, `done.has(key)`. */
function entryOf(node: Node): { owner: Node; key: Node } | undefined {
  if (node.type === 'MemberExpression')
    return node.computed ? { owner: node.object, key: node.property } : undefined;
  if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'has') return undefined;
  const callee = unwrap(node.callee);
  const [key] = node.arguments;
  return callee.type === 'MemberExpression' && key ? { owner: callee.object, key } : undefined;
}

/** The key under which something is noted to be done: `done[key] = true`, `done.add(key)`. */
function memoKey(node: Node): Node | undefined {
  if (node.type === 'AssignmentExpression')
    return node.operator === '=' &&
      node.left.type === 'MemberExpression' &&
      node.left.computed &&
      node.right.type === 'Literal' &&
      node.right.value === true
      ? unwrap(node.left.property)
      : undefined;
  return node.type === 'CallExpression' && calleeName(node.callee) === 'add' ? node.arguments[0] : undefined;
}

/** Whether a key is made of what the process has by itself: fields, constants of the module. */
function isOfProcess({ module }: Running, key: Node): boolean {
  const stack: Node[] = [key];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'MemberExpression') {
      stack.push(node.object);
      if (node.computed) stack.push(node.property);
      continue;
    }
    if (node.type === 'Identifier') {
      const variable = module.variableOf(node);
      if (variable && !module.isModuleLevel(variable)) return false;
    }
    stack.push(...module.childrenOf(node));
  }
  return true;
}

/** `if (x) return x`, `if (!force && x) return x` */
function guards(running: Running, test: Node, name: string): boolean {
  const text = running.module.textOf(test);
  return text.includes(name) && !text.includes(`!${name}`);
}

/** `if (cache.version === version) return cache; cache.client = ...` */
function returnsWhole(running: Running, consequent: Node, target: Node): boolean {
  if (target.type !== 'MemberExpression') return false;
  const statement = consequent.type === 'BlockStatement' ? consequent.body.at(-1) : consequent;
  return (
    statement?.type === 'ReturnStatement' &&
    statement.argument !== null &&
    running.module.textOf(statement.argument) === running.module.textOf(target.object)
  );
}

function asksForAbsence(running: Running, test: Node): boolean {
  return /!|null|undefined/.test(running.module.textOf(test));
}

/** A flag that is set and cleared is a lock; one that is only ever set records that something was done once. */
function isSwitched(running: Running, { value, target }: Pick<Write, 'value' | 'target'>): boolean {
  if (value?.type !== 'Literal' || typeof value.value !== 'boolean') return false;
  const usages = usagesIn(running, target);
  if (!usages) return true;
  return usages.some((usage) => {
    const assignment = usage.parent;
    return (
      assignment?.type === 'AssignmentExpression' &&
      assignment.left === usage &&
      !isInConstructor(assignment) &&
      assignment.right.type === 'Literal' &&
      assignment.right.value === !value.value
    );
  });
}

/** Every place that means what is written; `undefined` for what anybody can get at, as a part of an object. */
function usagesIn({ module }: Running, target: Node): readonly Node[] | undefined {
  if (target.type === 'Identifier')
    return module.variableOf(target)?.references.map(({ identifier }) => identifier);
  if (target.type !== 'MemberExpression' || target.object.type !== 'ThisExpression') return undefined;
  const owner = enclosingThis(target);
  const name = keyName(target);
  return owner && name !== undefined ? fieldUsages(module, owner.class, name) : undefined;
}

function isInConstructor(node: Node): boolean {
  const method = enclosingFunction(node)?.parent;
  return method?.type === 'MethodDefinition' && method.kind === 'constructor';
}

function returns(statement: Node): boolean {
  if (statement.type === 'ReturnStatement') return true;
  return (
    statement.type === 'BlockStatement' && statement.body.some((inner) => inner.type === 'ReturnStatement')
  );
}

/**
 * A client or queue that is made on first use is made again by any worker that needs it. A map that collects clients
 * under keys from job data is state all the same.
 */
function makesObject(ev: Evaluation, running: Running, { value, change }: Write): boolean {
  if (!value) return false;
  const members = membersOf(present(ev.evaluate(here(running.module, value, running.frame))));
  return members.some((member) => {
    if (libraryObject(ev, member)) return true;
    if (change !== 'set') return false;
    if (member.kind === 'external') return member.path.endsWith('#') && !member.path.startsWith('global:');
    if (member.kind === 'object')
      return member.parts.some((part) => libraryObject(ev, ev.evaluate(part.value)) !== undefined);
    return member.kind === 'instance' && member.site !== undefined;
  });
}

/** `templates.set(name, readFileSync(join(__dirname, name)))`: whichever worker reads it, it is the same. */
function keepsDeployed(ev: Evaluation, { module, frame }: Running, { value, change }: Write): boolean {
  return (
    value !== undefined && /^(?:set|add)$/.test(change) && isDeployedContent(ev, here(module, value, frame))
  );
}

const EXPIRY =
  /expir|ttl|maxAge|Date\.now\(\)|cachedAt|fetchedAt|loadedAt|timestamp|lastFetch|lastRefresh|performance\.now/i;

function hasExpiry(running: Running, write: Write): boolean {
  const text = (node: Node): string => running.module.textOf(node);
  if (write.value && EXPIRY.test(text(write.value))) return true;
  if (EXPIRY.test(text(write.target))) return true;
  // A companion variable holds the time: `cache = rows; cachedAt = Date.now();`
  return running.body.some(
    (node) =>
      node.type === 'AssignmentExpression' &&
      /Date\.now\(\)|new Date\(/.test(text(node.right)) &&
      EXPIRY.test(text(node)),
  );
}

/** `if (Date.now() > resetAt) isOpen = false`: what the clock ends. */
function hasExpired({ module, fn }: Running, node: Node): boolean {
  for (let child = node, current = node.parent; current; child = current, current = current.parent) {
    if (current === fn.at.node) return false;
    if (
      current.type === 'IfStatement' &&
      contains(current.consequent, child) &&
      nodesBelow(module, current.test).some(
        (part) =>
          part.type === 'BinaryExpression' &&
          /^[<>]=?$/.test(part.operator) &&
          /\b(?:Date|performance)\.now\(\)/.test(module.textOf(part)),
      )
    )
      return true;
  }
  return false;
}
