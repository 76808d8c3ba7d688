/**
 * A project as it is analysed: its catalog, its parsed modules and what has been found out about them. One for
 * each root, kept between files and, in an editor, between runs.
 */
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import ignore, { type Ignore } from 'ignore';
import { Catalog } from '../modules/catalog.ts';
import type { ModuleSource } from '../modules/follow.ts';
import { Resolver } from '../modules/resolver.ts';
import { projectRoot } from '../modules/root.ts';
import { ModuleStore } from '../modules/store.ts';
import { packageVersion, type PackageVersion } from '../modules/versions.ts';
import type { SourceModule } from '../source/module.ts';
import { unwrap, type Node } from '../source/nodes.ts';
import type { EffectMemory, Reach } from '../effects/effect.ts';
import { Carriers } from '../jobs/carriers.ts';
import { instanceRole } from '../jobs/dialects/index.ts';
import { Evaluator } from '../values/evaluator.ts';
import { ProjectIndex } from './index-of-jobs.ts';
import { MARKS, type Mark } from './words.ts';

/**
 * Milliseconds of waiting after which the disk is looked at again. A run keeps the process busy, however slow the
 * machine and long the files; where it waits, as in an editor, somebody has had time to change another file.
 */
const PAUSE = 1_000;

/** What is not in the code, and a user says. */
export interface Trust {
  /** Names of functions that stand for the function they are given. */
  wrappers: readonly string[];
  /** Which files are tests, in the syntax of `.gitignore`, below the root. */
  tests: readonly string[];
}

/** Milliseconds that this thread has waited so far. */
const waited = (): number => performance.eventLoopUtilization().idle;

export class Project implements ModuleSource, Reach {
  readonly root: string;
  readonly catalog: Catalog<Mark>;
  readonly #resolver: Resolver;
  readonly #store = new ModuleStore();
  /** Files linted in this run: one that comes again means another run. */
  readonly #linted = new Set<string>();
  readonly #versions = new Map<string, PackageVersion | undefined>();
  #waitedBefore = -Infinity;
  #trusted: Trust = { wrappers: [], tests: [] };
  #tests: Ignore | undefined;
  #evaluator: Evaluator;
  #index: ProjectIndex | undefined;
  #effects: EffectMemory = new WeakMap();
  #carriers: Carriers | undefined;

