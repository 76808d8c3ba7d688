/**
 * Acting on a failure as if no retry were to come: telling a person, giving money back, setting the work aside, noting
 * that it has failed.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { looksLikeEnqueue, readEnqueue } from '../../jobs/enqueues.ts';
import type { SourceModule } from '../../source/module.ts';
import { calleeName, type FunctionNode, type Node } from '../../source/nodes.ts';
import { beside, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, present, type Ref } from '../../values/value.ts';
import { deedOf } from '../deeds.ts';
import { callsWhere, type EffectKind } from '../effect.ts';
import { isExternalCall } from './external-call.ts';
import { isDatabaseWrite } from './writes-database.ts';

export const endsWork: EffectKind = {
  name: 'ends-work',
  mark: undefined,
  throughFloating: true,
  readsArguments: true,
  maxWay: 4,
  find: (ev, running) =>
    callsWhere(running, (call) => isEnd(ev, call) && !isGuarded(call.module, call.node, running.fn.at.node)),
  follows: (_ev, { fn, module }, call) => !isGuarded(module, call, fn.at.node),
};

/** What a condition asks to tell the last attempt from the others, or a name that says that it does. */
const ASKS =
  /finishedOn|attempt|isFailed|getState|Unrecoverable|discard|retr(?:y|ie)|stalled|final|\blast|isLast|exhaust|permanent|terminal/i;
/** A record for each attempt is no end. */
const BY_ATTEMPT = /attempt|retr(?:y|ie)/i;
const FAILED = /\b\w*(?:fail|error|dead|cancel|refund|reject|abort)\w*\b/i;
const SET_ASIDE = /dead_?letter|dlq|notification|alert|refund|incident/i;
/** What is done to somebody, by the name of a function that cannot be seen. */
const NAMED =
  /^(?:(?:issue|process|create)?refund\w*|compensate\w*|(?:send|push|move|add|route|enqueue)\w*(?:dlq|dead_?letter\w*)|send\w*(?:e?mail|sms|alert|notification|slack\w*|failure\w*)|notify\w*|alert(?:s|ed)?(?:admins?|ops|oncall|team|users?|owners?)?|page(?:oncall|ops|team)|mark\w*fail\w*|set\w*failed|fail(?:order|payment|run|task|import|export|upload|execution|deployment|build)|sendMail)$/i;

function isEnd(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  const { node, module } = call;
  const text = module.textOf(node);
  if (BY_ATTEMPT.test(text)) return false;
  if (looksLikeEnqueue(node) && readEnqueue(ev, call)) return true;
  if (isExternalCall(ev, call)) return true;
  if (isDatabaseWrite(ev, call)) return isEndInDatabase(text, node);
  return NAMED.test(calleeName(node.callee) ?? '') && deedOf(module, node) !== 'tells' && isUnseen(ev, call);
}

/** `order.update({ data: { status: 'failed' } })`, `deadLetter.create(...)`; a list of failures is a log. */
function isEndInDatabase(text: string, node: TSESTree.CallExpression): boolean {
  const isMade = /^(?:create|insert|save|bulk|values)/.test(calleeName(node.callee) ?? '');
  return isMade ? SET_ASIDE.test(text) : FAILED.test(text);
}

/** A function of the project is looked into instead. */
function isUnseen(ev: Evaluation, call: Ref<TSESTree.CallExpression>): boolean {
  return !membersOf(present(ev.evaluate(beside<Node>(call, call.node.callee)))).some(
    ({ kind }) => kind === 'function',
  );
}

/** Whether a condition that asks for the last attempt decides whether a node runs. */
function isGuarded(module: SourceModule, node: Node, fn: FunctionNode): boolean {
  let child = node;
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'IfStatement':
      case 'ConditionalExpression':
        if (child !== parent.test && asks(module, parent.test)) return true;
        break;
      case 'LogicalExpression':
        if (child === parent.right && asks(module, parent.left)) return true;
        break;
      case 'SwitchCase':
        if (asks(module, parent.parent.discriminant)) return true;
        break;
      case 'BlockStatement':
        if (leavesBefore(module, parent.body, child)) return true;
        break;
    }
    if (parent === fn) break;
  }
  return false;
}

/** `if (!job.finishedOn) return;` before it in its block */
function leavesBefore(module: SourceModule, body: readonly Node[], child: Node): boolean {
  return body
    .slice(0, body.indexOf(child))
    .some(
      (statement) =>
        statement.type === 'IfStatement' && isExit(statement.consequent) && asks(module, statement.test),
    );
}

function isExit(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.some(isExit);
  return /^(?:Return|Throw|Continue|Break)Statement$/.test(node.type);
}

/** Whether a condition asks, by itself or through a name that was set to what does. */
function asks(module: SourceModule, test: Node): boolean {
  if (ASKS.test(module.textOf(test))) return true;
  const stack: Node[] = [test];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (node.type === 'Identifier') {
      const definition = module.variableOf(node)?.defs[0]?.node as Node | undefined;
      if (
        definition?.type === 'VariableDeclarator' &&
        definition.init &&
        ASKS.test(module.textOf(definition.init))
      )
        return true;
    }
    stack.push(...module.childrenOf(node));
  }
  return false;
}
