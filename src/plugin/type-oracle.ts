/**
 * The checker of `typescript`, as the parser has loaded it, behind the interface of the analysis. Nothing here imports
 * `typescript`: what a type is, it says itself.
 */
import type { ParserServicesWithTypeInformation, TSESLint } from '@typescript-eslint/utils';
import type * as ts from 'typescript';
import type { CheckedObject, CheckedType, TypeOracle } from '../analysis/source/checked-type.ts';

/** `undefined` when the file was parsed without type information. */
export function typeOracleOf(sourceCode: Readonly<TSESLint.SourceCode>): TypeOracle | undefined {
  const services = sourceCode.parserServices as Partial<ParserServicesWithTypeInformation> | undefined;
  const { program, esTreeNodeToTSNodeMap: nodes } = services ?? {};
  if (!program || !nodes) return undefined;
  let types: Types | undefined;
  return {
    typeOf(node) {
      const place = nodes.get(node) as ts.Node | undefined;
      if (!place) return undefined;
      types ??= new Types(program);
      return types.typeAt(place);
    },
  };
}

class Types {
  readonly #program: ts.Program;
  readonly #checker: ts.TypeChecker;

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  typeAt(place: ts.Node): CheckedType | undefined {
    return this.#known(this.#checker.getTypeAtLocation(place), place);
  }

