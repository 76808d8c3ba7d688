import { describe, expect, it } from 'vitest';
import { deafBootstraps } from '../../src/analysis/project/nest-bootstrap.ts';
import { factsOf } from '../support/facts.ts';
import type { Files } from '../support/project.ts';

const MAIN = 'main.ts';

/** The calls of `main.ts` that make an application which hears of no signal, as `create(AppModule)`. */
function deaf(files: Files): string[] {
  const { project, module } = factsOf(files, MAIN);
  return deafBootstraps(project, module).map((call) => module.textOf(call).replace(/^.*?(?=create)/, ''));
}

const IMPORT = `import { NestFactory } from '@nestjs/core'; import { AppModule } from './app.module';`;
const start = (body: string): string => `${IMPORT} async function start() { ${body} } void start();`;
const CREATE = 'const app = await NestFactory.create(AppModule);';
const APP = {
  'app.module.ts': `import { Module } from '@nestjs/common'; import { Mail } from './mail'; @Module({ providers: [Mail] }) export class AppModule {}`,
  'mail.ts': `import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail') export class Mail extends WorkerHost { async process() {} }`,
};

describe('an application of Nest hears of no signal', () => {
  it.each<[string, string, string[]]>([
    ['that listens to requests', start(`${CREATE} await app.listen(3000);`), ['create(AppModule)']],
    ['that nobody waits for', start('void NestFactory.create(AppModule);'), ['create(AppModule)']],
    ['at the level of the module', `${IMPORT} ${CREATE} await app.listen(3000);`, ['create(AppModule)']],
    [
      'with options',
      start(
        'const app = await NestFactory.create<App>(AppModule, { bufferLogs: true }); app.useLogger(log);',
      ),
      ['create<App>(AppModule, { bufferLogs: true })'],
    ],
    [
      'without requests',
      start('await NestFactory.createApplicationContext(AppModule);'),
      ['createApplicationContext(AppModule)'],
    ],
    [
      'as a microservice',
      start('const app = await NestFactory.createMicroservice(AppModule, {}); await app.listen();'),
      ['createMicroservice(AppModule, {})'],
    ],
    [
      'of a factory by another name',
      `import { NestFactory as Factory } from '@nestjs/core'; import { AppModule } from './app.module'; await Factory.create(AppModule);`,
      ['create(AppModule)'],
    ],
    [
      'of the whole package',
      `import * as nest from '@nestjs/core'; import { AppModule } from './app.module'; await nest.NestFactory.create(AppModule);`,
      ['create(AppModule)'],
    ],
    [
      'in CommonJS',
      `const { NestFactory } = require('@nestjs/core'); const { AppModule } = require('./app.module'); NestFactory.create(AppModule).then((app) => app.listen(3000));`,
      ['create(AppModule)'],
    ],
    [
      'whose module is loaded late',
      `import { NestFactory } from '@nestjs/core'; const { AppModule } = await import('./app.module'); await NestFactory.create(AppModule);`,
      ['create(AppModule)'],
    ],
    [
      'that is kept in a field',
      `${IMPORT} class Server { async start() { this.app = await NestFactory.create(AppModule); } }`,
      ['create(AppModule)'],
    ],
    [
      'each of two',
      start(`${CREATE} await NestFactory.createMicroservice(AppModule); await app.listen(3000);`),
      ['create(AppModule)', 'createMicroservice(AppModule)'],
    ],
    [
      'that exits on a signal',
      start(`${CREATE} process.on('SIGTERM', () => process.exit(0)); await app.listen(3000);`),
      ['create(AppModule)'],
    ],
    [
      'that is asked whether it closes',
      start(`${CREATE} log(closed(app)); await app.listen(3000);`),
      ['create(AppModule)'],
    ],
    [
      'beside something else that closes',
      start(`${CREATE} const cache = await connect(); await cache.close(); await app.listen(3000);`),
      ['create(AppModule)'],
    ],
    [
      'beside one that is closed',
      start(
        `const first = await NestFactory.createApplicationContext(AppModule); await first.close(); ${CREATE} await app.listen(3000);`,
      ),
      ['create(AppModule)'],
    ],
    [
      'beside one of the same name that is closed',
      start(
        `{ const app = await NestFactory.createApplicationContext(AppModule); await app.close(); } ${CREATE} await app.listen(3000);`,
      ),
      ['create(AppModule)'],
    ],
  ])('%s', (_, main, expected) => {
    expect(deaf({ [MAIN]: main, ...APP })).toEqual(expected);
  });

  it.each<[string, Files]>([
    [
      'with processors of Bull',
      {
        [MAIN]: start(CREATE),
        'app.module.ts': `import { Mail } from './mail'; export class AppModule {}`,
        'mail.ts': `import { Processor, Process } from '@nestjs/bull'; @Processor('mail') export class Mail { @Process() run() {} }`,
      },
    ],
    [
      'with processors in its own file',
      {
        [MAIN]: `import { NestFactory } from '@nestjs/core'; import { Processor, WorkerHost } from '@nestjs/bullmq'; @Processor('mail') class Mail extends WorkerHost { async process() {} } @Module({ providers: [Mail] }) class AppModule {} await NestFactory.create(AppModule);`,
      },
    ],
    [
      'with processors many modules away',
      {
        [MAIN]: start(CREATE),
        'app.module.ts': `import { JobsModule } from './jobs'; @Module({ imports: [JobsModule] }) export class AppModule {}`,
        'jobs/index.ts': `export * from './jobs.module';`,
        'jobs/jobs.module.ts': `import { Mail } from '../mail'; @Module({ providers: [Mail] }) export class JobsModule {}`,
        'mail.ts': APP['mail.ts'],
      },
    ],
    [
      'with modules that import each other',
      {
        [MAIN]: start(CREATE),
        'app.module.ts': `import { JobsModule } from './jobs.module'; export const NAME = 'app'; @Module({ imports: [JobsModule] }) export class AppModule {}`,
        'jobs.module.ts': `import { NAME } from './app.module'; import { Mail } from './mail'; @Module({ providers: [Mail] }) export class JobsModule { name = NAME; }`,
        'mail.ts': APP['mail.ts'],
      },
    ],
    [
      'where another application enables the hooks',
      {
        [MAIN]: start(CREATE),
        'other.ts': start(`${CREATE} app.enableShutdownHooks();`),
        ...APP,
      },
    ],
    [
      'where another program closes on a signal',
      {
        [MAIN]: start(CREATE),
        'script.ts': `process.on('SIGTERM', () => server.close());`,
        ...APP,
      },
    ],
    [
      'where a file that it imports does not parse',
      { [MAIN]: `import './broken'; ${start(CREATE)}`, 'broken.ts': 'export const = ;', ...APP },
    ],
  ])('%s', (_, files) => {
    expect(deaf(files)).toEqual(['create(AppModule)']);
  });
});

