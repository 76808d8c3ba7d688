/**
 * Tables that are kept for the record, by their names or columns: nobody's work goes wrong where a row of them is missing
 * or there twice.
 */

/** Words of a name, by its capitals and underscores: a blog is no log, and who logs in leaves none. */
const RECORD =
  /^(?:(?:\w+(?<!\b(?:b|v|cata|dia|back|epi|ana)))?logs?|logging|audits?|audittrails?|trails?|histor(?:y|ies)|snapshots?|metrics?|analytics?|activit(?:y|ies)|traces?|statistics?|attempts?)$/;
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

/** Where a file is, what it is called, what kind it is of, how much it is. */
const OF_FILES = [
  /(?:^|_)(?:url|uri|path|key|link|bucket)$|(?:Url|Uri|Path|Key|Link|Bucket|publicId)$/i,
  /(?:file|original|storage)_?name$/i,
  /mime|content_?type|extension$/i,
  /(?:^|_)(?:size|bytes)$|(?:Size|Bytes)$/,
];

/** Whether a row tells of a file, by its columns: `{ storageKey, originalName, contentType, size }`. */
export function tellsOfFile(columns: readonly string[]): boolean {
  return OF_FILES.filter((part) => columns.some((column) => part.test(column))).length > 2;
}

/** Counts of how often something was tried or seen: a repeat counts, too. */
const COUNTER = /attempt|retr(?:y|ies)|view|usage|hits|error|fail|(?<!dis|ac)count/i;
const EVENTS = /^(?:total|successful|failed|num(?:ber_?of)?)_?[a-z]\w*s$/i;
const LAST_OR_MEAN = /^last_?\w*(?:at|time|date)$|^updated_?at$|^(?:avg|average|mean)_?\w+$/i;
const WORTH = /amount|balance|price|paid|pay|earn|spent|cost|revenue|credit|charge|point|stock|quantit|seat/i;

/** Whether a column counts how often something was tried or seen. */
export function isCounter(column: string): boolean {
  return COUNTER.test(column);
}

/**
 * Whether a write keeps statistics only: `{ total_deliveries, failure_count, last_success_at }`. One count alone may be that
 * of the rows which another write adds.
 */
export function keepsStatistics(columns: readonly string[]): boolean {
  const counts = columns.filter(
    (column) => (isCounter(column) || EVENTS.test(column)) && !WORTH.test(column),
  );
  return (
    counts.length > 0 &&
    columns.length > 1 &&
    columns.every((column) => counts.includes(column) || LAST_OR_MEAN.test(column))
  );
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
}
