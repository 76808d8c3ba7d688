/**
 * What the rules find in the files of a map, as marks on its nodes.
 */
import { ESLint } from 'eslint';
import type { Preset } from '../../plugin/create-rule.ts';
import type { Project } from '../../analysis/project/project.ts';
import { groupsOf, type ProjectConfig } from '../check/project-config.ts';
import { optionsOf } from '../check/run.ts';
import type { Finding, JobMap } from './model.ts';
import { comparePlaces, compareTexts } from './places.ts';
import type { Holder, ReadMap } from './read.ts';

interface Options {
  preset: Preset;
  /** Whose settings count. */
  config: ProjectConfig;
  includeTests: boolean;
}

/** Runs the rules of a preset over the files of a map, and returns the map with what they find. */
export async function withFindings(project: Project, read: ReadMap, options: Options): Promise<JobMap> {
  const { map, files } = read;
  const findings = files.length > 0 ? await findingsIn(project, files, options) : [];
  for (const [index, finding] of findings.entries())
    for (const node of nodesWith(read.holders, finding))
      if (!node.findings.includes(index)) node.findings.push(index);
  return { ...map, preset: options.preset, findings };
}

async function findingsIn(
  project: Project,
  files: string[],
  { preset, config, includeTests }: Options,
): Promise<Finding[]> {
  const groups = groupsOf(files, project.root, config, preset).map((group) =>
    includeTests ? { ...group, settings: { ...(group.settings ?? {}), includeTests } } : group,
  );
  const eslint = new ESLint({
    ...optionsOf({ cwd: project.root, groups, fix: false, concurrency: 'off' }),
    // What the project ignores is no part of the map either; files are given by name.
    ignore: false,
  });
  // A path of a file that exists is not read as a pattern, whatever its folders are called.
  const results = await eslint.lintFiles(files);
  return results
    .flatMap(({ filePath, messages }) =>
      messages.flatMap(({ ruleId, line, message }): Finding[] =>
        ruleId?.startsWith('async-tasks/')
          ? [{ file: project.pathOf(filePath), line, rule: ruleId.slice('async-tasks/'.length), message }]
          : [],
      ),
    )
    .sort(
      (a, b) => comparePlaces(a, b) || compareTexts(a.rule, b.rule) || compareTexts(a.message, b.message),
    );
}

/** The nodes whose lines a finding is in: the innermost ones, so that an enqueue is marked and not its function too. */
function nodesWith(holders: readonly Holder[], { file, line }: Finding): Holder['node'][] {
  let smallest = Infinity;
  let nodes: Holder['node'][] = [];
  for (const { node, extents } of holders)
    for (const extent of extents) {
      if (extent.file !== file || line < extent.from || line > extent.to) continue;
      const size = extent.to - extent.from;
      if (size < smallest) {
        smallest = size;
        nodes = [];
      }
      if (size === smallest) nodes.push(node);
    }
  return nodes;
}
