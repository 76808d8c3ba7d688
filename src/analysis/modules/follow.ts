/**
 * From a name that a file imports to the place where it is defined, through re-exports and barrels.
 */
import type { Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';

/** Finds modules; the layers above depend on this much only, so that tests can give them texts. */
export interface ModuleSource {
  /** The project file that a specifier means, as a module. */
  open(from: SourceModule, specifier: string): SourceModule | undefined;
  /**
   * Whether that module can export, or pass on, something of this name: cheap, to be asked before a barrel's files are
   * opened one after the other.
   */
  canExport?(from: SourceModule, specifier: string, name: string): boolean;
}

export type Definition =
  | { kind: 'node'; module: SourceModule; node: Node }
  | { kind: 'namespace'; module: SourceModule }
  /** Not a file of the project: a package, or a specifier that leads nowhere. */
  | {
      kind: 'external';
      source: string;
      imported: string;
      /** Nothing names it: it can only come from `export * from 'package'`. */
      assumed?: true;
    };

/** A name can mean a type and a value at once. */
export type Space = 'value' | 'type';

/** What `imported` (`default`, `*` or a name) of `specifier` is, seen from `from`. */
export function followImport(
  modules: ModuleSource,
  from: SourceModule,
  specifier: string,
  imported: string,
  space: Space = 'value',
): Definition | undefined {
  const target = modules.open(from, specifier);
  if (!target) return { kind: 'external', source: specifier, imported };
  return followExport(modules, target, imported, space);
}

/** What a module exports under a name; `undefined` when it exports nothing so called. */
export function followExport(
  modules: ModuleSource,
  module: SourceModule,
  name: string,
  space: Space = 'value',
  seen = new Set<string>(),
): Definition | undefined {
  const step = `${module.path}\0${name}`;
  if (seen.has(step)) return undefined; // a cycle of re-exports defines nothing
  seen.add(step);
  if (name === '*') return { kind: 'namespace', module };
  const { named, types, stars, whole } = module.exports;
  const type = space === 'type' ? types.get(name) : undefined;
  if (type) return { kind: 'node', module, node: type };
  const target = named.get(name);
  if (target?.kind === 'node') return { kind: 'node', module, node: target.node };
  if (target) {
    const next = modules.open(module, target.source);
    return next
      ? followExport(modules, next, target.imported, space, seen)
      : { kind: 'external', source: target.source, imported: target.imported };
  }
  if (name === 'default') {
    if (whole) return { kind: 'node', module, node: whole };
    // `import x from './cjs'` of a file that only sets single exports gets the whole object.
    return named.size > 0 && !hasModuleSyntax(module) ? { kind: 'namespace', module } : undefined;
  }
  const assumed: Definition[] = [];
  for (const source of stars) {
    if (modules.canExport?.(module, source, name) === false) continue;
    const next = modules.open(module, source);
    const found: Definition | undefined = next
      ? followExport(modules, next, name, space, seen)
      : { kind: 'external', source, imported: name, assumed: true };
    if (found?.kind === 'external' && found.assumed) assumed.push(found);
    else if (found) return found;
  }
  return assumed.length === 1 ? assumed[0] : undefined;
}

function hasModuleSyntax(module: SourceModule): boolean {
  return module.ast.body.some((statement) => /^(?:Import|Export)/.test(statement.type));
}
