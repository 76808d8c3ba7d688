/**
 * The step for CI: a job that lints the whole project, where none does.
 */
import type { Project } from './project.ts';
import { LINTS } from './project.ts';
import { addToYaml, hasYamlKey } from './yaml.ts';

export function setUpCi(project: Project): void {
  if (project.draft.hasFolder('.github')) setUpGithub(project);
  if (project.draft.has('.gitlab-ci.yml')) setUpGitlab(project);
}

const WORKFLOWS = '.github/workflows';

function setUpGithub(project: Project): void {
  const { draft, plan } = project;
  const linting = draft
    .list(WORKFLOWS)
    .filter((name) => /\.ya?ml$/.test(name))
    .find((name) => lintsIn(project, draft.read(`${WORKFLOWS}/${name}`) ?? ''));
  if (linting !== undefined) plan.kept.push(`${WORKFLOWS}/${linting} lints.`);
  else draft.write(`${WORKFLOWS}/async-tasks.yml`, workflow(project));
}

function setUpGitlab(project: Project): void {
  const { draft, plan } = project;
  const file = '.gitlab-ci.yml';
  const text = draft.read(file) ?? '';
  if (lintsIn(project, text)) {
    plan.kept.push(`${file} lints.`);
    return;
  }
  const item = gitlabJob(project);
  // A job is of the stage `test` where it names none, and an unknown stage breaks the pipeline.
  const hasStage = !hasYamlKey(text, ['stages']) || /^ *- *['"]?test['"]? *$/m.test(text);
  const edited = hasStage ? addToYaml(text, [], item) : undefined;
  if (edited === undefined)
    plan.advice.push(`${file} is not edited. Add a job to it:\n\n    ${item.join('\n    ')}`);
  else draft.write(file, edited);
}

function lintsIn(project: Project, text: string): boolean {
  return text.split('\n').some((line) => !/^\s*#/.test(line) && project.mentions(line, LINTS));
}

/** Steps that install package managers which runners do not have. */
function setUpSteps({ packageManager: { name, hasLock } }: Project): string[] {
  const node = (cache: string) => [
    '- uses: actions/setup-node@v4',
    '  with:',
    '    node-version: 22',
    ...(cache === '' ? [] : [`    cache: ${cache}`]),
  ];
  if (name === 'bun') return ['- uses: oven-sh/setup-bun@v2', ...node('')];
  if (name === 'pnpm') return ['- run: corepack enable', ...node('pnpm')];
  if (name === 'yarn') return ['- run: corepack enable', ...node('yarn')];
  // Without a lock file there is nothing that the action could name a cache by.
  return node(hasLock ? 'npm' : '');
}

function workflow(project: Project): string {
  const steps = [
    '- uses: actions/checkout@v4',
    ...setUpSteps(project),
    `- run: ${project.packageManager.ci}`,
    `- run: ${project.exec('async-tasks check --format github')}`,
  ];
  return [
    'name: async-tasks',
    '',
    'on:',
    '  pull_request:',
    '  push:',
    '    branches: [main, master]',
    '',
    'permissions:',
    '  contents: read',
    '',
    'jobs:',
    '  check:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    ...steps.map((line) => `      ${line}`),
    '',
  ].join('\n');
}

function gitlabJob(project: Project): string[] {
  const { name, ci } = project.packageManager;
  const image = name === 'bun' ? 'oven/bun:1' : 'node:22';
  const before = name === 'pnpm' || name === 'yarn' ? ['    - corepack enable'] : [];
  return [
    'async-tasks:',
    `  image: ${image}`,
    '  script:',
    ...before,
    `    - ${ci}`,
    `    - ${project.exec('async-tasks check --format gitlab')} > gl-code-quality-report.json`,
    '  artifacts:',
    '    when: always',
    '    reports:',
    '      codequality: gl-code-quality-report.json',
  ];
}
