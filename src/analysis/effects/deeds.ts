/**
 * What a call is for, as its name tells: whether it does the work, or only tells, reads, tidies up or marks it.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import type { SourceModule } from '../source/module.ts';
import { calleeName, keyName, unwrap, type Node } from '../source/nodes.ts';

export type Deed =
  /** Logs, metrics, traces, progress, sockets. */
  | 'tells'
  /** Asks or prepares: a lookup, a connection, a wait. */
  | 'reads'
  /** Leaves nothing behind: closes, removes scratch. */
  | 'tidies'
  /** Notes that the work begins or is done. */
  | 'marks'
  | 'works';

const TELLING_OWNER =
  /^(?:console|\w*log(?:ger|s)?|winston|pino|sentry|bugsnag|rollbar|newrelic|datadog|dd|metrics?|\w*metrics|stats|statsd|telemetry|tracer|tracing|\w*span|histogram|counter|gauge|analytics|posthog|mixpanel|io|socket|sockets|ws|wss|ora|spinner|monitoring|performance|sse)$/i;
const TELLING_NAME =
  /^(?:log|info|warn|warning|error|debug|trace|verbose|fatal|success|print|captureException|captureMessage|captureError|updateProgress|progress|setProgress|reportProgress|emit|emitAsync|inc|observe|timing|gauge|recordException|setStatus|setAttributes?|addEvent|breadcrumb|addBreadcrumb|(?:log|report|track|trace|capture|alert|record|broadcast)[A-Z]\w*|(?:log|print|debug|warn)_\w+)$/;
const READING_NAME =
  /^(?:\$?(?:get|find|fetch|load|read|is|has|check|can|should|list|count|lookup|exists?|query|select|search|resolve|validate|verify|ensure|assert|connect|init|initialize|initialise|open|acquire|lock|wait|sleep|delay|timeout|parse|safeParse|decode|ping|authenticate|authorize|login|hydrate|populate|setup|configure|import|require|retrieve|peek|scan|head|describe|from|where|first|all|allSettled|race|any|text|json|blob|arrayBuffer|buffer|exec|lean|toArray|mget|hget|hgetall|smembers|ttl|throttle|rateLimit|toPromise|next|then|catch|finally|countDocuments|aggregate|groupBy|stat|access|readdir|extract|compute|calculate|detect|determine|filter|map|sort|pick|format|normalize|normalise|hash|setTimeout|tick|createConnection|createClient)(?![a-z])\w*)$/;
const TIDYING_NAME =
  /^(?:rm|rmdir|unlink|close|release|end|disconnect|\$disconnect|quit|cleanup|cleanUp|dispose|unlock|rollback\w*|abort\w*|endSession|free|terminate|kill|removeListener|removeAllListeners|clearTimeout|clearInterval|(?:clean|cleanup|cleanUp|dispose|release|close|remove|delete)(?:Temp|Tmp|Local|Lock|Page|Browser|Connection|Session|Client)\w*)(?:Sync)?$/;
const MARKING_NAME =
  /^(?:mark|set|update|save|change|record)\w*?(?:Status|State|Progress|Processing|Running|Started|InProgress|Active|Heartbeat|LastRun\w*)$/;
const STARTED =
  'processing|running|in[_ -]?progress|started|active|pending|queued|locked|sending|syncing|working|executing|publishing|analy[sz]ing|generating|importing|exporting|uploading|downloading|building|deploying|rendering|converting|transcribing|starting|fetching|validating|retrying';
const MARK = new RegExp(`^(?:${STARTED})$`, 'i');
/** The value of a column by which a statement of SQL notes that the work begins. */
export const MARKS_START = new RegExp(`^'(?:${STARTED})'$`, 'i');
/** Functions that get at something, whatever they have to write for it: a migration, a new token. */
const GETTING_NAME =
  /^(?:get|find|fetch|load|read|ensure|refresh|init|initiali[sz]e|resolve|connect|hydrate)(?![a-z])/;

export function deedOf(module: SourceModule, call: TSESTree.CallExpression): Deed {
  const callee = unwrap(call.callee);
  const name = calleeName(callee) ?? '';
  if (isTelling(callee, name)) return 'tells';
  if (TIDYING_NAME.test(name)) return 'tidies';
  if (MARKING_NAME.test(name) || marksStart(module, call)) return 'marks';
  return READING_NAME.test(name) || isClaim(call) ? 'reads' : 'works';
}

/** Whether a function is there to get at something, by its name. */
export function isGettingName(name: string): boolean {
  return GETTING_NAME.test(name.slice(name.lastIndexOf('.') + 1));
}

function isTelling(callee: Node, name: string): boolean {
  if (TELLING_NAME.test(name)) return true;
  for (let node = callee; ;) {
    if (node.type === 'CallExpression') node = unwrap(node.callee);
    else if (node.type === 'MemberExpression') {
      const owner = unwrap(node.object);
      if (TELLING_OWNER.test(nameOf(owner))) return true;
      node = owner;
    } else return false;
  }
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'MemberExpression' ? (keyName(node) ?? '') : '';
}

/** `update({ where: { id }, data: { status: 'processing' } })`, `setStatus(id, 'running')` */
function marksStart(module: SourceModule, call: TSESTree.CallExpression): boolean {
  const stack: Node[] = [...call.arguments];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'Property' && /^(?:where|select|include)$/.test(keyName(node) ?? '')) continue;
    if (node.type === 'Literal' && typeof node.value === 'string' && MARK.test(node.value)) return true;
    if (node.type === 'MemberExpression' && MARK.test(keyName(node) ?? '')) return true;
    if (node.type.includes('Function')) continue;
    stack.push(...module.childrenOf(node));
  }
  return false;
}

/** `redis.set(key, 1, 'NX')`: asks whether it is the first. */
function isClaim(call: TSESTree.CallExpression): boolean {
  return call.arguments.some((argument) => argument.type === 'Literal' && argument.value === 'NX');
}

/** Steps that a job can do without: caches, notices to people who do not wait for them. */
const SIDE_STEP =
  /cache|notif|socket|gateway|invalidat|audit|analytic|metric|webhook|slack|discord|telegram|push|publish|emit|event|track|progress|heartbeat|thumbnail|preview|presence/i;

/** Calls people who look after the system: in a clause that is a log, too. */
export function alerts(module: SourceModule, call: TSESTree.CallExpression): boolean {
  return /\b(?:notify|alert|warn|tell|page)(?:The)?(?:Admin|Ops|Team|Slack|Support|Dev|OnCall|Staff|Maintainer)|slack|pagerduty|opsgenie|\balert(?:s|ing|Service)?\./i.test(
    module.textOf(call.callee),
  );
}

/** Helpers that keep their own failures by design: whoever reads a cache can do without. */
export function keepsToItself(module: SourceModule, call: TSESTree.CallExpression): boolean {
  return /cache|metric|telemetry|analytics/i.test(module.textOf(call.callee));
}

export function isSideStep(module: SourceModule, call: TSESTree.CallExpression): boolean {
  return SIDE_STEP.test(module.textOf(call.callee));
}

/** `trackSignupEvent()`, `this.analytics.page()`: what is counted, for the record. */
export function countsForRecord(call: Node): boolean {
  if (call.type !== 'CallExpression') return false;
  const callee = unwrap(call.callee);
  const owner = callee.type === 'MemberExpression' ? nameOf(unwrap(callee.object)) : '';
  return (
    /^track[A-Z]\w*Event$|^trackEvent/.test(calleeName(callee) ?? '') ||
    /analytics|metrics|telemetry/i.test(owner)
  );
}
