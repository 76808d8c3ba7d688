/**
 * A project that exists in memory only, for the tests of the analysis: files by path, relative imports between
 * them. Everything else is a package.
 */
import path from 'node:path';
import { instanceRole } from '../../src/analysis/jobs/dialects/index.ts';
import { parseModule } from '../../src/analysis/modules/store.ts';
import type { SourceModule } from '../../src/analysis/source/module.ts';
import type { Node } from '../../src/analysis/source/nodes.ts';
import { here } from '../../src/analysis/values/evaluation.ts';
import { Evaluator } from '../../src/analysis/values/evaluator.ts';
import type { Ref, Value } from '../../src/analysis/values/value.ts';

export interface MemoryProject {
  files: readonly string[];
  ev: Evaluator;
  module(file: string): SourceModule;
  /** The last node of a file whose text is exactly `text`, of a type where one is given: uses follow declarations. */
  find(file: string, text: string, type?: string): Ref;
  /** The value of the expression with this text. */
  value(file: string, text: string): Value;
}

const EXTENSIONS = ['', '.ts', '.tsx', '.js', '/index.ts', '/index.js'];

export function memoryProject(files: Readonly<Record<string, string>>): MemoryProject {
  const modules = new Map<string, SourceModule>();
  const load = (file: string): SourceModule | undefined => {
    const text = files[file];
    if (text === undefined) return undefined;
    let module = modules.get(file);
    if (!module) {
      module = parseModule(`/memory/${file}`, text);
      if (!module) throw new Error(`${file} does not parse`);
      modules.set(file, module);
    }
    return module;
  };
  const source = {
    open(from: SourceModule, specifier: string) {
      if (!specifier.startsWith('.')) return undefined;
      const base = path.posix.join(path.posix.dirname(from.path), specifier).replace('/memory/', '');
      for (const candidate of [base, base.replace(/\.js$/, '')])
        for (const extension of EXTENSIONS) {
          const found = load(candidate + extension);
          if (found) return found;
        }
      return undefined;
    },
  };
  const ev = new Evaluator(source, [], (path) => instanceRole(path) !== undefined);
  const module = (file: string): SourceModule => {
    const loaded = load(file);
    if (!loaded) throw new Error(`no file ${file}`);
    return loaded;
  };
  const find = (file: string, text: string, type?: string): Ref => {
    const source = module(file);
    let found: Node | undefined;
    const stack: Node[] = [source.ast];
    for (let node = stack.shift(); node; node = stack.shift()) {
      const isExpression = type ? node.type === type : !/Specifier$|^P(?:rogram|roperty)$/.test(node.type);
      if (isExpression && source.textOf(node) === text) found = node;
      stack.unshift(...source.childrenOf(node));
    }
    if (found) return here(source, found);
    throw new Error(`no node "${text}" in ${file}`);
  };
  return {
    files: Object.keys(files),
    ev,
    module,
    find,
    value: (file, text) => ev.evaluate(find(file, text)),
  };
}
