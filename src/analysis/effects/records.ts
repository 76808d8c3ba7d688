/**
 * Tables that are kept for the record, by their names or columns: nobody's work goes wrong where a row of them is missing
 * or there twice.
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

/** What a call has used up, and what it was charged: `inputTokens`, `total_cost`, `durationMs`. */
const MEASURES = [
  /^(?:\w+_)?(?:input|output|prompt|completion|total|cached)?_?tokens?(?:_?(?:in|out|used|count))?$/i,
  /^(?:\w+_)?\w*costs?(?:_?(?:usd|cents))?$/i,
  /^(?:\w+_)?(?:duration|latency|elapsed|response_?time)(?:_?(?:in)?_?(?:ms|millis|seconds))?$/i,
];
/** What the caller pays for it is no mere measure. */
const CHARGE = /credit|charge|bill|price|invoice|balance|amount/i;
const OUTCOME =
  /^(?:\w+_)?(?:error(?:_?(?:message|code|text))?|is_?success(?:ful)?|success|succeeded|failed)$/i;

/** Whether a row tells of one call of a service, by its columns: what it used, how long it took, how it went. */
export function tellsOfCall(columns: readonly string[]): boolean {
  if (columns.some((column) => CHARGE.test(column))) return false;
  const measures = MEASURES.filter((measure) => columns.some((column) => measure.test(column)));
  return measures.length > 1 && columns.some((column) => OUTCOME.test(column));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
}
