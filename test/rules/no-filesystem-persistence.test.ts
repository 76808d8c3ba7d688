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
    [
      'roots of fields that are scratch space or configured',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import * as fs from 'fs'; import * as os from 'os'; import * as path from 'path';
          @Processor('reports')
          export class Reports extends WorkerHost {
            private readonly folder = path.join(os.tmpdir(), 'reports');
            private readonly volume = path.join(process.env.VOLUME, 'reports');
            private readonly tempFolder = path.join(process.cwd(), 'reports');
            async process(job: any) {
              await fs.promises.writeFile(path.join(this.folder, job.id), 'x');
              await fs.promises.writeFile(path.join(this.volume, job.id), 'x');
              await fs.promises.writeFile(path.join(this.tempFolder, job.id), 'x');
            }
          }`,
      },
    ],
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
    [
      'a file that the job uploads and removes again',
      worker(
        `const file = path.join(process.cwd(), 'exports', job.id);\nawait writeFile(file, pdf);\nawait upload(file);\nawait fs.promises.unlink(file);`,
      ),
    ],
    [
      'a file that is removed in a finally, if it is there',
      worker(
        `const file = './exports/' + job.id;\ntry { await writeFile(file, pdf); await upload(file); } finally { if (fs.existsSync(file)) fs.unlinkSync(file); }`,
      ),
    ],
    [
      'a file in a folder that is removed',
      worker(
        `const folder = path.resolve('work', job.id);\nawait writeFile(path.join(folder, 'a.pdf'), pdf);\nawait fs.promises.rm(folder, { recursive: true });`,
      ),
    ],
    [
      'a file that helpers of other files write and remove',
      {
        'a.js': `import { Worker } from 'bullmq'; import path from 'path'; import { render } from './render.js'; import { Exports } from './exports.js';\nconst exports = new Exports();\nnew Worker('mail', async (job) => {\n  const file = path.join(process.cwd(), 'exports', job.id);\n  if (job.data.empty) { await render(file, []); } else { await render(file, job.data.rows); }\n  await exports.completeAndUpload(job.id, file);\n});`,
        'render.js': `import puppeteer from 'puppeteer'; export async function render(target, rows) { const browser = await puppeteer.launch(); const page = await browser.newPage(); await page.pdf({ path: target, format: 'A4' }); }`,
        'exports.js': `import fs from 'fs'; export class Exports { async completeAndUpload(id, localPath) { await this.put(fs.readFileSync(localPath)); try { this.clean(localPath); } catch (error) { console.warn(error); } } clean(name) { fs.unlinkSync(name); } async put(body) {} }`,
      },
    ],
    [
      'a file that the function which writes it returns',
      worker(
        `const file = await render(job.id);\nawait upload(file);\nfs.rmSync(file);`,
        `async function render(id) { const target = path.join(process.cwd(), 'out', id); await writeFile(target, 'x'); return target; }`,
      ),
    ],
    [
      'files of a list that is removed',
      worker(
        `const files = [];\nfor (const page of job.data.pages) { const file = path.join('./pages', page); fs.writeFileSync(file, 'x'); files.push(file); }\nfor (const file of files) fs.unlinkSync(file);`,
      ),
    ],
    [
      'the disk where no object storage is set up',
      worker(
        `if (USE_S3) {\n  await s3.send(new PutObjectCommand({ Key: job.id, Body: pdf }));\n} else {\n  fs.writeFileSync('./uploads/a.pdf', pdf);\n}`,
        `import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'; const USE_S3 = !!process.env.S3_BUCKET; const s3 = new S3Client({});`,
      ),
    ],
    [
      'the disk of a service without a bucket',
      {
        'a.js': `import { Worker } from 'bullmq'; import { Uploads } from './uploads.js';\nconst uploads = new Uploads();\nnew Worker('mail', async (job) => {\n  await uploads.put(job.data.name, 'x');\n});`,
        'uploads.js': `import fs from 'fs'; import path from 'path'; import { Storage } from '@google-cloud/storage';
          export class Uploads {
            constructor() { this.storage = new Storage(); this.bucket = process.env.BUCKET; }
            async put(name, body) { if (this.bucket && this.storage) { return this.toBucket(name, body); } await fs.promises.writeFile(path.join(process.cwd(), 'uploads', name), body); }
            async toBucket(name, body) { const storage = new Storage(); await storage.bucket('b').file(name).save(body); }
          }`,
      },
    ],
  ],
  invalid: [
    [
      'a table that is written as it is made',
      worker(
        `const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: './exports/a.xlsx' });`,
        `import ExcelJS from 'exceljs';`,
      ),
      { line: 3, messageId: 'persistent' },
    ],
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
    [
      'a file that only a failed job removes',
      worker(
        `const file = './exports/' + job.id;\ntry { await writeFile(file, pdf); } catch (error) { fs.unlinkSync(file); throw error; }`,
      ),
      { line: 4, messageId: 'persistent' },
    ],
    [
      'a file that is removed if it is broken',
      worker(
        `const file = './exports/' + job.id;\nawait writeFile(file, pdf);\nif (!isPdf(file)) { fs.unlinkSync(file); throw new Error('broken'); }`,
      ),
      { line: 4, messageId: 'persistent' },
    ],
    [
      'a file that takes the place of the one before',
      worker(
        `const file = './exports/' + job.data.user;\nif (fs.existsSync(file)) fs.unlinkSync(file);\nawait writeFile(file, pdf);`,
      ),
      { line: 5, messageId: 'persistent' },
    ],
    [
      'a file beside one that is removed',
      worker(
        `const file = path.join('./exports', job.id);\nawait writeFile(file, pdf);\nfs.unlinkSync(path.join('./uploads', job.id));`,
      ),
      { line: 4, messageId: 'persistent' },
    ],
    [
      'a new file of a store that removes the old one',
      worker(
        `save(job.data.next);\nremove(job.data.old);`,
        `const at = (key) => './store/' + key; const save = (key) => fs.writeFileSync(at(key), 'x'); const remove = (key) => fs.unlinkSync(at(key));`,
      ),
      { line: 1, messageId: 'persistent' },
    ],
    [
      'a return before the file is uploaded and removed',
      worker(
        `const file = './exports/' + job.id;\nif (!job.data.rows) { await writeFile(file, empty); return; }\nawait upload(file);\nfs.unlinkSync(file);`,
      ),
      { line: 4, messageId: 'persistent' },
    ],
    [
      'a file that a timer removes after others have read it',
      worker(
        `const file = './exports/' + job.id;\nawait writeFile(file, pdf);\nsetTimeout(() => fs.unlinkSync(file), 3600000);`,
      ),
      { line: 4, messageId: 'persistent' },
    ],
    [
      'a root that a field of the class has',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import * as fs from 'fs'; import * as path from 'path';
          @Processor('reports')
          export class Reports extends WorkerHost {
            private readonly folder = path.join(process.cwd(), 'reports');
            async process(job: any) { const file = path.join(this.folder, job.id);
              await fs.promises.writeFile(file, 'x'); }
          }`,
      },
      { file: 'a.ts', line: 6, messageId: 'persistent' },
    ],
    [
      'a root that the constructor sets',
      {
        'a.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; import * as fs from 'fs'; import { resolve } from 'path';
          @Processor('reports')
          export class Reports extends WorkerHost {
            #folder: string;
            constructor() { super(); this.#folder = resolve('reports'); }
            async process(job: any) { await fs.promises.writeFile(this.#folder + job.id, 'x'); }
          }`,
      },
      { file: 'a.ts', line: 6, messageId: 'persistent' },
    ],
    [
      'a path that a function makes',
      worker(
        `await writeFile(fileOf(job.id), pdf);`,
        `const fileOf = (id) => path.join(process.cwd(), 'reports', id);`,
      ),
      { line: 3, messageId: 'persistent' },
    ],
    [
      'one file that each branch writes, and two that have parts in common',
      worker(
        `const file = path.join(process.cwd(), 'backups', job.id);\nif (job.data.isFull) { fs.writeFileSync(file, full); }\nelse { fs.writeFileSync(file, changes); }\nfs.appendFileSync(file, end);\nfs.writeFileSync(file + '.sum', sum);`,
      ),
      [
        { line: 4, messageId: 'persistent' },
        { line: 7, messageId: 'persistent' },
      ],
    ],
    [
      'the disk beside object storage, and when that fails',
      worker(
        `try {\n  await s3.send(new PutObjectCommand({ Key: job.id, Body: pdf }));\n} catch {\n  fs.writeFileSync('./uploads/a.pdf', pdf);\n}`,
        `import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'; const s3 = new S3Client({});`,
      ),
      { line: 6, messageId: 'persistent' },
    ],
    [
      'the disk for some of the jobs',
      worker(
        `if (job.data.isLarge) {\n  await s3.send(new PutObjectCommand({ Key: job.id, Body: pdf }));\n} else {\n  fs.writeFileSync('./uploads/a.pdf', pdf);\n}`,
        `import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'; const s3 = new S3Client({});`,
      ),
      { line: 6, messageId: 'persistent' },
    ],
  ],
});
