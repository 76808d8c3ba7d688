/**
 * The pages of the rules, taken apart.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
const marker = '<!-- Generated to here by `npm run docs`. -->';

export interface Block {
  language: string;
  /** From the comment in the first line, where there is one. */
  file: string | undefined;
  text: string;
}

export interface Section {
  /** Titles from the top down: `The code`, `Correct, with NestJS`. */
  titles: string[];
  text: string;
  blocks: Block[];
}

export function readPage(name: string): { header: string; body: string; sections: Section[] } {
  const page = readFileSync(path.join(root, 'docs/rules', `${name}.md`), 'utf8');
  const [header = '', body = ''] = page.split(marker);
  return { header, body, sections: sectionsOf(body) };
}

function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = [];
  let titles: string[] = [];
  // A heading cannot be mistaken for a comment in a shell example: those are indented or in other fences.
  for (const part of markdown.split(/^(?=##+ )/m)) {
    const [, level, title] = /^(##+) (.+)$/m.exec(part) ?? [];
    if (!level || !title || !part.startsWith('##')) continue;
    titles = [...titles.slice(0, level.length - 2), title];
    sections.push({ titles, text: part, blocks: blocksOf(part) });
  }
  return sections;
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
    language,
    file: /^(?:\/\/|#) (\S+\.\w+)$/m.exec(text.split('\n', 1)[0] ?? '')?.[1],
    text,
  }));
}
