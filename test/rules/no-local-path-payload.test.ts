import { testRule } from '../support/rule-cases.ts';

const IMPORTS = `import { Queue } from 'bullmq'; import express from 'express'; import fs from 'node:fs'; import os from 'node:os'; import path from 'node:path'; const imports = new Queue('imports'); const app = express();`;
const code = (text: string, declarations = ''): string => `${IMPORTS} ${declarations}\n${text}`;
const route = (body: string, declarations = ''): string =>
  code(`app.post('/imports', async (req, res) => {\n${body}\n});`, declarations);
const path = (line: number, says?: string, file?: string) => ({
  ...(file === undefined ? {} : { file }),
  line,
  messageId: 'path',
  ...(says === undefined ? {} : { says }),
});

testRule('no-local-path-payload', {
  valid: [
    [
      'a directory of the environment, which only without one is that of the machine',
      code(
        `await imports.add('csv', { path: path.join(DIR, name) });`,
        `const DIR = process.env.IMPORTS_DIR || path.join(os.tmpdir(), 'imports');`,
      ),
    ],
    ['the key of a stored object', route(`await imports.add('csv', { key: req.file.key });`)],
    ['the location of a stored object', route(`await imports.add('csv', { url: req.file.location });`)],
    ['the path of the request', route(`await imports.add('hit', { path: req.path, url: req.originalUrl });`)],
    [
      'the name of an upload',
      route(`await imports.add('csv', { name: req.file.originalname, id: req.file.filename });`),
    ],
    [
      'an upload that multer sends to a service, whose path is a URL',
      {
        'upload.js': `import multer from 'multer'; import { CloudinaryStorage } from 'multer-storage-cloudinary'; export const upload = multer({ storage: new CloudinaryStorage({}) });`,
        'a.js': route(`await imports.add('csv', { path: req.file.path });`),
      },
    ],
    [
      'a path that stands in for object storage in development',
      route(
        `await imports.add('csv', { path: req.file.location || req.file.path });\nawait imports.add('csv', { path: process.env.S3 ? req.file.key : req.file.path });`,
      ),
    ],
    [
      'a file beside the code',
      code(`await imports.add('csv', { path: path.join(__dirname, 'templates', 'a.csv') });`),
    ],
    [
      'a file beside the module',
      code(
        `await imports.add('csv', { path: path.join(import.meta.dirname, 'a.csv'), url: new URL('./a.csv', import.meta.url).href, other: path.join(path.dirname(fileURLToPath(import.meta.url)), 'a.csv') });`,
        `import { fileURLToPath } from 'node:url';`,
      ),
    ],
    [
      'a file that is deployed with the code, below the working directory',
      code(
        `await imports.add('mail', { template: path.join(process.cwd(), 'src', 'templates', 'welcome.hbs') });`,
      ),
    ],
    [
      'a key that is joined like a path',
      code(
        `export const store = (id) => imports.add('csv', { key: path.join('uploads', id), other: path.posix.join('exports', \`\${id}.csv\`) });`,
      ),
    ],
    [
      'a key that begins with a slash',
      code('export const store = (id) => imports.add("csv", { key: `/uploads/${id}.csv` });'),
    ],
    [
      'a key with tmp in it',
      code('export const store = (id) => imports.add("csv", { key: `tmp/${id}.csv` });'),
    ],
    [
      'a volume by configuration',
      code(`export const store = (id) => imports.add('csv', { path: path.join(process.env.SHARED, id) });`),
    ],
    [
      'a file written to a volume by configuration',
      code(
        `export async function store(id, text) {\nconst file = path.join(process.env.SHARED, id);\nfs.writeFileSync(file, text);\nawait imports.add('csv', { file });\n}`,
      ),
    ],
    ['a path from outside', code(`export const store = (file) => imports.add('csv', { path: file.path });`)],
    [
      'a path from the data of a job',
      code(
        `new Worker('a', async (job) => { await imports.add('b', { path: job.data.path, localPath: job.data.file.path }); });`,
        `import { Worker } from 'bullmq';`,
      ),
    ],
    [
      'parts of a path that are no path',
      route(
        `await imports.add('csv', { name: path.basename(req.file.path), extension: path.extname(req.file.path), relative: path.relative(process.cwd(), req.file.path) });`,
      ),
    ],
    [
      'what is read from the file',
      route(`await imports.add('csv', { rows: fs.readFileSync(req.file.path, 'utf8').split('\\n') });`),
    ],
    [
      'what was stored from the file',
      {
        'storage.js': `export const put = async (file) => ({ key: 'uploads/' + file });`,
        'a.js': `import { put } from './storage.js'; ${route(`const stored = await put(req.file.path);\nawait imports.add('csv', { key: stored.key });`)}`,
      },
    ],
    [
      'a repository path of an API',
      code(
        `export async function index() { const { data } = await octokit.repos.getContent({}); for (const file of data) await imports.add('file', { path: file.path }); }`,
        `import { Octokit } from 'octokit'; const octokit = new Octokit();`,
      ),
    ],
    [
      'a Set that is called queue',
      `import os from 'node:os'; const queue = new Set(); queue.add('a', { path: os.tmpdir() });`,
    ],
    ['the name of the job', code(`await imports.add(os.tmpdir(), { id: 1 });`)],
    [
      'a whole file that multer keeps in memory',
      {
        'upload.js': `import multer from 'multer'; export const upload = multer({ storage: multer.memoryStorage() });`,
        'a.js': route(`await imports.add('csv', { file: req.file });`),
      },
    ],
    [
      'an optional field of a declared payload',
      `import { Queue } from 'bullmq'; const imports = new Queue('imports');\ninterface Data { id: string; file?: Express.Multer.File }\nexport const store = (data: Data) => imports.add('csv', data);`,
    ],
    [
      'broken and odd arguments',
      code(
        `imports.add(); imports.add('a', ...rest); imports.add('a', { [key]: 1, ...path.join() }); path.resolve(...parts);`,
      ),
    ],
  ],
  invalid: [
    [
      'a folder of the machine under a name of the environment',
      code(
        `await imports.add('csv', { path: path.join(DIR, name) });`,
        `const DIR = path.join(os.tmpdir(), process.env.IMPORTS_DIR || 'imports');`,
      ),
      path(2),
    ],
    [
      'the path of an upload',
      route(`await imports.add('csv', { path: req.file.path });`),
      path(3, 'where the upload was received'),
    ],
    [
      'paths of several uploads',
      route(
        `await imports.add('csv', { paths: req.files.map((file) => file.path) });\nfor (const file of req.files) await imports.add('csv', { path: file.path });\nawait imports.add('csv', { path: req.files['avatar'][0].path });\nawait imports.add('csv', { path: req.files.avatar[0].path });`,
      ),
      [path(3), path(4), path(5), path(6)],
    ],
    [
      'a destructured upload, spelled for all systems',
      route(
        `const { path: filePath, size } = req.file;\nawait imports.add('csv', { size, file: filePath.replace(/\\\\/g, '/') });`,
      ),
      path(4),
    ],
    [
      'a variable that holds the payload: at the argument',
      route(`const data = { id: 1, path: req.file.path };\nawait imports.add('csv', data);`),
      path(4),
    ],
    [
      'a handler that is registered in another file',
      {
        'queues.js': `const { Queue } = require('bullmq'); exports.imports = new Queue('imports');`,
        'a.js': `const { imports } = require('./queues');\nexports.upload = async (req, res) => {\n  const file = req.file;\n  await imports.add('csv', { path: file.path });\n  res.json({});\n};`,
        'routes.js': `const router = require('express').Router(); const multer = require('multer'); const controller = require('./a'); router.post('/', multer({ dest: 'uploads/' }).single('file'), controller.upload); module.exports = router;`,
      },
      path(4),
    ],
    [
      'a handler by its annotation, with a request of the project',
      {
        'types.ts': `import type { Request } from 'express'; export interface AuthRequest extends Request { user?: { id: string } }`,
        'queues.ts': `import { Queue } from 'bullmq'; export const imports = new Queue('imports');`,
        'a.ts': `import type { Response } from 'express';\nimport { imports } from './queues';\nimport type { AuthRequest } from './types';\nexport async function upload(req: AuthRequest, res: Response) {\n  if (!req.file) return;\n  await imports.add('csv', { userId: req.user?.id, filePath: req.file.path });\n  const files = req.files as Express.Multer.File[];\n  await imports.addBulk(files.map((file) => ({ name: 'csv', data: { path: file.path } })));\n}`,
      },
      [path(6, undefined, 'a.ts'), path(8, undefined, 'a.ts')],
    ],
    [
      'a Nest controller and the service it hands the file to',
      {
        'imports.controller.ts': `import { Controller, Post, UploadedFile } from '@nestjs/common';\nimport { InjectQueue } from '@nestjs/bullmq';\nimport type { Queue } from 'bullmq';\n@Controller()\nexport class ImportsController {\n  constructor(@InjectQueue('imports') private readonly imports: Queue) {}\n  @Post()\n  async upload(@UploadedFile() file) {\n    await this.imports.add('csv', { path: file.path });\n  }\n}`,
        'a.ts': `import { InjectQueue } from '@nestjs/bullmq';\nimport type { Queue } from 'bullmq';\nexport class ImportsService {\n  constructor(@InjectQueue('imports') private readonly imports: Queue) {}\n  async start(file: Express.Multer.File, userId: string) {\n    await this.imports.add('csv', { userId, path: file.path });\n  }\n}`,
      },
      [path(9, undefined, 'imports.controller.ts'), path(6, undefined, 'a.ts')],
    ],
    [
      'a path below the temp directory',
      code(
        `export async function store(id) {\nconst folder = path.join(os.tmpdir(), 'imports');\nconst file = path.join(folder, \`\${id}.csv\`);\nawait imports.add('csv', { file });\nawait imports.add('csv', { file: \`\${os.tmpdir()}/\${id}.csv\` });\nawait imports.add('csv', { file: os.tmpdir() + '/a.csv' });\nawait imports.add('csv', { file: \`/tmp/\${id}.csv\` });\n}`,
      ),
      [path(5, 'temp directory'), path(6), path(7), path(8)],
    ],
    [
      'a folder by mkdtemp',
      code(
        `const folder = await mkdtemp(path.join(process.env.X, 'a-'));\nawait imports.add('csv', { folder });\nfs.mkdtemp('a', (error, made) => imports.add('csv', { made }));`,
        `import { mkdtemp } from 'node:fs/promises';`,
      ),
      [path(3), path(4)],
    ],
    [
      'the packages tmp, tmp-promise and tempy',
      code(
        `const made = tmp.fileSync();\nawait imports.add('csv', { path: made.name });\nconst { path: other } = await file();\nawait imports.add('csv', { path: other });\nawait imports.add('csv', { path: temporaryFile() });`,
        `import tmp from 'tmp'; import { file } from 'tmp-promise'; import { temporaryFile } from 'tempy';`,
      ),
      [path(3), path(5), path(6)],
    ],
    [
      'a path below the working directory',
      code(
        `export async function store(id) {\nawait imports.add('csv', { path: path.join(process.cwd(), 'uploads', id) });\nawait imports.add('csv', { path: path.resolve('exports', \`\${id}.csv\`) });\n}`,
      ),
      [path(3, 'working directory'), path(4)],
    ],
    [
      'a folder of the configuration with a default in the working directory',
      code(
        `const UPLOADS = process.env.UPLOADS || path.join(process.cwd(), 'uploads');\nexport const store = (id) => imports.add('csv', { path: path.join(UPLOADS, id) });`,
      ),
      path(3),
    ],
    [
      'a helper of another file',
      {
        'paths.js': `import os from 'node:os'; import path from 'node:path'; const ROOT = path.join(os.tmpdir(), 'shop'); export const scratch = (name) => path.join(ROOT, name); export async function download(url) { const target = scratch('a.csv'); return target; }`,
        'a.js': `import { scratch, download } from './paths.js'; ${IMPORTS}\nawait imports.add('csv', { file: scratch('a.csv') });\nconst file = await download('x');\nawait imports.add('csv', { file });`,
      },
      [path(2), path(4)],
    ],
    [
      'what a caller gives to a wrapper: at the caller',
      {
        'queues.js': `import { Queue } from 'bullmq'; const imports = new Queue('imports'); export const addImport = (data) => imports.add('csv', data); export const addPath = (path, userId) => imports.add('csv', { path, userId });`,
        'a.js': `import os from 'node:os'; import { addImport, addPath } from './queues.js';\nawait addImport({ file: os.tmpdir() });\nawait addPath(os.tmpdir() + '/a.csv', 1);`,
      },
      [path(2), path(3)],
    ],
    [
      'a wrapper that takes the path from the file it is given: at the argument',
      {
        'queues.ts': `import { Queue } from 'bullmq'; const imports = new Queue('imports'); export const addImport = (userId, file) => imports.add('csv', { userId, path: file.path });`,
        'a.ts': `import type { Request, Response } from 'express';\nimport { addImport } from './queues';\nexport async function upload(req: Request, res: Response) {\n  await addImport(\n    1,\n    req.file,\n  );\n}`,
      },
      path(6),
    ],
    [
      'a wrapper whose own path it is, and not its callers',
      {
        'a.js': `import os from 'node:os'; import { Queue } from 'bullmq'; const imports = new Queue('imports');\nexport const addImport = (name) =>\n  imports.add('csv', { path: os.tmpdir() + name });`,
        'b.js': `import { addImport } from './a.js'; addImport('b');`,
      },
      path(3),
    ],
    [
      'a file that was just written beside the code or below a relative path',
      code(
        `export async function store(id, text) {\nconst file = path.join(__dirname, '../exports', id);\nfs.writeFileSync(file, text);\nawait imports.add('csv', { file });\nconst other = \`./uploads/\${id}\`;\nawait fs.promises.writeFile(other, text);\nawait imports.add('csv', { other });\n}`,
      ),
      [path(5, 'just written'), path(8)],
    ],
    [
      'an upload by the name it has on the disk',
      route(`await imports.add('csv', { path: path.join(__dirname, 'uploads', req.file.filename) });`),
      path(3),
    ],
    [
      'a whole upload on the disk',
      {
        'upload.js': `import multer from 'multer'; export const upload = multer({ dest: 'uploads/' });`,
        'a.js': route(`await imports.add('csv', { file: req.file });`),
      },
      { line: 3, messageId: 'file' },
    ],
    [
      'an upload by formidable, and by express-fileupload',
      route(
        `const [, files] = await formidable({}).parse(req);\nawait imports.add('csv', { path: files.csv[0].filepath });\nawait imports.add('csv', { path: req.files.csv.tempFilePath });`,
        `import formidable from 'formidable';`,
      ),
      [path(4), path(5)],
    ],
    [
      'jobs of a bulk, a flow and a schedule',
      code(
        `await imports.addBulk([{ name: 'a', data: { path: os.tmpdir() } }]);\nawait flows.add({ name: 'a', queueName: 'a', data: { path: os.tmpdir() }, children: [\n{ name: 'b', queueName: 'b', data: { path: os.tmpdir() } }] });\nawait imports.upsertJobScheduler('a', { every: 1000 }, { name: 'a', data: { path: os.tmpdir() } });`,
        `import { FlowProducer } from 'bullmq'; const flows = new FlowProducer();`,
      ),
      [path(2), path(3), path(4), path(5)],
    ],
    [
      'a processor that hands its scratch file to another queue',
      code(
        `new Worker('a', async (job) => {\nconst input = \`/tmp/\${job.data.id}.mp4\`;\nawait imports.add('b', { localPath: input, key: job.data.key });\n});`,
        `import { Worker } from 'bullmq';`,
      ),
      path(4),
    ],
    [
      'a queue of Bull',
      `const Queue = require('bull'); const os = require('os'); const imports = new Queue('imports');\nimports.add({ path: os.tmpdir() });`,
      path(2),
    ],
  ],
});
