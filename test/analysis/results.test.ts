import { describe, expect, it } from 'vitest';
import { bulkIn } from '../../src/analysis/entities/bulk.ts';
import { memoryProject } from '../support/memory.ts';

const IMPORT = `import axios from 'axios'; import { readFile } from 'node:fs/promises'; import { randomBytes } from 'node:crypto'; import { PrismaClient } from '@prisma/client'; const prisma = new PrismaClient();`;

/** What is large in the last expression with a text. */
function bulk(code: string, text = 'RESULT'): string[] {
  const project = memoryProject({ 'a.ts': `${IMPORT} async function run(x) { ${code} use(${text}); }` });
  return bulkIn(project.ev, project.find('a.ts', text)).map(({ what }) => what);
}

describe('what is large', () => {
  it.each<[string, string, string[]]>([
    ['a record', 'const RESULT = await prisma.order.findUnique({});', ['a record of Prisma']],
    ['a list of records', 'const RESULT = await prisma.order.findMany({});', ['a list of Prisma records']],
    [
      'records in an object',
      'const orders = await prisma.order.findMany({}); const RESULT = { ok: true, orders };',
      ['a list of Prisma records'],
    ],
    ['a body', 'const { data: RESULT } = await axios.get(x);', ['the body of a response']],
    ['a fetched body', 'const RESULT = await (await fetch(x)).text();', ['the body of a response']],
    ['a response', 'const RESULT = await axios.get(x);', ['a whole response']],
    ['a file', 'const RESULT = await readFile(x);', ['the content of a file']],
    ['bytes', 'const RESULT = Buffer.from(x);', ['a Buffer']],
    ['few bytes', 'const RESULT = randomBytes(8);', []],
    ['a field of a body', 'const RESULT = (await axios.get(x)).data.id;', []],
    ['a field of a record', 'const RESULT = (await prisma.order.findUnique({})).number;', []],
    ['a count', 'const RESULT = await prisma.order.count({});', []],
    ['what is not known', 'const RESULT = x;', []],
  ])('%s', (_name, code, expected) => {
    expect(bulk(code)).toEqual(expected);
  });
});