  #known(type: ts.Type, place: ts.Node): CheckedType | undefined {
    // `null` and `undefined` are nobody's loss.
    const present = this.#checker.getNonNullableType(type);
    // Said so that the compiler does not take every other kind of type for excluded below.
    const isParameter: boolean = present.isTypeParameter();
    if (isParameter) {
      const constraint = this.#checker.getBaseConstraintOfType(present);
      return constraint && constraint !== present ? this.#known(constraint, place) : undefined;
    }
    if (present.isUnion()) return this.#union(present, place);
    if (present.isIntersection()) return this.#intersection(present, place);
    const named = this.#named(present, place);
    if (named) return named;
    const symbol = present.getSymbol();
    if (!symbol) return this.#primitive(present);
    return this.#object(present, symbol, place);
  }

  /** What one of several may be is proven only when all are alike: `1n | 2n`. */
  #union(type: ts.UnionType, place: ts.Node): CheckedType | undefined {
    const known = type.types.map((member) => this.#known(member, place));
    const [first] = known;
    const isAlike = (other: CheckedType | undefined): boolean =>
      first !== undefined && other?.kind === first.kind && detail(other) === detail(first);
    return first?.kind === 'primitive' || (first?.kind === 'object' && first.path !== undefined)
      ? known.every(isAlike)
        ? first
        : undefined
      : undefined;
  }

  #intersection(type: ts.IntersectionType, place: ts.Node): CheckedType | undefined {
    // `string & { brand: 'id' }` is a string.
    if (
      type.types.some((member) => !member.getSymbol() && !member.isTypeParameter() && !isObjectLike(member))
    )
      return undefined;
    const named = type.types.flatMap((member) => {
      const known = this.#known(member, place);
      return known?.kind === 'object' && (known.path !== undefined || known.class) ? [known] : [];
    });
    const whole: CheckedObject = {
      kind: 'object',
      path: undefined,
      class: undefined,
      ...this.#structure(type, place),
    };
    return { kind: 'intersection', of: [...named, whole] };
  }

  /** An alias of a package, such as that of a record: `User` of `@prisma/client`. */
  #named(type: ts.Type, place: ts.Node): CheckedType | undefined {
    const path = type.aliasSymbol && this.#pathOf(type.aliasSymbol);
    return path === undefined || path.startsWith('global:')
      ? undefined
      : { kind: 'object', path, class: undefined, ...this.#structure(type, place) };
  }

  #primitive(type: ts.Type): CheckedType | undefined {
    const text = this.#checker.typeToString(type);
    if (text === 'bigint' || /^-?\d+n$/.test(text)) return { kind: 'primitive', type: 'bigint' };
    return text === 'symbol' ? { kind: 'primitive', type: 'symbol' } : undefined;
  }

  #object(type: ts.Type, symbol: ts.Symbol, place: ts.Node): CheckedType | undefined {
    const path = this.#pathOf(symbol);
    const [argument] = this.#checker.getTypeArguments(type as ts.TypeReference);
    if (path === 'global:.Promise#' || path === 'global:.PromiseLike#')
      return { kind: 'promise', of: () => argument && this.#known(argument, place) };
    if (this.#checker.isTupleType(type)) return undefined;
    if (this.#checker.isArrayType(type))
      return { kind: 'list', element: () => argument && this.#known(argument, place) };
    const callable = type.getCallSignatures().length > 0 || type.getConstructSignatures().length > 0;
    if (callable) return { kind: 'function' };
    // A member of an enum, a unique symbol.
    if (!isObjectLike(type)) return this.#primitive(type);
    return {
      kind: 'object',
      path: path ?? this.#wholeOf(type),
      class: this.#classOf(type, symbol),
      ...this.#structure(type, place),
    };
  }

  /**
   * The alias of a package that a type without a name has all properties of, however it was derived: the columns of
   * `$UserPayload` in what a query infers. With some of them selected it is not the whole.
   */
  #wholeOf(type: ts.Type): string | undefined {
    const declarations = this.#checker
      .getPropertiesOfType(type)
      .flatMap((property) => property.getDeclarations()?.[0] ?? []);
    const [first] = declarations;
    if (!first || !this.#isForeign(first.getSourceFile())) return undefined;
    const { members } = first.parent as { members?: readonly ts.Node[] };
    if (!members?.every((member) => declarations.some((declaration) => declaration === member)))
      return undefined;
    for (
      let around: ts.Node | undefined = first.parent;
      around;
      around = around.parent as ts.Node | undefined
    )
      if ('name' in around && 'type' in around && 'statements' in around.parent) {
        const alias = this.#checker.getSymbolAtLocation(around.name as ts.Node);
        const path = alias && this.#pathOf(alias);
        if (path !== undefined) return path;
      }
    return undefined;
  }

  #structure(type: ts.Type, place: ts.Node): Pick<CheckedObject, 'hasToJson' | 'properties'> {
    const checker = this.#checker;
    return {
      hasToJson: checker.getPropertyOfType(type, 'toJSON') !== undefined,
      properties: () =>
        checker.getPropertiesOfType(type).flatMap((property) => {
          // Methods are on the prototype, where JSON does not look; accessors of a class as well.
          const { valueDeclaration: declaration } = property;
          const isMethod = checker.getTypeOfSymbolAtLocation(property, place).getCallSignatures().length > 0;
          if (isMethod || property.name.startsWith('__@') || isAccessor(declaration)) return [];
          const propertyType = checker.getTypeOfSymbolAtLocation(property, place);
          return [
            {
              name: property.name,
              isOptional: checker.getNonNullableType(propertyType) !== propertyType,
              type: () => this.#known(propertyType, place),
            },
          ];
        }),
    };
  }

  #classOf(type: ts.Type, symbol: ts.Symbol): CheckedObject['class'] {
    if (!type.isClass()) return undefined;
    const file = symbol.valueDeclaration?.getSourceFile();
    return file && !this.#isForeign(file) ? { file: file.fileName, name: symbol.name } : undefined;
  }

  #isForeign(file: ts.SourceFile): boolean {
    return this.#program.isSourceFileDefaultLibrary(file) || file.fileName.includes('/node_modules/');
  }

  /** The path of an instance of a type that a package or the language declares. */
  #pathOf(symbol: ts.Symbol): string | undefined {
    const [declaration] = symbol.getDeclarations() ?? [];
    if (!declaration || symbol.name.startsWith('__')) return undefined;
    const file = declaration.getSourceFile();
    if (!this.#isForeign(file)) return undefined;
    const names = [symbol.name];
    for (let around = declaration.parent as ts.Node | undefined; around; around = around.parent) {
      const name = (around as { name?: ts.Node }).name?.getText(file);
      const ambient = name !== undefined && /^(['"])(?:node:)?(.*)\1$/.exec(name)?.[2];
      if (ambient) return `${ambient}:.${names.join('.')}#`;
      if (name === 'global') return `global:.${names.join('.')}#`;
      if (name !== undefined) names.unshift(name);
    }
    const isModule = this.#checker.getSymbolAtLocation(file) !== undefined;
    const owner = isModule ? packageOf(file.fileName) : 'global';
    return owner === undefined ? undefined : `${owner}:.${names.join('.')}#`;
  }
}

function detail(type: CheckedType): string | undefined {
  return type.kind === 'primitive' ? type.type : type.kind === 'object' ? type.path : undefined;
}

/** Whether a type is one of values with properties of their own. */
function isObjectLike(type: ts.Type): boolean {
  return 'objectFlags' in type && !('value' in type) && !('intrinsicName' in type);
}

function isAccessor(declaration: ts.Declaration | undefined): boolean {
  return (
    declaration !== undefined && 'body' in declaration && 'parameters' in declaration && 'name' in declaration
  );
}

/** The package that a declaration file belongs to, as it is imported. */
function packageOf(file: string): string | undefined {
  const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
  if (name === '.prisma') return '@prisma/client';
  return name?.replace(/^@types\/(?:(.+)__)?/, (_, scope: string | undefined) => (scope ? `@${scope}/` : ''));
}
