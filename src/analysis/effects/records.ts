/**
 * Tables that are kept for the record, by their names: nobody's work goes wrong where a row of them is missing or there
 * twice.
 */

/** Words of a name, by its capitals and underscores: a blog is no log, and who logs in leaves none. */
const RECORD =
  /^(?:(?:\w+(?<!\b(?:b|v|cata|dia|back|epi|ana)))?logs?|logging|audits?|audittrails?|trails?|histor(?:y|ies)|metrics?|analytics?|activit(?:y|ies)|traces?|statistics?|attempts?)$/;
const RUN = /^(?:runs?|executions?|errors?|failures?)$/;
/** What happened: `jobEvents`; an event alone may be one that people go to. */
const EVENT = /(?:[a-z\d]Events?|_events?)(?![a-z])/;
const USAGE = /^usages?$/;

/** Whether a table is a log: whatever is written there tells of the work. */
export function isLog(table: string): boolean {
  return wordsOf(table).some((word) => RECORD.test(word));
}

/** Whether a row that is added to a table notes what happened. */
export function notesEvent(table: string): boolean {
  return EVENT.test(table);
}

/** Whether a row that is added to a table notes what was used, whatever became of it; it may be charged. */
export function notesUsage(table: string): boolean {
  return wordsOf(table).some((word) => USAGE.test(word));
}

/** Whether each run rightly adds a row of its own: `syncRun`, `execution`. */
export function tellsOfRun(table: string): boolean {
  return wordsOf(table).some((word) => RUN.test(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
}
