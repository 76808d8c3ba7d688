/**
 * Annotations on the changed lines of a pull request, as workflow commands of GitHub Actions.
 */
import type { Format } from './format.ts';

export const github: Format = ({ findings }) =>
  findings
    .map(({ path, rule, severity, message, line, column, endLine, endColumn }) => {
      const properties = {
        file: path,
        line,
        endLine,
        // GitHub takes columns only within one line.
        ...(endLine === line ? { col: column, endColumn } : {}),
        title: rule ?? 'The file cannot be parsed',
      };
      const written = Object.entries(properties).map(
        ([key, value]) => `${key}=${escapeProperty(String(value))}`,
      );
      return `::${severity} ${written.join(',')}::${escapeData(message)}\n`;
    })
    .join('');

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