describe('an application of Nest hears of a signal', () => {
  it.each<[string, Files]>([
    [
      'by shutdown hooks',
      { [MAIN]: start(`${CREATE} app.enableShutdownHooks(); await app.listen(3000);`), ...APP },
    ],
    [
      'by shutdown hooks for some signals',
      { [MAIN]: start(`${CREATE} app.enableShutdownHooks(['SIGTERM']); await app.listen(3000);`), ...APP },
    ],
    [
      'by shutdown hooks in a helper',
      {
        [MAIN]: `import { setUp } from './set-up'; ${start('setUp(await NestFactory.create(AppModule));')}`,
        'set-up.ts': `export function setUp(app) { app.enableShutdownHooks(); }`,
        ...APP,
      },
    ],
    [
      'by shutdown hooks in a helper of a helper',
      {
        [MAIN]: `import { setUp } from './lib'; ${start('setUp(await NestFactory.create(AppModule));')}`,
        'lib/index.ts': `export { setUp } from './set-up';`,
        'lib/set-up.ts': `import { hook } from './hook'; export function setUp(app) { hook(app); }`,
        'lib/hook.ts': `export const hook = (app) => app.enableShutdownHooks();`,
        ...APP,
      },
    ],
    [
      'by a handler of its own',
      {
        [MAIN]: start(`${CREATE} process.on('SIGTERM', () => void app.close()); await app.listen(3000);`),
        ...APP,
      },
    ],
    [
      'by a handler in a helper',
      {
        [MAIN]: `import { closeOnExit } from './exit'; ${start(`${CREATE} closeOnExit(app);`)}`,
        'exit.ts': `export const closeOnExit = (app) => { for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close()); };`,
        ...APP,
      },
    ],
  ])('%s', (_, files) => {
    expect(deaf(files)).toEqual([]);
  });
});

