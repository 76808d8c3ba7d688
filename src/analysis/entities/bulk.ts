/**
 * What is large by where it comes from: records, answers of other services, contents of files. What is made of
 * scalars here, a text or a number is not, whatever it holds when it runs.
 */
import { calleeName, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import type { Ref } from '../values/value.ts';
import { fateOf } from './json.ts';
import { findIn, type Part } from './parts.ts';
import { recordOf } from './record.ts';

export interface FoundBulk {
  /** What to report. */
  at: Ref;
  /** As a reader would call it: `a record of Prisma`. */
  what: string;
  /** Whether it is the value as a whole. */
  isWhole: boolean;
}

const CONTENT: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:fs|fs\/promises|fs-extra|graceful-fs):(?:\.promises)?\.(?:readFile|readFileSync|readJson|readJSON|readJsonSync)\(\)$/,
    'the content of a file',
  ],
  [/^(?:puppeteer|playwright)(?:-\w+)?:.*\.newPage\(\)\.(?:content|pdf|screenshot)\(\)$/, 'a whole page'],
  [
    /^(?:openai|@anthropic-ai\/sdk|groq-sdk):(?:\.\w+)?#\.(?:\w+\.)+(?:create|retrieve|list)\(\)$/,
    'the answer of another service',
  ],
  [/^stripe:(?:\.\w+)?#\.(?:\w+\.)+\w+\(\)$/, 'the answer of another service'],
];

/** What gives the body of a response: `response.data` of axios, `await response.json()` of fetch. */
const BODY = /^(.*?)(?:\.(?:data|body)|\.(?:json|text|arrayBuffer|blob|bytes|buffer)\(\))$/s;

/** Everything large in a value, each place once. */
export function bulkIn(ev: Evaluation, ref: Ref): FoundBulk[] {
  const seen = new Set<Node>();
  return findIn(ev, ref, (part) => judge(ev, part)).filter(({ at }) => {
    const isNew = !seen.has(at.node);
    seen.add(at.node);
    return isNew;
  });
}

function judge(ev: Evaluation, part: Part): FoundBulk[] | undefined {
  if (part.isOptional || part.isUnlikely) return undefined;
  const { value, at, place } = part;
  const found = (what: string): FoundBulk[] => [{ at, what, isWhole: place === 'payload' }];
  // Lists are judged element by element, on the way down.
  const fact = value.kind === 'array' ? undefined : recordOf(ev, value);
  if (fact) {
    const isList = fact.isList || part.keys.at(-1) === '[]';
    return found(isList ? `a list of ${fact.orm.name} records` : `a record of ${fact.orm.name}`);
  }
  if (value.kind === 'primitive') return stringified(ev, part);
  const what = value.kind === 'external' ? contentAt(value.path) : undefined;
  return what === undefined ? undefined : found(what);
}

function contentAt(path: string): string | undefined {
  const known = CONTENT.find(([pattern]) => pattern.test(path))?.[1];
  if (known !== undefined) return known;
  const fate = fateOf(path);
  if (fate?.kind === 'response') return 'a whole response';
  // Keys and salts are few bytes.
  if (fate?.kind === 'buffer') return path.startsWith('crypto:') ? undefined : 'a Buffer';
  const owner = BODY.exec(path)?.[1];
  return owner !== undefined && fateOf(owner)?.kind === 'response' ? 'the body of a response' : undefined;
}

/** `JSON.stringify(rows)` is as large as what it is made of. */
function stringified(ev: Evaluation, { value, at, place }: Part): FoundBulk[] {
  const { node } = value.at;
  if (node.type !== 'CallExpression' || calleeName(node.callee) !== 'stringify') return [];
  const [source] = node.arguments;
  return source
    ? bulkIn(ev, beside<Node>(value.at, source))
        .slice(0, 1)
        .map(({ what }) => ({ at, what, isWhole: place === 'payload' }))
    : [];
}
