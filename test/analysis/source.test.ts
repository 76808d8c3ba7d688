import { describe, expect, it } from 'vitest';
import { patternIdentifiers } from '../../src/analysis/source/exports.ts';
import type { SourceModule } from '../../src/analysis/source/module.ts';
import {
  enclosingThis,
  functionName,
  keyName,
  outermost,
  unwrap,
  type FunctionNode,
  type Node,
} from '../../src/analysis/source/nodes.ts';
import { readModule, readers, type ReadOptions, type Reader } from '../support/modules.ts';

/** Every reader that can read the text: types are beyond ESLint's own parser. */
function each(
  text: string,
  check: (module: SourceModule) => void,
  options: ReadOptions & { types?: boolean } = {},
) {
  const able = options.types ? readers.filter((reader) => reader !== 'espree') : readers;
  for (const reader of able) check(readModule(reader, text, options));
}

function nodeWith(module: SourceModule, text: string, type?: string): Node {
  const stack: Node[] = [module.ast];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (module.textOf(node) === text && (type === undefined || node.type === type)) return node;
    stack.push(...module.childrenOf(node).reverse());
  }
  throw new Error(`no ${text}`);
}

function exportsOf(module: SourceModule): Record<string, string> {
  const { named, stars, whole } = module.exports;
  const found: Record<string, string> = {};
  for (const [name, target] of named)
    found[name] =
      target.kind === 'node' ? module.textOf(target.node) : `${target.imported} of ${target.source}`;
  if (stars.length > 0) found['*'] = stars.join(', ');
  if (whole) found['='] = module.textOf(whole);
  return found;
}

describe('exports', () => {
  it.each<[string, string, Record<string, string>, (ReadOptions & { types?: boolean })?]>([
    ['a constant', 'export const a = 1', { a: 'a' }],
    ['several constants', 'export const a = 1, b = 2', { a: 'a', b: 'b' }],
    ['patterns', 'export const { a, b: [c], ...d } = x()', { a: 'a', c: 'c', d: 'd' }],
    ['a function', 'export function a() {}', { a: 'function a() {}' }],
    ['a class', 'export class A {}', { A: 'class A {}' }],
    ['a list', 'const a = 1, b = 2; export { a, b as c }', { a: 'a', c: 'b' }],
    ['a string name', `const a = 1; export { a as 'a-b' }`, { 'a-b': 'a' }],
    ['a default expression', 'export default make()', { default: 'make()' }],
    ['a default function', 'export default function f() {}', { default: 'function f() {}' }],
    ['a default in a list', 'const a = 1; export { a as default }', { default: 'a' }],
    [
      'a re-export',
      `export { a, b as c, default as d } from './x'`,
      { a: 'a of ./x', c: 'b of ./x', d: 'default of ./x' },
    ],
    ['a star', `export * from './x'; export * from './y'`, { '*': './x, ./y' }],
    ['a named star', `export * as x from './x'`, { x: '* of ./x' }],
    [
      'an interface and a type',
      'export interface A {} export type B = A',
      { A: 'interface A {}', B: 'type B = A' },
      { types: true },
    ],
    ['an enum', 'export enum E { A }', { E: 'enum E { A }' }, { types: true }],
    ['an export assignment', 'const a = 1; export = a', { '=': 'a' }, { types: true }],
    ['module.exports', 'module.exports = a', { '=': 'a' }],
    [
      'an object as module.exports',
      'module.exports = { a, b: c, d() {} }',
      { a: 'a', b: 'c', d: '() {}', '=': '{ a, b: c, d() {} }' },
    ],
    ['members of module.exports', `module.exports.a = 1; module.exports['b'] = 2`, { a: '1', b: '2' }],
    ['members of exports', 'exports.a = 1', { a: '1' }],
    ['chains', 'exports = module.exports = a; exports.b = exports.c = d', { '=': 'a', b: 'd', c: 'd' }],
    [
      'no local variable called exports',
      'const exports = {}; exports.a = 1; const module = {}; module.exports = 1',
      {},
      { sourceType: 'module' },
    ],
  ])('%s', (_, text, expected, options = {}) => {
    each(text, (module) => expect(exportsOf(module), module.path).toEqual(expected), options);
  });

  it('names every identifier of a pattern once', () => {
    const module = readModule('foreign', 'const { a, b: { c = 1 }, d: [e, , ...f], ...g } = x');
    const pattern = module.nodes('VariableDeclarator')[0]?.id as Node;
    expect(patternIdentifiers(pattern).map(({ name }) => name)).toEqual(['a', 'c', 'e', 'f', 'g']);
  });
});

