import { execFile } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blocksOf } from '../docs/pages.ts';
import { TestProject } from '../support/project.ts';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

interface Step {
  id?: string;
  shell: string;
  run: string;
  env: Record<string, string>;
  'working-directory': string;
}

interface Action {
  name: string;
  description: string;
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as Action;
const [step] = action.runs.steps;

describe('the action', () => {
  it('is a composite one, whose inputs are described and used', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.runs.steps).toHaveLength(1);
    const used = [...Object.values(step?.env ?? {}), step?.['working-directory']].map((value) =>
      /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(value ?? ''),
    );
    expect(used.map((match) => match?.[1]).sort()).toEqual(Object.keys(action.inputs).sort());
    for (const { description } of Object.values(action.inputs)) expect(description).not.toBe('');
    expect(action.outputs['sarif-file']?.value).toBe(`\${{ steps.${step?.id ?? ''}.outputs.sarif-file }}`);
  });

  it('puts nothing into its script', () => {
    expect(step?.run).not.toContain('${{');
    expect(step?.shell).toBe('bash');
  });

  it('hands its inputs to the command as they are', async () => {
    const { calls, output } = await runStep({
      INPUT_PATHS: 'src\n\nlib with space; touch forged\n-x\n',
      INPUT_PRESET: '$(touch forged)',
      INPUT_VERSION: '1.2.3',
    });
    expect(calls).toEqual([
      '--yes',
      'eslint-plugin-async-tasks@1.2.3',
      'check',
      '--format=github',
      '--report=sarif=TEMP/async-tasks.sarif',
      '--report=markdown=TEMP/summary.md',
      '--preset=$(touch forged)',
      '--',
      'src',
      'lib with space; touch forged',
      '-x',
    ]);
    expect(output).toBe('sarif-file=TEMP/async-tasks.sarif\n');
  });

  it('leaves out what is not given, and fetches a revision that is not there', async () => {
    const { calls, git } = await runStep({ INPUT_PATHS: '.', INPUT_CHANGED_SINCE: 'abc123' });
    expect(calls.slice(-3)).toEqual(['--changed-since=abc123', '--', '.']);
    expect(calls[1]).toBe('eslint-plugin-async-tasks');
    expect(git).toEqual([
      'rev-parse --verify --quiet --end-of-options abc123^{commit}',
      'fetch --quiet --no-tags --depth=1 -- origin abc123',
    ]);
  });

  it('fails as the command does', async () => {
    await expect(runStep({ INPUT_PATHS: '.', EXIT: '1' })).rejects.toMatchObject({ code: 1 });
  });
});

/** Runs the script of the step with the variables that GitHub sets, and with stand-ins for npx and git. */
async function runStep(
  env: Record<string, string>,
): Promise<{ calls: string[]; git: string[]; output: string }> {
  const project = new TestProject({
    'bin/npx': '#!/bin/sh\nprintf "%s\\n" "$@" > "$RUNNER_TEMP/calls"\nexit "${EXIT:-0}"\n',
    'bin/git': '#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/git"\nexit 1\n',
    'temp/git': '',
  });
  for (const name of ['npx', 'git']) chmodSync(project.path(`bin/${name}`), 0o755);
  const temp = project.path('temp');
  await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    cwd: project.root,
    env: {
      PATH: `${project.path('bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      RUNNER_TEMP: temp,
      GITHUB_OUTPUT: path.join(temp, 'output'),
      GITHUB_STEP_SUMMARY: path.join(temp, 'summary.md'),
      INPUT_PATHS: '',
      INPUT_PRESET: '',
      INPUT_CHANGED_SINCE: '',
      INPUT_VERSION: '',
      ...env,
    },
  });
  const read = (file: string): string => readFileSync(path.join(temp, file), 'utf8').replaceAll(temp, 'TEMP');
  return {
    calls: read('calls').trimEnd().split('\n'),
    git: read('git').trimEnd().split('\n'),
    output: read('output'),
  };
}

describe('the page about CI', () => {
  const page = readFileSync(path.join(root, 'docs/ci.md'), 'utf8');

  it('describes the inputs of the action', () => {
    const described = [...page.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(described).toEqual(Object.keys(action.inputs));
  });

  it('has examples that are YAML, with inputs and outputs that exist', () => {
    const blocks = blocksOf(page).filter(({ language }) => language === 'yaml');
    expect(blocks).toHaveLength(3);
    for (const { text } of blocks) expect(parse(text)).toBeTypeOf('object');
    for (const [, name = ''] of page.matchAll(/steps\.jobs\.outputs\.([\w-]+)/g))
      expect(action.outputs).toHaveProperty(name);
  });
});
