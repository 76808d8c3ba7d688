/**
 * SARIF 2.1.0, which GitHub's code scanning and others read.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };
import type { WayStep } from '../../plugin/reports.ts';
import type { Finding, Format, Report } from './format.ts';
import { ruleText } from './rules.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const PARSE_ERROR = 'parse-error';

export const sarif: Format = (report) => {
  const ids = [...new Set(report.findings.map(idOf))].sort();
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: manifest.name,
            semanticVersion: report.version,
            informationUri: 'https://www.npmjs.com/package/eslint-plugin-async-tasks',
            rules: ids.map(describe),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { ROOT: { uri: pathToFileURL(`${report.root}${path.sep}`).href } },
        results: report.findings.map((finding) => resultOf(finding, report, ids.indexOf(idOf(finding)))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

function idOf({ rule }: Finding): string {
  return rule ?? PARSE_ERROR;
}

function describe(id: string): object {
  const rule = ruleText(id);
  if (!rule) return { id, shortDescription: { text: 'The file cannot be parsed.' } };
  return {
    id,
    name: id.replace(/^async-tasks\//, ''),
    shortDescription: { text: rule.description },
    help: { text: rule.page, markdown: rule.page },
    helpUri: rule.url,
    properties: { tags: ['background-jobs', 'reliability'] },
  };
}

function resultOf(finding: Finding, report: Report, ruleIndex: number): object {
  const { severity, message, line, column, endLine, endColumn, way, fingerprint } = finding;
  return {
    ruleId: idOf(finding),
    ruleIndex,
    level: severity,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(finding.file, report),
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    partialFingerprints: { 'asyncTasks/v1': fingerprint },
    // One step is no way: it is the place itself.
    ...(way.length > 1
      ? {
          relatedLocations: way.map((step, index) => ({ id: index + 1, ...locationOf(step, report) })),
          codeFlows: [
            {
              message: { text: way.map(({ label }) => label).join(' -> ') },
              threadFlows: [{ locations: way.map((step) => ({ location: locationOf(step, report) })) }],
            },
          ],
        }
      : {}),
  };
}

function locationOf({ file, line, label }: WayStep, report: Report): object {
  return {
    physicalLocation: { artifactLocation: artifact(file, report), region: { startLine: line } },
    message: { text: label },
  };
}

/** Relative to the root, as URIs are written. */
function artifact(file: string, { root }: Report): object {
  const relative = path.relative(root, file).split(path.sep).map(encodeURIComponent).join('/');
  return { uri: relative, uriBaseId: 'ROOT' };
}