  constructor(root: string) {
    this.root = root;
    this.#resolver = new Resolver(root);
    this.catalog = new Catalog(root, MARKS, this.#resolver);
    this.#evaluator = new Evaluator(this, [], isQueueObject);
  }

  get ev(): Evaluator {
    return this.#evaluator;
  }

  get index(): ProjectIndex {
    return (this.#index ??= new ProjectIndex(this));
  }

  /** What functions are known to do. */
  get effects(): EffectMemory {
    return this.#effects;
  }

  /** The functions whose promise is that of an enqueue. */
  get carriers(): Carriers {
    return (this.#carriers ??= new Carriers(this.ev, (module, call) => this.mayLead(module, call, 'jobs')));
  }

  /** Looks at the disk, before the project is read as a whole. */
  refresh(): void {
    const catalogChanged = this.catalog.refresh(Date.now());
    if (this.#store.refresh() || catalogChanged) this.#forget();
  }

  /** Takes a file that is about to be linted, and forgets what is out of date. */
  begin(file: string, text: string): void {
    const waitedSoFar = waited();
    const isNewRun = this.#linted.has(file);
    if (isNewRun || waitedSoFar - this.#waitedBefore > PAUSE) {
      const catalogChanged = this.catalog.refresh(Date.now());
      const modulesChanged = this.#store.refresh();
      if (isNewRun) this.#linted.clear();
      this.#versions.clear();
      if (catalogChanged || modulesChanged) this.#forget();
    }
    this.#waitedBefore = waitedSoFar;
    this.#linted.add(file);
    if (this.catalog.update(file, text)) this.#index = undefined;
  }

  /** Takes the user's word. */
  trust(trusted: Trust): void {
    const { wrappers, tests } = this.#trusted;
    if (trusted.wrappers.join() === wrappers.join() && trusted.tests.join() === tests.join()) return;
    this.#trusted = trusted;
    this.#tests = undefined;
    this.#forget();
  }

  /** Whether a file is a test: what it does says nothing of the program that runs. */
  isTest(file: string): boolean {
    const below = this.pathOf(file);
    if (below === '' || below.startsWith('..')) return false;
    this.#tests ??= ignore().add([...this.#trusted.tests]);
    return this.#tests.ignores(below);
  }

  /** The files besides tests that import a file, directly or through what passes it on. */
  usersOf(file: string): string[] {
    return this.catalog.usersOf(file, 'reexports').filter((user) => !this.isTest(user));
  }

  /** The files besides tests that have a mark. */
  marked(mark: Mark): string[] {
    return this.catalog.marked(mark).filter((file) => !this.isTest(file));
  }

  /** The version of a package that a file works with: what is installed, else what package.json allows. */
  version(file: string, packageName: string): PackageVersion | undefined {
    const key = `${path.dirname(file)}\0${packageName}`;
    if (!this.#versions.has(key)) this.#versions.set(key, packageVersion(this.root, file, packageName));
    return this.#versions.get(key);
  }

  /** The project file that a specifier means. */
  resolve(from: string, specifier: string): string | undefined {
    return this.#resolver.resolve(from, specifier);
  }

  open(from: SourceModule, specifier: string): SourceModule | undefined {
    const file = this.#resolver.resolve(from.path, specifier);
    return file === undefined ? undefined : this.load(file);
  }

  canExport(from: SourceModule, specifier: string, name: string): boolean {
    const file = this.#resolver.resolve(from.path, specifier);
    if (file === undefined || !this.catalog.has(file)) return true;
    return this.catalog.canExport(file, name) || this.catalog.isMarked(file, 'reexports');
  }

  load(file: string): SourceModule | undefined {
    return this.#store.load(file);
  }

  leadsTo(file: string, mark: string): boolean {
    switch (mark as Mark) {
      case 'jobs':
        return this.catalog.isMarked(file, 'jobs') || this.catalog.reaches(file, 'actors');
      case 'waits':
        return this.catalog.reaches(file, 'waits') || this.catalog.reaches(file, 'asks', 'actors');
      case 'enqueues':
        return this.catalog.reaches(file, 'enqueues', 'actors');
      default:
        return this.catalog.reaches(file, mark as Mark);
    }
  }

  mayLead(module: SourceModule, call: Node, mark: string): boolean {
    if (call.type !== 'CallExpression' && call.type !== 'NewExpression') return false;
    // A function that is handed over can lead anywhere.
    if (
      mark !== 'jobs' &&
      call.arguments.some((argument) => /^(?:Identifier|MemberExpression)$/.test(argument.type))
    )
      return true;
    let root = unwrap(call.callee);
    while (root.type === 'MemberExpression' || root.type === 'CallExpression')
      root = unwrap(root.type === 'MemberExpression' ? root.object : root.callee);
    if (root.type !== 'Identifier') return root.type !== 'Literal' && root.type !== 'TemplateLiteral';
    const definition = module.variableOf(root)?.defs[0];
    if (!definition) return mark !== 'jobs' && root.name === 'require';
    const declaration = (definition.node as Node).parent;
    if (declaration?.type !== 'ImportDeclaration') return true;
    const file = this.resolve(module.path, declaration.source.value);
    return file !== undefined && this.leadsTo(file, mark);
  }

  /** Whether a file besides tests has a mark. */
  hasMark(mark: Mark): boolean {
    for (const file of this.catalog.files)
      if (this.catalog.isMarked(file, mark) && !this.isTest(file)) return true;
    return false;
  }

  /** The file's path below the root, with forward slashes. */
  pathOf(file: string): string {
    return path.relative(this.root, file).split(path.sep).join('/');
  }

  #forget(): void {
    this.#evaluator = new Evaluator(this, this.#trusted.wrappers, isQueueObject);
    this.#effects = new WeakMap();
    this.#carriers = undefined;
    this.#index = undefined;
  }
}

const isQueueObject = (path: string): boolean => instanceRole(path) !== undefined;

const MAX_PROJECTS = 12;
const projects = new Map<string, Project>();

/** The project that a file belongs to. */
export function projectOf(file: string, cwd: string): Project {
  const root = projectRoot(file, cwd);
  let project = projects.get(root);
  if (!project) {
    project = new Project(root);
    projects.set(root, project);
    const oldest = projects.keys().next();
    if (projects.size > MAX_PROJECTS && !oldest.done) projects.delete(oldest.value);
  }
  return project;
}
