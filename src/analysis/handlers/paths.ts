/**
 * What a value of the project is to a package: an instance of a subclass or of an extended interface is one of
 * the package's own type too.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { externalBase } from '../values/members.ts';
import { external, membersOf, present, type ExternalValue, type Value } from '../values/value.ts';

const MAX_HERITAGE = 6;

/** Everything of a package that a value can be. */
export function externals(ev: Evaluation, value: Value, depth = 0): ExternalValue[] {
  return membersOf(present(value)).flatMap((member): ExternalValue[] => {
    switch (member.kind) {
      case 'external':
        return [member];
      case 'instance': {
        const base = externalBase(ev, member.class, member);
        return base ? [base] : [];
      }
      case 'shape': {
        if (depth > MAX_HERITAGE || member.at.node.type !== 'TSInterfaceDeclaration') return [];
        const heritage: readonly TSESTree.TSInterfaceHeritage[] = member.at.node.extends;
        return heritage.flatMap((base) => externals(ev, ev.typed(beside(member.at, base)), depth + 1));
      }
      default:
        return [];
    }
  });
}

export function hasPath(ev: Evaluation, value: Value, pattern: RegExp): boolean {
  return externals(ev, value).some(({ path }) => pattern.test(path));
}

/** A package's function as what it is a member of, and its name: `http:` and `createServer`. */
export function ownerAndName(fn: ExternalValue): { owner: ExternalValue; name: string } | undefined {
  const match = /^(.*[:)#\w>])\.(\w+)$/.exec(fn.path);
  return match
    ? { owner: external(fn.at, match[1] as string, fn.from), name: match[2] as string }
    : undefined;
}
