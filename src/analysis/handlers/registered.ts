/**
 * Handlers that are given to a function of a framework: `app.get('/', list)`, `createServer(handle)`.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { enter } from '../calls/callees.ts';
import { contains, keyName, outermost, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { argumentRefs } from '../values/calls.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import {
  external,
  membersOf,
  present,
  stringOf,
  type ClassValue,
  type ExternalValue,
  type Frame,
  type FunctionValue,
  type Ref,
  type Value,
} from '../values/value.ts';
import { annotatedValues } from './annotated.ts';
import type { Framework, Registration } from './framework.ts';
import { functionsIn } from './functions.ts';
import { externals, hasPath, ownerAndName } from './paths.ts';

type Call = TSESTree.CallExpression | TSESTree.NewExpression;

/** How often an object is handed on, from the file that is looked at to the function that registers handlers. */
const MAX_ENTERED = 5;
const MAX_FRAME_DEPTH = 8;

type Add = (fn: FunctionValue, framework: Framework) => void;

/**
 * Every registration of a module, and of the functions of other modules that it hands an application or router.
 * Only frameworks that the module mentions can be registered with.
 */
export function addRegistered(
  ev: Evaluation,
  module: SourceModule,
  frameworks: readonly Framework[],
  mentioned: ReadonlySet<Framework>,
  add: Add,
): void {
  if (![...mentioned].some((framework) => framework.registrations)) return;
  new Scan(ev, tableOf(frameworks), mentioned, add).module(module);
}

interface Named {
  framework: Framework;
  /** Absent for a method that hands its object to a plugin. */
  registration: Registration | undefined;
}

type Table = ReadonlyMap<string, readonly Named[]>;

const tables = new WeakMap<readonly Framework[], Table>();

function tableOf(frameworks: readonly Framework[]): Table {
  const known = tables.get(frameworks);
  if (known) return known;
  const table = new Map<string, Named[]>();
  const put = (name: string, named: Named): void => {
    const list = table.get(name);
    if (list) list.push(named);
    else table.set(name, [named]);
  };
  for (const framework of frameworks) {
    for (const registration of framework.registrations ?? [])
      for (const name of registration.names) put(name, { framework, registration });
    for (const name of framework.plugins?.names ?? []) put(name, { framework, registration: undefined });
  }
  tables.set(frameworks, table);
  return table;
}

class Scan {
  readonly #ev: Evaluation;
  readonly #table: Table;
  readonly #frameworks: ReadonlySet<Framework>;
  readonly #add: Add;
  readonly #entered = new Set<Node>();
  #depth = 0;

  constructor(ev: Evaluation, table: Table, mentioned: ReadonlySet<Framework>, add: Add) {
    this.#ev = ev;
    this.#table = table;
    this.#frameworks = mentioned;
    this.#add = add;
  }

