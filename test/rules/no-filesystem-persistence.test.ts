import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Worker } from 'bullmq'; import fs from 'node:fs'; import { writeFile } from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path';`;
const worker = (body: string, declarations = ''): string =>
  `${IMPORTS} ${declarations}\nnew Worker('mail', async (job) => {\n${body}\n});`;

testRule('no-filesystem-persistence', {
  valid: [
    ['the temp directory of the system', worker(`await writeFile(path.join(os.tmpdir(), job.id), pdf);`)],
    [
      'a folder by mkdtemp',
      worker(
        `const folder = await fs.promises.mkdtemp('x-');\nawait writeFile(path.join(folder, 'a.pdf'), pdf);`,
      ),
    ],
    ['/tmp', worker('fs.writeFileSync(`/tmp/${job.id}.pdf`, pdf);')],
    ['a folder called tmp', worker(`fs.writeFileSync('./tmp/a.pdf', pdf);`)],
    ['a name that says temp', worker(`fs.writeFileSync(tempFile, pdf);`, `const tempFile = 'x.pdf';`)],
    ['a root from the environment', worker(`await writeFile(path.join(process.env.EXPORTS, job.id), pdf);`)],
    ['a path that cannot be seen', worker(`await writeFile(await locate(job), pdf);`)],
    ['a path from job data', worker(`await writeFile(job.data.path, pdf);`)],
    ['reading', worker(`fs.readFileSync('./templates/a.html'); fs.createReadStream('./a');`)],
    [
      'folders, renames and removal',
      worker(`fs.mkdirSync('./exports'); fs.renameSync('./a', './b'); fs.unlinkSync('./a');`),
    ],
    ['opening to read', worker(`fs.openSync('./a.txt', 'r');`)],
    [
      'a scratch path passed to a helper',
      worker(`save(path.join(os.tmpdir(), job.id));`, `function save(file) { fs.writeFileSync(file, 'x'); }`),
    ],
    [
      'writing outside of a processor',
      `${IMPORTS}\nfs.writeFileSync('./a.txt', 'x');\nnew Worker('mail', async () => {});`,
    ],
    [
      'a method that is called writeFile',
      worker(`storage.writeFile('./a.pdf', pdf);`, `import { storage } from 'cloud';`),
    ],
    [
      'scratch that is removed, where that is required',
      worker(
        `const file = path.join(os.tmpdir(), job.id);\ntry { fs.writeFileSync(file, pdf); } finally { fs.rmSync(file); }`,
      ),
      { options: { requireCleanup: true } },
    ],
  ],
  invalid: [
    [
      'a path of the project',
      worker(`await writeFile('./exports/a.pdf', pdf);`),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'below the working directory',
      worker(`fs.writeFileSync(path.join(process.cwd(), 'exports', job.id), pdf);`),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'beside the code',
      worker(`fs.createWriteStream(path.join(__dirname, 'out.csv'));`),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'a constant root',
      worker('await writeFile(`${ROOT}/${job.id}.pdf`, pdf);', `const ROOT = '/var/reports';`),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'the environment with a fallback in the project',
      worker(
        `await writeFile(path.join(ROOT, job.id), pdf);`,
        `const ROOT = process.env.EXPORTS || './exports';`,
      ),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'appending and copying',
      worker(`fs.appendFileSync('./log/a.txt', 'x');\nfs.copyFileSync('/tmp/a', './store/a');`),
      [
        { line: 3, messageId: 'persistent' },
        { line: 4, messageId: 'persistent' },
      ],
    ],
    [
      'an image by sharp',
      worker(`await sharp(input).resize(10).toFile('./public/a.png');`, `import sharp from 'sharp';`),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'a path passed to a helper of the file: at the write',
      `${IMPORTS}\nfunction save(file) {\n  fs.writeFileSync(file, 'x');\n}\nnew Worker('mail', async () => { save('./exports/a.txt'); });`,
      { line: 3, messageId: 'persistent' },
    ],
    [
      'a helper of another file: at the call',
      {
        'a.js': `import { Worker } from 'bullmq'; import { store } from './store.js';\nnew Worker('mail', async () => {\n  await store('a.pdf');\n});`,
        'store.js': `import fs from 'fs'; import path from 'path'; const ROOT = path.resolve('uploads'); export const store = (name) => fs.promises.writeFile(path.join(ROOT, name), 'x');`,
      },
      { line: 3, messageId: 'persistent' },
    ],
    [
      'scratch that is left behind, where cleaning up is required',
      worker(`fs.writeFileSync(path.join(os.tmpdir(), job.id), pdf);`),
      { line: 3, messageId: 'leftBehind' },
      { options: { requireCleanup: true } },
    ],
  ],
});
