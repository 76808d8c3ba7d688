/**
 * Effects that somebody notices when they come twice: rows, mails, requests that change something, jobs.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { asksDatabase } from '../../entities/sent-queries.ts';
import { looksLikeEnqueue, readEnqueue } from '../../jobs/enqueues.ts';
import { calleeName, unwrap, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import type { Effect, EffectKind } from '../effect.ts';

export const acts: EffectKind = {
  name: 'acts',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find(ev, { module, frame, body }) {
    return body.flatMap((node): Effect[] => {
      if (node.type !== 'CallExpression') return [];
      const at = here(module, node, frame) as Ref<TSESTree.CallExpression>;
      if (!isAct(ev, at)) return [];
      const label = `${module.textOf(unwrap(node.callee)).replace(/\s+/g, '').slice(-40)}()`;
      return [{ at, label, target: label }];
    });
  },
};

/** What is called by methods of this name, with the path of what is called. */
const ACTS: readonly { name: RegExp; path: RegExp }[] = [
  {
    name: /^(?:sendMail|send|sendMultiple)$/,
    path: /^(?:nodemailer:\.(?:createTransport\(\)|Transporter#)\.sendMail|@sendgrid\/mail:\.send(?:Multiple)?|resend:\.Resend#\.emails\.send)$/,
  },
  {
    name: /^(?:post|put|patch|delete)$/,
    path: /^(?:axios|got|ky):(?:\.(?:default|AxiosInstance#|create\(\)|extend\(\)))?\.(?:post|put|patch|delete)$/,
  },
  {
    name: /^(?:create|capture|cancel)$/,
    path: /^stripe:(?:\.\w+)?#\.(?:charges|paymentIntents|refunds|transfers|payouts|invoices|invoiceItems)\.\w+$/,
  },
];

/** Writes of a database; what only finds, and what may come twice without harm (an upsert), is none. */
const WRITES =
  /^(?:create|createMany\w*|insert|insertMany|insertOne|bulkCreate|bulkWrite|save|saveMany|update|updateMany\w*|updateOne|delete|deleteMany|deleteOne|destroy|softDelete|softRemove|increment|decrement|findOneAndUpdate|findByIdAndUpdate|values|set|execute)$/;
const WRITE_PATH = /\.(?:insert\w*|update\w*|delete\w*)\(\)/;

function isAct(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { node, module } = call;
  const name = calleeName(node.callee) ?? '';
  if (looksLikeEnqueue(node)) {
    // The queue itself keeps a second one out.
    if (/\b(?:jobId|deduplication)\b/.test(module.textOf(node))) return false;
    if (readEnqueue(ev, call)) return true;
  }
  const known = ACTS.find((act) => act.name.test(name));
  if (known && calls(ev, call, known.path)) return true;
  if (name === 'fetch' && /\bmethod:\s*['"`](?:POST|PUT|PATCH|DELETE)/i.test(module.textOf(node)))
    return calls(ev, call, /^global:\.fetch$|^(?:node-fetch|cross-fetch|undici):(?:\.(?:default|fetch))?$/);
  if (!WRITES.test(name) || !asksDatabase(ev, call)) return false;
  // A builder is one query, whose last method tells it.
  return /^(?:values|set|execute)$/.test(name)
    ? membersOf(present(ev.evaluate(call))).some(
        (value) => value.kind === 'external' && WRITE_PATH.test(value.path),
      )
    : true;
}

function calls(ev: Evaluation, call: Ref<TSESTree.CallExpression>, path: RegExp): boolean {
  return membersOf(present(ev.evaluate(beside<Node>(call, call.node.callee)))).some(
    (value) => value.kind === 'external' && path.test(value.path),
  );
}
