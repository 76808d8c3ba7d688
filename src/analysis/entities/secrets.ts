/**
 * Secrets in a payload, by the names of its fields.
 */
import { declaredAs } from '../source/declared.ts';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import type { Ref, Value } from '../values/value.ts';
import { findIn, type Part } from './parts.ts';
import { recordOf } from './record.ts';
import { isProtectedName, isPublicName, makesCode, secretKind, type SecretKind } from './secret-names.ts';

export interface FoundSecret {
  /** What to report. */
  at: Ref;
  kind: SecretKind;
  /** Names of the properties that lead to it; `[]` is an element. */
  keys: readonly string[];
  /** Whether it is known by a declared type only. */
  isDeclared: boolean;
}

/** Every secret in a payload. `counts` says whether a part that is known by its declared type is to be looked at. */
export function secretsIn(ev: Evaluation, payload: Ref, counts: (part: Part) => boolean): FoundSecret[] {
  return findIn(ev, payload, (part) => {
    // A whole record is more than the secret in it, and has a rule of its own.
    if (part.value.kind !== 'array' && recordOf(ev, part.value)) return [];
    const kind = part.place === 'property' ? secretKind(part.keys) : undefined;
    if (kind === undefined) return undefined;
    if (part.isOptional || part.isUnlikely || (part.isDeclared && !counts(part))) return [];
    // What is written out is judged field by field.
    if (/^(?:object|array|shape|instance)$/.test(part.value.kind)) return undefined;
    if (!canBeSecret(part.value, part.keys.at(-1) ?? '') || isProtected(part.ref)) return [];
    // The field says what it is for, the value's own name what it is.
    const names = part.isDeclared ? [] : [part.ref, part.value.at].flatMap(({ node }) => nameIn(node) ?? []);
    if (names.some(isPublicName)) return [];
    const isCode =
      names.some((name) => secretKind([name]) === 'code') || (!part.isDeclared && isMadeAsCode(part.ref));
    return [{ at: part.at, kind: isCode ? 'code' : kind, keys: part.keys, isDeclared: part.isDeclared }];
  });
}

/** The last name in an expression: `publicKey` of `scope.publicKey`. */
function nameIn(expression: Node): string | undefined {
  const node = unwrap(expression);
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? keyName(node) : undefined;
}

/** `token: await createVerificationCode(id)`, also by a constant: what it is made as tells more than its field. */
function isMadeAsCode({ module, node }: Ref): boolean {
  let made = declaredAs(module, node);
  if (made.type === 'AwaitExpression') made = unwrap(made.argument);
  return made.type === 'CallExpression' && makesCode(calleeName(made.callee) ?? '');
}

const REDACTED = /^\W*$|redact|hidden|masked|removed|\*{2,}|^x+$|<.*>/i;
/** Ends the name of a secret that consists of digits. */
const DIGITS = /(?:card|number|cvv|cvc|pin|ssn|code|otp)$/i;

/** Whether a value can be the secret that its name promises: not a flag, a count, nothing, or asterisks. */
function canBeSecret(value: Value, name: string): boolean {
  switch (value.kind) {
    case 'literal':
      if (typeof value.value === 'number') return DIGITS.test(name);
      if (typeof value.value !== 'string' || REDACTED.test(value.value)) return false;
      // `token: 'ETH'`, `token: 'ACCESS'` is the name of a kind.
      return !(/token$/i.test(name) && /^[A-Z][A-Z\d_-]{1,20}$/.test(value.value));
    case 'primitive':
      return value.type === 'string' || (value.type === 'number' && DIGITS.test(name));
    case 'function':
    case 'class':
    case 'enum':
    case 'namespace':
      return false;
    default:
      return true;
  }
}

const PROTECTS =
  /^(?:\w*encrypt\w*|hash\w*|\w*Hash|cipher\w*|encipher\w*|seal\w*|mask\w*|redact\w*|wrapKey|createHash|createHmac)$/i;

/** Whether what is passed is encrypted, a hash or an id, by the call that made it or the name that it goes by. */
function isProtected(ref: Ref, depth = 0): boolean {
  const node = unwrap(ref.node);
  const inner = (next: Node): boolean => depth < 4 && isProtected(beside(ref, next), depth + 1);
  switch (node.type) {
    case 'AwaitExpression':
      return inner(node.argument);
    case 'CallExpression': {
      // `createHash('sha256').update(token).digest('hex')`, `encrypt(token).toString()`
      const callee = unwrap(node.callee);
      return (
        PROTECTS.test(calleeName(callee) ?? '') ||
        (callee.type === 'MemberExpression' &&
          unwrap(callee.object).type === 'CallExpression' &&
          inner(callee.object))
      );
    }
    case 'MemberExpression': {
      const key = keyName(node);
      return (key !== undefined && isProtectedName(key)) || inner(node.object);
    }
    case 'Identifier': {
      if (isProtectedName(node.name)) return true;
      const definition = ref.module.variableOf(node)?.defs[0];
      const declarator = definition?.node as Node | undefined;
      return (
        declarator?.type === 'VariableDeclarator' &&
        declarator.parent.kind === 'const' &&
        declarator.init !== null &&
        inner(declarator.init)
      );
    }
    default:
      return false;
  }
}