describe('variables', () => {
  const where = (module: SourceModule, text: string): string => {
    // The last one: before it stands what is only a key or the name in another file.
    const identifier = module.nodes('Identifier').findLast(({ name }) => name === text);
    const variable = identifier && module.variableOf(identifier);
    return variable
      ? `${(variable.defs[0]?.type as string | undefined) ?? 'nothing'}${module.isModuleLevel(variable) ? ' of the module' : ''}`
      : 'none';
  };

  it.each<[string, string, string, string, ReadOptions?]>([
    ['a constant', 'const a = 1', 'a', 'Variable of the module'],
    ['a constant of a script', 'const a = 1; a', 'a', 'Variable of the module', { sourceType: 'script' }],
    ['a constant of CommonJS', 'const a = 1; a', 'a', 'Variable of the module', { sourceType: 'commonjs' }],
    ['an import', `import { a } from 'x'`, 'a', 'ImportBinding of the module'],
    ['a parameter', 'function f(a) {}', 'a', 'Parameter'],
    ['a destructured parameter', 'function f({ b: { a } }) {}', 'a', 'Parameter'],
    ['a function', 'function a() {}', 'a', 'FunctionName of the module'],
    ['a class', 'class A {}', 'A', 'ClassName of the module'],
    ['a caught error', 'try {} catch (a) {}', 'a', 'CatchClause'],
    ['a local', 'function f() { let a; }', 'a', 'Variable'],
    ['a var in a block', 'if (x) { var a = 1; }', 'a', 'Variable of the module'],
    ['a global', 'process.exit()', 'process', 'none'],
    ['a property', 'x.a', 'a', 'none'],
    ['a label', 'a: for (;;) break a', 'a', 'none'],
  ])('%s', (_, text, name, expected, options = {}) => {
    each(text, (module) => expect(where(module, name)).toBe(expected), options);
  });

  it('resolves every use of a name to the same variable', () => {
    each('const a = 1; function f() { return a; } { const a = 2; } a;', (module) => {
      const identifiers = module.nodes('Identifier').filter(({ name }) => name === 'a');
      const [declared, read, shadow, last] = identifiers.map((identifier) => module.variableOf(identifier));
      expect(declared).toBeDefined();
      expect(read).toBe(declared);
      expect(last).toBe(declared);
      expect(shadow).not.toBe(declared);
    });
  });

  it('resolves names of types', () => {
    each(
      `import type { Queue } from 'bullmq'; let q: Queue;`,
      (module) => {
        const use = module.nodes('TSTypeReference')[0]?.typeName as Node;
        expect(module.variableOf(use)?.defs[0]?.type).toBe('ImportBinding');
      },
      { types: true },
    );
  });
});

describe('a file looks the same however it was read', () => {
  const text = `
    import { Queue } from 'bullmq';
    const queue = new Queue('mail', { defaultJobOptions: { attempts: 3 } });
    export class Mails {
      #queue = queue;
      static limit = 1;
      send(id) { return this.#queue?.add('send', { id, at: \`\${id}\` }); }
    }
    export const send = async (id) => { await new Mails().send(id); };`;

  const outline = (module: SourceModule): string[] => {
    const lines: string[] = [];
    const visit = (node: Node, depth: number): void => {
      lines.push(`${' '.repeat(depth)}${node.type} ${node.range.join('-')}`);
      for (const child of module.childrenOf(node)) {
        expect(child.parent, child.type).toBe(node);
        visit(child, depth + 1);
      }
    };
    for (const statement of module.ast.body) visit(statement, 0);
    return lines;
  };

  it('node by node, every node with its parent', () => {
    const [espree, typescript, foreign] = readers.map((reader) => outline(readModule(reader, text)));
    expect(espree?.length).toBeGreaterThan(50);
    expect(typescript).toEqual(espree);
    expect(foreign).toEqual(espree);
  });

  it('with decorators and types', () => {
    const typed = `@Injectable() class A { @InjectQueue('a') private readonly q!: Queue; constructor(@Inject() private b?: B) {} f(this: A, c: string): void; f() { return <T>x as const; } } enum E { A = 'a' } declare module 'm' {} abstract class C { abstract d(): void }`;
    const [typescript, foreign] = (['typescript', 'foreign'] as const).map((reader) =>
      outline(readModule(reader, typed, { file: '/memory/a.ts' })),
    );
    expect(foreign).toEqual(typescript);
  });

  it('with all nodes of a type in source order', () => {
    each('f(g(1)); class A { m() { h(); } } i()', (module) => {
      expect(module.nodes('CallExpression').map((node) => module.textOf(node))).toEqual([
        'f(g(1))',
        'g(1)',
        'h()',
        'i()',
      ]);
      expect(module.nodes('WhileStatement')).toEqual([]);
    });
  });

  it('with lines that count from one', () => {
    each('a;\n\nb;\r\n  c;', (module) => {
      expect(module.nodes('ExpressionStatement').map((node) => module.lineOf(node))).toEqual([1, 3, 4]);
    });
  });

  it('with offsets that count characters as JavaScript does, also after an emoji', () => {
    each(`const a = '😀é'; f(b)`, (module) => {
      expect(module.nodes('CallExpression').map((node) => module.textOf(node))).toEqual(['f(b)']);
    });
  });

  it('without a byte order mark or a shebang being in the way', () => {
    const module = readModule('foreign', '#!/usr/bin/env node\nconst a = 1;');
    expect(exportsOf(module)).toEqual({});
    expect(module.nodes('VariableDeclarator')).toHaveLength(1);
  });

  it('when it nests deeper than the call stack', () => {
    const deep = `const a = ${'['.repeat(3000)}${']'.repeat(3000)};`;
    let module: SourceModule | undefined;
    try {
      module = readModule('foreign', deep);
    } catch {
      return; // a parser may refuse it; it must not take the process down
    }
    expect(module.nodes('ArrayExpression')).toHaveLength(3000);
  });
});

