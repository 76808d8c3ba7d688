/**
 * Calls that are known to be asynchronous: of async functions of the project, of databases, over HTTP, of a queue.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { enter, type Entered } from '../calls/callees.ts';
import { isAsyncValue } from '../entities/promises.ts';
import { asksDatabase } from '../entities/sent-queries.ts';
import { instanceRole } from '../jobs/dialects/index.ts';
import { keyName, unwrap } from '../source/nodes.ts';
import { argumentRefs } from '../values/calls.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { ownNodes, returnsOf } from '../values/functions.ts';
import { membersOf, present, type FunctionValue, type Ref } from '../values/value.ts';
import { isJob } from './kinds/awaits-result.ts';

/** Paths of what is called. */
const ASYNCHRONOUS = [
  // HTTP
  /^global:\.fetch$|^(?:node-fetch|cross-fetch|isomorphic-fetch|isomorphic-unfetch):(?:\.(?:default|fetch))?$/,
  /^undici:\.(?:fetch|request)$|^ofetch:\.(?:ofetch|\$fetch)$/,
  /^axios:(?:\.(?:Axios(?:Instance|Static)?#|create\(\)))?(?:\.(?:get|post|put|patch|delete|head|options|request))?$/,
  /^@nestjs\/axios:\.HttpService#\.axiosRef(?:\.(?:get|post|put|patch|delete|head|request))?$/,
  /^(?:got|ky|needle|request-promise(?:-native)?):(?:\.(?:default|got|extend\(\)|create\(\)))*(?:\.(?:get|post|put|patch|delete|head))?$/,
  // Files, pauses, mail, objects
  /^(?:fs\/promises|fs:\.promises)(?::)?\.(?!constants)\w+$|^fs:\.promises\.\w+$|^timers\/promises:\.\w+$/,
  /^nodemailer:\.createTransport\(\)\.sendMail$|^nodemailer:\.Transporter#\.sendMail$|^@sendgrid\/mail:\.send(?:Multiple)?$|^resend:\.Resend#\.emails\.send$/,
  /^@aws-sdk\/client-[\w-]+:\.\w+#\.send$/,
];

const JOB_METHODS =
  /^(?:updateData|update|remove|retry|promote|moveTo\w+|changePriority|changeDelay|extendLock|clearLogs|getState|waitUntilFinished)$/;
const QUEUE_METHODS =
  /^(?:pause|resume|drain|obliterate|clean|close|remove|removeJobScheduler|retryJobs|promoteJobs|setGlobalConcurrency|getJobs?|getJobCounts)$/;

/** Whether a call surely gives a promise. The progress of a job and its log are sent in order and left out. */
export function isAsynchronous(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const callee = unwrap(call.node.callee);
  if (callee.type === 'Super') return false;
  const method = callee.type === 'MemberExpression' ? keyName(callee) : undefined;
  const callees = membersOf(present(ev.evaluate(beside(call, callee))));
  if (callees.every((value) => value.kind === 'function'))
    return (
      callees.length > 0 &&
      callees.every((fn) => isAsyncValue(ev, fn) && !isProgress(ev, called(fn, call)) && !isDone(fn))
    );
  if (
    callees.some((value) => value.kind === 'external' && ASYNCHRONOUS.some((known) => known.test(value.path)))
  )
    // With a callback it gives no promise.
    return !/^sendMail$|^send$/.test(method ?? '') || call.node.arguments.length === 1;
  if (method !== undefined && callee.type === 'MemberExpression') {
    const receiver = (): Ref => beside(call, callee.object);
    if (JOB_METHODS.test(method) && isJob(ev, ev.evaluate(receiver()))) return true;
    if (QUEUE_METHODS.test(method) && isQueue(ev, receiver())) return true;
  }
  return asksDatabase(ev, call);
}

function isQueue(ev: Evaluation, receiver: Ref): boolean {
  return membersOf(present(ev.evaluate(receiver))).some(
    (value) => value.kind === 'external' && /^(?:queue|flow)$/.test(instanceRole(value.path)?.role ?? ''),
  );
}

/** Whether a call tells the progress of a job or writes to its log, by itself or through functions of the project. */
export function tellsProgress(ev: Evaluation, call: Ref<TSESTree.CallExpression>, depth = 0): boolean {
  const callee = unwrap(call.node.callee);
  if (
    callee.type === 'MemberExpression' &&
    /^(?:log|updateProgress|progress)$/.test(keyName(callee) ?? '') &&
    isJob(ev, ev.evaluate(beside(call, callee.object)))
  )
    return true;
  const callees = membersOf(present(ev.evaluate(beside(call, callee))));
  return callees.every(
    (value) => value.kind === 'function' && isProgress(ev, called(value, call), depth + 1),
  );
}

/** Whether all that a function waits for is the progress or the log of a job. */
function isProgress(ev: Evaluation, { fn, frame }: Entered, depth = 0): boolean {
  if (depth > 3) return false;
  const { module, node } = fn.at;
  const waited = [
    ...ownNodes(module, node).flatMap((inner) => (inner.type === 'AwaitExpression' ? [inner.argument] : [])),
    ...returnsOf(module, node),
  ];
  return (
    waited.length > 0 &&
    waited.every((inner) => {
      const call = unwrap(inner);
      return (
        call.type === 'CallExpression' &&
        tellsProgress(ev, here(module, call, frame) as Ref<typeof call>, depth)
      );
    })
  );
}

function called(fn: FunctionValue, call: Ref<TSESTree.CallExpression>): Entered {
  return enter(fn, [...fn.bound, ...argumentRefs(call)], call);
}

/** Whether an async function waits for nothing and catches everything: it is done when its call is. */
function isDone({ at: { module, node } }: FunctionValue): boolean {
  if (node.body.type !== 'BlockStatement') return false;
  const [only, ...rest] = node.body.body;
  if (only?.type !== 'TryStatement' || !only.handler || rest.length > 0) return false;
  return !ownNodes(module, node).some(
    ({ type }) =>
      type === 'AwaitExpression' ||
      type === 'ForOfStatement' ||
      type === 'ReturnStatement' ||
      type === 'ThrowStatement',
  );
}
