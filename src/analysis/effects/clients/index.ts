/**
 * The clients of services outside, by what calling them does.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { declaredAs } from '../../source/declared.ts';
import { calleeName, type Node } from '../../source/nodes.ts';
import { beside, type Evaluation } from '../../values/evaluation.ts';
import { textsOf } from '../../values/text.ts';
import { givenRef } from '../../values/trace.ts';
import { membersOf, present, stringOf, type Ref } from '../../values/value.ts';
import { brokers } from './brokers.ts';
import type { Client } from './client.ts';
import { http } from './http.ts';
import { mail } from './mail.ts';
import { messages } from './messages.ts';
import { payment } from './payment.ts';

const clients: readonly Client[] = [...mail, ...payment, ...messages, ...http, ...brokers];

/** The client whose call this is, where the call does something that others notice. */
export function clientOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): Client | undefined {
  const name = calleeName(call.node.callee);
  if (name === undefined) return undefined;
  const candidates = clients.filter(({ method }) => method.test(name));
  if (candidates.length === 0) return undefined;
  const text = textOf(call);
  const paths = membersOf(present(ev.evaluate(beside<Node>(call, call.node.callee)))).flatMap((value) =>
    value.kind === 'external' ? [value.path] : [],
  );
  return candidates.find(
    (client) =>
      paths.some((path) => client.path.test(path)) &&
      (client.text === undefined || client.text.test(text) || givesVerb(ev, call, client)) &&
      client.notTo?.test(addressOf(ev, call)) !== true &&
      client.notWith?.test(text) !== true,
  );
}

/** A call as it is written, with the objects that its arguments are names for: `fetch(url, options)`. */
function textOf({ module, node }: Ref<TSESTree.CallExpression>): string {
  const named = node.arguments.flatMap((argument) => {
    const object = argument.type === 'Identifier' ? declaredAs(module, argument) : undefined;
    return object?.type === 'ObjectExpression' ? [module.textOf(object)] : [];
  });
  return [module.textOf(node), ...named].join(' ');
}

/** `fetch(url, { method })`, where the caller of the function around gives the method. */
function givesVerb(ev: Evaluation, call: Ref<TSESTree.CallExpression>, { verb }: Client): boolean {
  const [, options] = call.node.arguments;
  const given = verb && options && givenRef(ev, ev.evaluate(beside<Node>(call, options)), 'method');
  const methods = given ? membersOf(present(ev.evaluate(given))) : [];
  return methods.length > 0 && methods.every((method) => verb?.test(stringOf(method) ?? ''));
}

/** What is called, and the first thing it is given: where a request goes. Headers and bodies name other things. */
function addressOf(ev: Evaluation, call: Ref<TSESTree.CallExpression>): string {
  const { module, node } = call;
  const [first] = node.arguments;
  const address = first && beside<Node>(call, first);
  const texts = address ? textsOf(ev, ev.evaluate(address), address) : [];
  const known = texts.flat().flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));
  return [module.textOf(node.callee), first ? module.textOf(first) : '', ...known].join(' ');
}
