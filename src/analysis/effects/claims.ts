/**
 * Claims by their looks: calls that make a thing this run's own, so that another run does not get it.
 */
import { keyName, type Node } from '../source/nodes.ts';

const CLAIM =
  /(?<![bc])lock(?!file|ed$|s$|out|duration)|mutex|semaphore|idempot|dedup|claim|exactlyOnce|(?:run|do)Once|onceOnly|acquire|tryReserve|^reserve|ensureNot|ensureOnce|ensureUnique|assertNot|checkDuplicate|preventDuplicate|throwIf(?!Aborted|NotFound|Empty|Null|Missing|Undefined)|^h?setnx$/i;
const NO_CLAIM = /unlock|release|extendLock|lockDuration|renew|moveToDelayed|getPgClient|connect|TableName/i;
/** Methods of lists, sets and maps: what they are called on may have been claimed, and they claim nothing. */
const COLLECTS =
  /(?:claim|lock|dedup|idempot)\w*\??\.(?:add|map|set|get|has|push|filter|forEach|find|includes|some|every|delete|join|slice)$/i;
/** Questions whose answer says whether this run is the first to ask. */
const ASKED_CLAIM = /lock|claim|acquire|reserve|setnx|dedup|idempot|^sadd$|^getdel$|^[sl]pop$|^incr/i;

/** Whether a name, or the text of what is called, is that of something that lets one run in at a time, or once. */
export function isClaimName(name: string): boolean {
  return CLAIM.test(name) && !NO_CLAIM.test(name) && !COLLECTS.test(name);
}

/** Whether the answer of a function tells, by the function's name, whether a thing was still to be had. */
export function answersClaim(name: string): boolean {
  return ASKED_CLAIM.test(name);
}

/** `redis.set(key, 1, 'NX')`, `redis.set(key, 1, { NX: true })` */
export function saysNotExists(argument: Node): boolean {
  if (argument.type === 'Literal') return argument.value === 'NX' || argument.value === 'nx';
  return (
    argument.type === 'ObjectExpression' &&
    argument.properties.some(
      (property) => property.type === 'Property' && /^nx$/i.test(keyName(property) ?? ''),
    )
  );
}
