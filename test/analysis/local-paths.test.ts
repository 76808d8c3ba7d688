import { describe, expect, it } from 'vitest';
import { localPathsIn } from '../../src/analysis/effects/local-paths.ts';
import { marked } from '../support/describe.ts';
import { memoryProject } from '../support/memory.ts';

/** The local paths in the argument of `at(...)`: what is reported, and what kind it is. */
function paths(source: string, uploads: 'disk' | 'elsewhere' | 'unknown' = 'unknown'): string[] {
  const project = memoryProject({ 'a.ts': source });
  return localPathsIn(project.ev, marked(project), { uploads: () => uploads }).map(
    ({ at, kind, isFile }) => `${at.module.textOf(at.node)}: ${isFile ? 'file' : kind}`,
  );
}

const NODE = `import fs from 'fs'; import os, { tmpdir } from 'os'; import path, { join } from 'path'; import { fileURLToPath } from 'url';`;
const EXPRESS = `import type { Request } from 'express'; declare const req: Request;`;

describe('where a path begins', () => {
  it.each<[string, string[]]>([
    [`at(tmpdir())`, ['tmpdir(): temporary']],
    [`at(join(os.tmpdir(), 'a'))`, [`join(os.tmpdir(), 'a'): temporary`]],
    [`at(path.resolve(tmpdir(), name))`, ['path.resolve(tmpdir(), name): temporary']],
    [`at(path.resolve('a', tmpdir()))`, [`path.resolve('a', tmpdir()): temporary`]],
    [`at(path.resolve('a', '/b'))`, []],
    [`at(path.resolve(root, 'a'))`, []],
    [`at(path.resolve('a', name))`, [`path.resolve('a', name): working directory`]],
    [`at(path.resolve())`, ['path.resolve(): working directory']],
    [`at(path.resolve(__dirname, 'a'))`, []],
    [`at(path.normalize(tmpdir() + name))`, ['path.normalize(tmpdir() + name): temporary']],
    ['at(`${process.cwd()}/a/${name}`)', ['`${process.cwd()}/a/${name}`: working directory']],
    ['at(`${name}/${process.cwd()}`)', []],
    [`at(process.cwd() + '/dist/worker.js')`, []],
    [
      `at(join(process.cwd(), 'templates', name))`,
      [`join(process.cwd(), 'templates', name): working directory`],
    ],
    [`at(String(tmpdir()).trim())`, ['String(tmpdir()).trim(): temporary']],
    [`at(tmpdir().slice(2))`, []],
    [`at('/tmp/a')`, [`'/tmp/a': temporary`]],
    [`at('/tmpfoo')`, []],
    [`at('https://shop/tmp/a')`, []],
    [`at('C:\\\\Temp\\\\a.csv')`, [`'C:\\\\Temp\\\\a.csv': temporary`]],
    [`at(join(path.dirname(fileURLToPath(import.meta.url)), 'a'))`, []],
    [`at(process.env.TMPDIR)`, ['process.env.TMPDIR: temporary']],
    [`const file = ok ? url : tmpdir(); at({ file })`, ['file: temporary']],
    [`const loop = join(loop, 'a'); at(loop)`, []],
  ])('%s', (source, expected) => {
    expect(paths(`${NODE} ${source}`)).toEqual(expected);
  });
});

describe('uploads', () => {
  it.each<[string, string[]]>([
    [`at(req.file.path)`, ['req.file.path: upload']],
    [`at(req.file!.destination)`, ['req.file!.destination: upload']],
    [`at(Object.values(req.files)[0].path)`, ['Object.values(req.files)[0].path: upload']],
    [`at(req.files.avatar[0].path)`, ['req.files.avatar[0].path: upload']],
    [`at(req.file.filename)`, []],
    [`at(req.file.size)`, []],
    [`at(req.file)`, []],
    [`at(req.body.file.path)`, []],
    [`at(req.file.stream.path)`, []],
  ])('%s', (source, expected) => {
    expect(paths(`${EXPRESS} ${source}`)).toEqual(expected);
  });

  it('are whole files where multer keeps them on the disk', () => {
    expect(paths(`${EXPRESS} at({ file: req.file, files: req.files })`, 'disk')).toEqual([
      'req.file: file',
      'req.files: file',
    ]);
  });

  it('have a path that is a URL where a service keeps them', () => {
    expect(paths(`${EXPRESS} at({ path: req.file.path })`, 'elsewhere')).toEqual([]);
  });
});

describe('a file that is written', () => {
  it.each<[string, string[]]>([
    [`const file = './a/' + name; fs.writeFileSync(file, ''); at(file)`, ['file: written']],
    [`const file = join(__dirname, name); fs.createWriteStream(file); at(file)`, ['file: written']],
    [`const file = join('a', name); fs.rename(other, file); at(file)`, ['file: written']],
    [`const file = join('a', name); upload.mv(file); at(file)`, ['file: written']],
    [`const file = join('a', name); fs.rename(file, other); at(file)`, []],
    [`const file = join('a', name); fs.readFileSync(file); at(file)`, []],
    [`const file = join(process.env.ROOT, name); fs.writeFileSync(file, ''); at(file)`, []],
    [`const file = join('a', name); fs.writeFileSync(other, file); at(file)`, []],
  ])('%s', (source, expected) => {
    expect(paths(`${NODE} ${source}`)).toEqual(expected);
  });
});