describe('an application of Nest is closed by its script', () => {
  it.each<[string, string]>([
    [
      'when it is done',
      start(
        'const app = await NestFactory.createApplicationContext(AppModule); await app.get(Seed).run(); await app.close();',
      ),
    ],
    ['in a `finally`', start(`${CREATE} try { await app.get(Seed).run(); } finally { await app.close(); }`)],
    [
      'that made it as another type',
      start('const app = (await NestFactory.create(AppModule)) as App; await app.close();'),
    ],
    [
      'that declared it before',
      `${IMPORT} let app; beforeAll(async () => { app = await NestFactory.create(AppModule); }); afterAll(() => app.close());`,
    ],
    ['that hands its end over', start(`${CREATE} done(app.close.bind(app));`)],
    [
      'in another function',
      `${IMPORT} let app; async function start() { app = await NestFactory.create(AppModule); } async function stop() { await app.close(); }`,
    ],
  ])('%s', (_, main) => {
    expect(deaf({ [MAIN]: main, ...APP })).toEqual([]);
  });
});

describe('no application of Nest with processors', () => {
  it.each<[string, Files]>([
    [
      'is one without processors',
      {
        [MAIN]: start(CREATE),
        'app.module.ts': `import { BullModule } from '@nestjs/bullmq'; export class AppModule {}`,
      },
    ],
    [
      'is one whose processors another program runs',
      { [MAIN]: start(CREATE), 'app.module.ts': 'export class AppModule {}', 'worker.ts': APP['mail.ts'] },
    ],
    [
      'is one whose modules a package has',
      {
        [MAIN]: `import { NestFactory } from '@nestjs/core'; import { AppModule } from 'shop-app'; await NestFactory.create(AppModule);`,
        'mail.ts': APP['mail.ts'],
      },
    ],
    [
      'is made by a factory of another package',
      {
        [MAIN]: `import { NestFactory } from 'shop-core'; import { AppModule } from './app.module'; await NestFactory.create(AppModule);`,
        ...APP,
      },
    ],
    [
      'is made by a factory of the project',
      {
        [MAIN]: `import { AppModule } from './app.module'; const NestFactory = { create: (module) => module }; NestFactory.create(AppModule);`,
        ...APP,
      },
    ],
    ['is made by another call of the factory', { [MAIN]: start('NestFactory.register(AppModule);'), ...APP }],
    [
      'is made by `create` of something else',
      { [MAIN]: start('await users.create(AppModule); use(NestFactory);'), ...APP },
    ],
    [
      'is made where the factory is only named',
      { [MAIN]: `${IMPORT} // NestFactory.create(AppModule)\nuse(AppModule, 'NestFactory.create');`, ...APP },
    ],
    [
      'is made in a test module',
      {
        [MAIN]: `import { Test } from '@nestjs/testing'; import { AppModule } from './app.module'; await Test.createTestingModule({ imports: [AppModule] }).compile();`,
        ...APP,
      },
    ],
    ['is made in an empty file', { [MAIN]: '', ...APP }],
  ])('%s', (_, files) => {
    expect(deaf(files)).toEqual([]);
  });
});
