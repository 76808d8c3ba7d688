/**
 * Whether an expression can turn out to be `undefined`, or `NaN` for want of a setting: environment variables
 * without a fallback, optional parameters and properties, `undefined` written down.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { enclosingFunction, unwrap } from '../source/nodes.ts';
import { argumentRefs } from './calls.ts';
import { beside, type Evaluation } from './evaluation.ts';
import { membersOf, type ExternalValue, type Ref, type Value } from './value.ts';

const ENVIRONMENT = /^global:\.(?:process|Bun|import\.meta)\.env(?:\.(\w+)|\[\])$/;
const CONVERSION = /^global:\.(?:Number|parseInt|parseFloat|Number\.parseInt|Number\.parseFloat)$/;
const MAX_DEPTH = 6;

/**
 * Whether nothing keeps this from being `undefined` or `NaN`; `false` where that cannot be told. `areChecked` tells
 * whether the settings of NestJS' configuration are validated or loaded by code, so that each may have a value.
 */
export function canBeMissing(
  ev: Evaluation,
  ref: Ref,
  areChecked: () => boolean = () => true,
  depth = 0,
): boolean {
  const value = ev.evaluate(ref);
  if (membersOf(value).some(isUndefined)) return true;
  if (depth > MAX_DEPTH || value.kind === 'union') return false;
  if (value.kind === 'external') return isUnsetVariable(value) || (isNestSetting(value) && !areChecked());
  if (value.kind !== 'primitive') return false;
  const isMissing = (inner: Ref): boolean => {
    // `!` and `as` are the author's word that it is there.
    const isVouchedFor = inner.node.type === 'TSNonNullExpression' || inner.node.type === 'TSAsExpression';
    return !isVouchedFor && canBeMissing(ev, inner, areChecked, depth + 1);
  };
  return isConverted(ev, value.at, isMissing) || isOptional(ref, value);
}

function isUndefined(value: Value): boolean {
  return (
    (value.kind === 'literal' && value.value === undefined) ||
    (value.kind === 'primitive' && value.type === 'void')
  );
}

/** `process.env.X`, unless the file speaks of X elsewhere: it may check that it is set. */
function isUnsetVariable({ path, at, site }: ExternalValue): boolean {
  const found = ENVIRONMENT.exec(path);
  if (!found) return false;
  const [, name] = found;
  // `const { X } = process.env` names it once more where it is used.
  const expected = at.node.type === 'Property' ? 2 : 1;
  return name === undefined || occurrences((site ?? at).module.text, name) <= expected;
}

/** `config.get('X')` of NestJS without a default. */
function isNestSetting({ path, site }: ExternalValue): boolean {
  return (
    path === '@nestjs/config:.ConfigService#.get()' &&
    site?.node.type === 'CallExpression' &&
    site.node.arguments.length === 1
  );
}

/** `Number(x)`, `parseInt(x, 10) * 1000`, `+x`, where x can be missing. */
function isConverted(ev: Evaluation, at: Ref, isMissing: (inner: Ref) => boolean): boolean {
  const node = unwrap(at.node);
  switch (node.type) {
    case 'CallExpression': {
      const [first] = argumentRefs(at as Ref<TSESTree.CallExpression>);
      const callee = ev.evaluate(beside(at, node.callee));
      return (
        first !== undefined && callee.kind === 'external' && CONVERSION.test(callee.path) && isMissing(first)
      );
    }
    case 'UnaryExpression':
      return node.operator === '+' && isMissing(beside(at, node.argument));
    case 'BinaryExpression':
      return (
        /^[-+*/%]$/.test(node.operator) && [node.left, node.right].some((side) => isMissing(beside(at, side)))
      );
    default:
      return false;
  }
}

/** A parameter or property that is declared with `?`, where the function around asks nothing else about it. */
function isOptional({ module, node: written }: Ref, value: Value): boolean {
  const node = unwrap(written);
  const declaration = value.at.node.parent?.parent;
  const isOptionalProperty = declaration?.type === 'TSPropertySignature' && declaration.optional;
  if (node.type === 'MemberExpression') {
    const around = enclosingFunction(node);
    return isOptionalProperty && !!around && occurrences(module.textOf(around), module.textOf(node)) === 1;
  }
  const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
  const [identifier] = variable?.identifiers ?? [];
  if (!variable || !identifier || (variable.defs[0]?.type as string) !== 'Parameter') return false;
  const hasDefault = identifier.parent.type === 'AssignmentPattern';
  return !hasDefault && variable.references.length === 1 && (identifier.optional || isOptionalProperty);
}

function occurrences(text: string, words: string): number {
  const escaped = words.replace(/[^\w\s]/g, '\\$&');
  return [...text.matchAll(new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, 'g'))].length;
}