describe('names', () => {
  it.each<[string, string | undefined]>([
    ['x.a', 'a'],
    [`x['a']`, 'a'],
    ['x[`a`]', 'a'],
    ['x[1]', '1'],
    ['x[a]', undefined],
    ['x[`a${b}`]', undefined],
  ])('of a member: %s', (text, expected) => {
    each(text, (module) => expect(keyName(module.nodes('MemberExpression')[0] ?? {})).toBe(expected));
  });

  it.each<[string, string | undefined, boolean?]>([
    ['function f() {}', 'f'],
    ['const f = () => {}', 'f'],
    ['const f = function g() {}', 'g'],
    ['x = () => {}', 'x'],
    ['exports.f = () => {}', 'f'],
    ['const x = { f() {} }', 'f'],
    [`const x = { 'f': () => {} }`, 'f'],
    ['class A { f() {} }', 'A.f'],
    ['class A { static f() {} }', 'A.f'],
    ['const A = class { f() {} }', 'f'],
    ['class A { f = () => {} }', 'f'],
    ['class A { #f() {} }', 'A.#f'],
    ['export default () => {}', undefined],
    ['g(() => {})', undefined],
    ['const f = (() => {}) as Handler', 'f', true],
  ])('of a function: %s', (text, expected, types = false) => {
    each(
      text,
      (module) => {
        const fn = (
          ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'] as const
        ).flatMap((type): readonly FunctionNode[] => module.nodes(type))[0];
        expect(fn && functionName(fn)).toBe(expected);
      },
      { types },
    );
  });
});

describe('wrappers around an expression', () => {
  it.each(['a as B', 'a!', '<B>a', 'a satisfies B', '(a)', 'a<B>', '(a as unknown as B)!', 'a?.b'])(
    '%s',
    (text) => {
      each(
        `f(${text})`,
        (module) => {
          const argument = module.nodes('CallExpression')[0]?.arguments[0] as Node;
          const inner = unwrap(argument);
          expect(['Identifier', 'MemberExpression']).toContain(inner.type);
          expect(outermost(inner)).toBe(argument);
        },
        { types: true },
      );
    },
  );

  it('do not include the call that the expression is given to', () => {
    each('f(a)', (module) => expect(outermost(nodeWith(module, 'a'))).toBe(nodeWith(module, 'a')));
  });
});

describe('this', () => {
  it.each<[string, string]>([
    ['class A { f() { this; } }', 'A'],
    ['class A { f() { return () => { this; }; } }', 'A'],
    ['class A { f = () => { this; } }', 'A'],
    ['class A { f = this }', 'A'],
    ['class A { static f() { this; } }', 'static A'],
    ['class A { static f = this }', 'static A'],
    ['class A { static { this; } }', 'static A'],
    ['class A { constructor() { this; } }', 'A'],
    ['class A { get f() { return this; } }', 'A'],
    ['class A { f() { class B { g() { this; } } } }', 'B'],
    ['class A { f() { function g() { this; } } }', 'none'],
    ['class A { f() { return { g() { this; } }; } }', 'none'],
    ['class A { f() { return { g: () => { this; } }; } }', 'A'],
    ['class A { [this.b]() {} }', 'none'],
    ['function f() { this; }', 'none'],
    ['this', 'none'],
  ])('%s', (text, expected) => {
    each(
      text,
      (module) => {
        const owner = enclosingThis(module.nodes('ThisExpression')[0] as Node);
        expect(owner ? `${owner.isStatic ? 'static ' : ''}${owner.class.id?.name}` : 'none').toBe(expected);
      },
      { sourceType: text === 'this' ? 'script' : 'module' },
    );
  });
});

it.each<Reader>(['espree', 'typescript', 'foreign'])('JSX is read by %s', (reader) => {
  const file = reader === 'espree' ? '/memory/a.jsx' : '/memory/a.tsx';
  const module = readModule(reader, 'export const A = () => <B onClick={() => f()}>{g()}</B>', { file });
  expect(module.nodes('CallExpression').map((node) => module.textOf(node))).toEqual(['f()', 'g()']);
});
