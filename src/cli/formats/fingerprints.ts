/**
 * Names for findings that outlive changes elsewhere in their file: made of the rule, the file and the text of the
 * line, so that lines may move. Equal lines are told apart by their order.
 */
import { createHash } from 'node:crypto';

export interface Fingerprinted {
  /** With forward slashes, the same on every machine. */
  path: string;
  rule: string | undefined;
  /** The message without what depends on places, such as its id. */
  kind: string;
  /** The text of the line where the finding begins. */
  text: string;
}

/** The fingerprints of findings, which are in the order of their places. */
export function fingerprints(findings: readonly Fingerprinted[]): string[] {
  const seen = new Map<string, number>();
  return findings.map(({ path, rule, kind, text }) => {
    const key = JSON.stringify([path, rule ?? '', kind, text.replace(/\s+/g, ' ').trim()]);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return createHash('sha256').update(`${key}:${nth}`).digest('hex').slice(0, 40);
  });
}