  module(module: SourceModule): void {
    this.#calls(module, module.ast, undefined);
    for (const { plugins } of this.#frameworks) {
      if (!plugins?.types) continue;
      for (const value of annotatedValues(this.#ev, module, plugins.types))
        for (const fn of functionsIn(this.#ev, value, plugins))
          this.#function(fn, [external(fn.at, plugins.object)], fn.at);
    }
  }

  #calls(module: SourceModule, within: Node, frame: Frame | undefined): void {
    for (const type of ['CallExpression', 'NewExpression'] as const)
      for (const call of module.nodes(type))
        if (call.arguments.length > 0 && contains(within, call))
          this.#call(here(module, call, frame) as Ref<Call>);
  }

  #call(at: Ref<Call>): void {
    if (at.node.arguments.every(isPlain)) return;
    for (const { owner, name } of this.#callees(at)) {
      // `app[method](path, handler)` can be any of its object's functions.
      const named = name === undefined ? [...this.#table.values()].flat() : (this.#table.get(name) ?? []);
      for (const { framework, registration } of named) {
        if (!this.#frameworks.has(framework)) continue;
        if (!registration) this.#plugin(at, owner, framework);
        else if (registration.on.test(owner.path) && this.#says(at, registration.first))
          this.#register(at, registration, framework);
      }
    }
    this.#handOn(at);
  }

  /** What the called function is a member of, where that is a package's, with the function's name. */
  #callees(at: Ref<Call>): { owner: ExternalValue; name: string | undefined }[] {
    const callee = unwrap(at.node.callee);
    if (callee.type === 'MemberExpression') {
      const name = keyName(callee);
      if (name === undefined ? !callee.computed : !this.#table.has(name)) return [];
      const object = this.#ev.evaluate(beside(at, callee.object));
      const owners = externals(this.#ev, object).map((owner) => ({ owner, name }));
      if (owners.length > 0 || name === undefined || !/^(?:namespace|object)$/.test(object.kind))
        return owners;
    } else if (callee.type !== 'Identifier') return [];
    return externals(this.#ev, this.#ev.evaluate(beside(at, callee))).flatMap((fn) => ownerAndName(fn) ?? []);
  }

  #register(at: Ref<Call>, registration: Registration, framework: Framework): void {
    for (const argument of argumentRefs(at))
      for (const fn of functionsIn(this.#ev, this.#ev.evaluate(argument), registration, at.frame))
        this.#add(fn, framework);
  }

  #says(at: Ref<Call>, pattern: RegExp | undefined): boolean {
    const [first] = at.node.arguments;
    if (!pattern) return true;
    const text = first && stringOf(this.#ev.evaluate(beside(at, first)));
    return text !== undefined && pattern.test(text);
  }

  /** `app.register(routes)`: a function written in place is looked at where it stands. */
  #plugin(at: Ref<Call>, owner: ExternalValue, framework: Framework): void {
    if (!framework.plugins || !framework.objects?.test(owner.path)) return;
    for (const argument of argumentRefs(at))
      for (const fn of functionsIn(this.#ev, this.#ev.evaluate(argument), framework.plugins, at.frame))
        if (outermost(fn.at.node).parent !== at.node) this.#function(fn, [owner], at);
  }

  /** `routes(app)`, `new Routes(app)`, `require('./routes')({ app })`: functions that are given an object of ours. */
  #handOn(at: Ref<Call>): void {
    if (!at.node.arguments.some(canBeObject) || !this.#mayBeOurs(at)) return;
    const callees = membersOf(present(this.#ev.evaluate(beside(at, at.node.callee))));
    if (!callees.some(({ kind }) => kind === 'function' || kind === 'class')) return;
    if (!at.node.arguments.some((argument) => this.#isObject(beside(at, argument)))) return;
    const args = argumentRefs(at);
    for (const callee of callees) {
      if (callee.kind === 'function') this.#function(callee, [...callee.bound, ...args], at);
      if (callee.kind === 'class' && at.node.type === 'NewExpression')
        this.#class(callee, args, at as Ref<TSESTree.NewExpression>);
    }
  }

  /** Most calls are of packages, globals and parameters, which shows before anything is evaluated. */
  #mayBeOurs(at: Ref<Call>): boolean {
    let root: Node = unwrap(at.node.callee);
    while (root.type === 'MemberExpression' || root.type === 'CallExpression') {
      if (
        root.type === 'CallExpression' &&
        root.callee.type === 'Identifier' &&
        root.callee.name === 'require'
      )
        return true;
      root = unwrap(root.type === 'MemberExpression' ? root.object : root.callee);
    }
    if (root.type !== 'Identifier') return true;
    const definition = at.module.variableOf(root)?.defs[0];
    if (!definition) return false;
    const type = definition.type as string;
    if (type === 'Parameter') return at.frame !== undefined;
    if (type !== 'ImportBinding') return true;
    const declaration = (definition.node as Node).parent;
    return (
      declaration?.type !== 'ImportDeclaration' ||
      this.#ev.modules.open(at.module, declaration.source.value) !== undefined
    );
  }

  #isObject(argument: Ref): boolean {
    const node = unwrap(argument.node);
    if (!canBeObject(node)) return false;
    if (node.type === 'ObjectExpression')
      return node.properties.some(
        (property) => property.type === 'Property' && this.#isObject(beside(argument, property.value)),
      );
    const value = this.#ev.evaluate(beside(argument, node));
    return [...this.#frameworks].some(({ objects }) => objects && hasPath(this.#ev, value, objects));
  }

  #function(fn: FunctionValue, args: readonly (Ref | Value)[], at: Ref): void {
    this.#enter(fn.at.module, fn.at.node, enter(fn, args, at).frame);
  }

  #class(of: ClassValue, args: readonly Ref[], at: Ref<TSESTree.NewExpression>): void {
    const { module, node } = of.at;
    const ctor = node.body.body.find(
      (member): member is TSESTree.MethodDefinition =>
        member.type === 'MethodDefinition' && member.kind === 'constructor',
    );
    const depth = Math.max(of.at.frame?.depth ?? 0, at.frame?.depth ?? 0) + 1;
    if (depth > MAX_FRAME_DEPTH) return;
    this.#enter(module, node, {
      fn: ctor?.value as FunctionNode | undefined,
      args,
      thisValue: this.#ev.instance(of.at, at, at),
      outer: of.at.frame,
      depth,
    });
  }

  #enter(module: SourceModule, node: Node, frame: Frame | undefined): void {
    if (!frame || this.#depth >= MAX_ENTERED || this.#entered.has(node)) return;
    this.#entered.add(node);
    this.#depth++;
    this.#calls(module, node, frame);
    this.#depth--;
  }
}

/** Arguments that can be, or hold, an object that handlers are registered on. */
function canBeObject(argument: Node): boolean {
  return /^(?:Identifier|(?:Object|Member|Call|New|This|Chain|TS\w+)Expression)$/.test(argument.type);
}

/** Arguments that can neither be nor hold a function. */
function isPlain(argument: Node): boolean {
  return argument.type === 'Literal' || argument.type === 'TemplateLiteral';
}
