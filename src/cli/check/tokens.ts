/**
 * The tokens of a parsed file, which ESLint wants beside the tree. Where the grammar alone says what a character
 * begins (a regular expression, a part of a template, text in JSX), the tree is asked.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { Parsed } from '../../analysis/modules/parse.ts';

export interface Token {
  type: string;
  value: string;
  range: [number, number];
}

const SPACE = /[\s\uFEFF]+/y;
const WORD =
  /#?(?:[\p{ID_Start}$_]|\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\}))(?:[\p{ID_Continue}$\u200c\u200d]|\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\}))*/uy;
const NUMBER = /0[xXbBoO][\da-fA-F_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?/y;
const PUNCTUATOR =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()[\];,<>+\-*/%&|^!~?:=.@#]/y;
const KEYWORD =
  /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|finally|for|function|if|implements|import|in|instanceof|interface|let|new|package|private|protected|public|return|static|super|switch|this|throw|try|typeof|var|void|while|with|yield)$/;

/** All tokens in order, without comments. */
export function tokensOf(text: string, parsed: Parsed): Token[] {
  const known = knownTokens(parsed, text);
  const commentEnds = new Map(parsed.comments.map(({ start, end }) => [start, end]));
  const tokens: Token[] = [];
  let at = hashbangEnd(text);
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const leaf = known.get(at);
    const skipped = leaf ? undefined : (commentEnds.get(at) ?? at + (match(SPACE)?.length ?? 0));
    if (skipped !== undefined && skipped > at) {
      at = skipped;
      continue;
    }
    const [type, value] = leaf
      ? [leaf.type, text.slice(at, leaf.end)]
      : lexed(match(WORD), match(NUMBER), match(PUNCTUATOR) ?? text.charAt(at));
    tokens.push({
      type,
      value: type === 'PrivateIdentifier' ? value.slice(1) : value,
      range: [at, at + value.length],
    });
    at += value.length;
  }
  return tokens;
}

function lexed(word: string | undefined, number: string | undefined, other: string): [string, string] {
  if (number !== undefined) return ['Numeric', number];
  if (word === undefined) return ['Punctuator', other];
  if (word.startsWith('#')) return ['PrivateIdentifier', word];
  if (word === 'true' || word === 'false') return ['Boolean', word];
  if (word === 'null') return ['Null', word];
  return [KEYWORD.test(word) ? 'Keyword' : 'Identifier', word];
}

interface Leaf {
  type: string;
  end: number;
}

/** Tokens of which the tree knows what they are, by where they start. */
function knownTokens({ ast, visitorKeys }: Parsed, text: string): Map<number, Leaf> {
  const known = new Map<number, Leaf>();
  const stack: unknown[] = [ast];
  while (stack.length > 0) {
    const node = stack.pop() as TSESTree.Node;
    const [start, end] = node.range;
    // Two of them side by side are not a shift.
    if (/^TSTypeParameter(?:Instantiation|Declaration)$/.test(node.type))
      known.set(end - 1, { type: 'Punctuator', end });
    const type = tokenType(node);
    // A name's node reaches to the end of its annotation.
    const length = node.type === 'Identifier' ? node.name.length : end - start;
    if (type !== undefined && length > 0 && (node.type !== 'Identifier' || text.startsWith(node.name, start)))
      known.set(start, { type, end: start + length });
    for (const key of visitorKeys[node.type] ?? [])
      for (const child of [(node as unknown as Record<string, unknown>)[key]].flat())
        if (typeof child === 'object' && child !== null && 'range' in child) stack.push(child);
  }
  return known;
}

function tokenType(node: TSESTree.Node): string | undefined {
  switch (node.type as string) {
    case 'TemplateElement':
      return 'Template';
    case 'JSXText':
    case 'JSXIdentifier':
      return node.type;
    case 'Identifier':
      return /^(?:this|import|new)$/.test((node as TSESTree.Identifier).name) ? 'Keyword' : 'Identifier';
    case 'Literal':
      if ('regex' in node) return 'RegularExpression';
      return typeof (node as TSESTree.Literal).value === 'string' ? 'String' : undefined;
    default:
      return undefined;
  }
}

function hashbangEnd(text: string): number {
  return text.startsWith('#!') ? (/^.*/.exec(text)?.[0].length ?? 0) : 0;
}
