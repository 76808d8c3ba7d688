/**
 * The step for commit hooks: what a project has already is taught to lint staged files, and nothing new is
 * brought in but lint-staged, which husky and simple-git-hooks need for it.
 */
import { isObject, parseObject, setValue } from './json.ts';
import { SCRIPT_GLOB, setUpLintStaged, usesLintStaged } from './lint-staged.ts';
import { LINTS, type Project } from './project.ts';
import { addToYaml, hasYamlKey } from './yaml.ts';

/** @param command what lints the files that are appended to it */
export function setUpHooks(project: Project, command: string): void {
  if (usesLintStaged(project)) setUpLintStaged(project, command);
  setUpHusky(project, command);
  setUpSimpleGitHooks(project, command);
  setUpLefthook(project, command);
  setUpPreCommit(project, command);
}

const LINTS_OR_STAGED = new RegExp(`${LINTS.source}|\\blint-staged\\b`);

function setUpHusky(project: Project, command: string): void {
  const { draft, plan } = project;
  const file = '.husky/pre-commit';
  const range = project.range('husky');
  const line = project.exec('lint-staged');
  if (!draft.hasFolder('.husky')) {
    if (range !== undefined)
      plan.advice.push(
        `husky is installed, but has no hooks. Run \`${project.exec('husky init')}\` and then init again.`,
      );
    return;
  }
  const text = draft.read(file);
  if (text?.split('\n').some((part) => project.mentions(part, LINTS_OR_STAGED))) {
    plan.kept.push(`${file} runs a linter, or lint-staged.`);
  } else if (text === undefined) {
    // Before version 9, a hook was a program that loads husky.
    const isOld = /^[\^~]?[4-8]\b/.test(range ?? '');
    const head = isOld ? '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n' : '';
    draft.write(file, `${head}${line}\n`, { executable: isOld });
  } else if (!isAppendable(text)) {
    plan.advice.push(
      `${file} is not edited, because a line at its end might not be reached. Add to it:\n\n    ${line}`,
    );
  } else draft.write(file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`);
  if (!usesLintStaged(project) && draft.read(file)?.includes('lint-staged'))
    setUpLintStaged(project, command);
}

/** Whether a line at the end of a shell script runs when what stands before it succeeds. */
function isAppendable(script: string): boolean {
  const lines = script.split(/\r?\n/);
  const isShell = !script.startsWith('#!') || /^#!.*\bsh\b/.test(script);
  return (
    isShell &&
    !/<<|(?:\\|&&|\|\|?)\s*$/.test(script) &&
    !lines.some((line) => /^(?:exit|exec|return)\b/.test(line))
  );
}

function setUpSimpleGitHooks(project: Project, command: string): void {
  const { draft, manifest, plan } = project;
  const file = draft.first(['.simple-git-hooks.json', 'simple-git-hooks.json']);
  const inManifest = manifest['simple-git-hooks'];
  const script = draft.first([
    '.simple-git-hooks.js',
    '.simple-git-hooks.cjs',
    'simple-git-hooks.js',
    'simple-git-hooks.cjs',
  ]);
  const line = project.exec('lint-staged');
  const place = file ?? 'package.json';
  const config = file === undefined ? inManifest : parseObject(file, draft.read(file) ?? '');
  if (config === undefined) {
    if (script !== undefined && !project.mentions(draft.read(script) ?? '', LINTS_OR_STAGED))
      plan.advice.push(`${script} is not edited. Let its \`pre-commit\` run:\n\n    ${line}`);
    return;
  }
  const present = isObject(config) ? config['pre-commit'] : config;
  if (typeof present === 'string' && project.mentions(present, LINTS_OR_STAGED)) {
    plan.kept.push(`simple-git-hooks runs a linter, or lint-staged (${place}).`);
    return;
  }
  if (!isObject(config) || (present !== undefined && typeof present !== 'string')) {
    plan.advice.push(`simple-git-hooks is not edited (${place}). Let its \`pre-commit\` run:\n\n    ${line}`);
    return;
  }
  const keys = file === undefined ? ['simple-git-hooks', 'pre-commit'] : ['pre-commit'];
  const value = present === undefined || present.trim() === '' ? line : `${present} && ${line}`;
  draft.write(place, setValue(draft.read(place) ?? '', keys, value));
  plan.advice.push(
    `Run \`${project.exec('simple-git-hooks')}\` once, which writes the changed hook to .git/hooks.`,
  );
  if (!usesLintStaged(project)) setUpLintStaged(project, command);
}

const LEFTHOOK_FILES = ['', '.', '.config/'].flatMap((prefix) =>
  ['yml', 'yaml'].map((extension) => `${prefix}lefthook.${extension}`),
);
const OTHER_LEFTHOOK_FILES = ['', '.', '.config/'].flatMap((prefix) =>
  ['toml', 'json', 'jsonc'].map((extension) => `${prefix}lefthook.${extension}`),
);

function setUpLefthook(project: Project, command: string): void {
  const { draft, plan } = project;
  const file = draft.first([...LEFTHOOK_FILES, ...OTHER_LEFTHOOK_FILES]);
  if (file === undefined) return;
  const text = draft.read(file) ?? '';
  if (text.split('\n').some((line) => !/^\s*#/.test(line) && project.mentions(line, LINTS_OR_STAGED))) {
    plan.kept.push(`${file} lints.`);
    return;
  }
  const body = [`glob: '${SCRIPT_GLOB}'`, `run: ${project.exec(command)} {staged_files}`];
  const asJob = hasYamlKey(text, ['pre-commit', 'jobs']);
  const item = asJob
    ? ['- name: eslint', ...body.map((line) => `  ${line}`)]
    : ['eslint:', ...body.map((line) => `  ${line}`)];
  const edited = LEFTHOOK_FILES.includes(file)
    ? addToYaml(text, ['pre-commit', asJob ? 'jobs' : 'commands'], item)
    : undefined;
  if (edited === undefined)
    plan.advice.push(
      `${file} is not edited. Add a command to its \`pre-commit\`:\n\n    ${body.join('\n    ')}`,
    );
  else draft.write(file, edited);
}

function setUpPreCommit(project: Project, command: string): void {
  const { draft, plan } = project;
  const file = draft.first(['.pre-commit-config.yaml', '.pre-commit-config.yml']);
  if (file === undefined) return;
  const text = draft.read(file) ?? '';
  if (text.split('\n').some((line) => !/^\s*#/.test(line) && project.mentions(line, LINTS))) {
    plan.kept.push(`${file} lints.`);
    return;
  }
  const item = [
    '- repo: local',
    '  hooks:',
    '    - id: eslint',
    '      name: eslint',
    `      entry: ${project.exec(command)}`,
    '      language: system',
    String.raw`      files: \.[cm]?[jt]sx?$`,
    // One process, so that what is known of the project is found once.
    '      require_serial: true',
  ];
  const edited = addToYaml(text, ['repos'], item);
  if (edited === undefined)
    plan.advice.push(`${file} is not edited. Add to its \`repos\`:\n\n    ${item.join('\n    ')}`);
  else draft.write(file, edited);
}
