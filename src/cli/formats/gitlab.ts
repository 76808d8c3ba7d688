/**
 * A Code Quality report of GitLab.
 */
import type { Format } from './format.ts';

export const gitlab: Format = ({ findings }) =>
  `${JSON.stringify(
    findings.map(({ path, rule, severity, message, line, endLine, fingerprint }) => ({
      description: message,
      check_name: rule ?? 'parse-error',
      fingerprint,
      severity: severity === 'error' ? 'major' : 'minor',
      location: { path, lines: { begin: line, end: endLine } },
    })),
    null,
    2,
  )}\n`;
