/**
 * Keeping the event loop busy: synchronous functions that take their time, loops that wait for the clock.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { runsOnce } from '../../calls/once.ts';
import type { SourceModule } from '../../source/module.ts';
import { calleeName, isFunction, unwrap, type Node } from '../../source/nodes.ts';
import { here, type Evaluation } from '../../values/evaluation.ts';
import { membersOf, numberOf, present } from '../../values/value.ts';
import { blockingCall } from '../blocking-calls.ts';
import type { Effect, EffectKind, Running } from '../effect.ts';
import { isDeployedFile } from '../local-paths.ts';

export interface Block extends Effect {
  /** What does the same without blocking. */
  instead: string;
  /** What to call on the same object instead, and await. */
  twin: string | undefined;
  /** The called function as the table knows it: `fs.readFileSync`. */
  name: string;
}

export const blocks: EffectKind<Block> = {
  name: 'blocks',
  mark: 'blocking',
  // Whoever drops the promise has run what comes before its first `await` all the same.
  throughFloating: true,
  endsAtProcessors: true,
  leads: (running, call) => !runsOnce(running.module, call, running.fn.at.node),
  find(ev, running) {
    const found: Block[] = [];
    for (const node of running.body) {
      const block =
        node.type === 'CallExpression'
          ? blockingCallAt(ev, running, node)
          : isLoop(node)
            ? busyLoop(ev, running, node)
            : undefined;
      if (block && !runsOnce(running.module, node, running.fn.at.node)) found.push(block);
    }
    return found;
  },
};

function blockingCallAt(ev: Evaluation, running: Running, call: TSESTree.CallExpression): Block | undefined {
  const { module, frame } = running;
  // What is called mostly does not depend on the way here, and then it is remembered.
  const plain = ev.evaluate(here(module, call.callee));
  const target = plain.kind === 'unknown' && frame ? ev.evaluate(here(module, call.callee, frame)) : plain;
  for (const callee of membersOf(present(target))) {
    if (callee.kind !== 'external') continue;
    const known = blockingCall(callee.path, call.arguments.map((argument) => module.textOf(argument)).join());
    if (!known) continue;
    const [path] = call.arguments;
    if (/\.read\w*Sync$/.test(callee.path) && path && isDeployedFile(ev, here(module, path, frame)))
      return undefined;
    const [owner = '', name = ''] = /^(.*):(?:.*\.)?(\w*)$/.exec(callee.path)?.slice(1) ?? [];
    return {
      at: here(module, call, frame),
      label: `${calleeName(call.callee) ?? (name || owner)}()`,
      target: name || owner,
      name: `${owner.replace(/^global$/, '')}.${name}`.replace(/^\.|\.$/g, ''),
      instead: known.instead,
      twin: known.twin?.(name),
    };
  }
  return undefined;
}

type Loop = TSESTree.WhileStatement | TSESTree.DoWhileStatement | TSESTree.ForStatement;

function isLoop(node: Node): node is Loop {
  return node.type === 'WhileStatement' || node.type === 'DoWhileStatement' || node.type === 'ForStatement';
}

/** Rounds of a counted loop that take a noticeable time even when each does next to nothing. */
const MANY_ROUNDS = 10_000_000;

/** `while (Date.now() < end) {}`, `while (!done);`, `for (let i = 0; i < 1e9; i++) {}`: nothing else can run meanwhile. */
function busyLoop(ev: Evaluation, running: Running, loop: Loop): Block | undefined {
  const parts = partsOf(running.module, loop);
  const isBusy =
    parts !== undefined &&
    (parts.some(isClock) ||
      waitsForFlag(loop) ||
      (loop.type === 'ForStatement' && counts(ev, running, loop)));
  return isBusy
    ? {
        at: here(running.module, loop, running.frame),
        label: 'a busy loop',
        target: 'loop',
        name: 'loop',
        instead: 'a timer',
        twin: undefined,
      }
    : undefined;
}

/** Everything in a loop that lets nothing else run and does no work: `undefined` for any other loop. */
function partsOf(module: SourceModule, loop: Loop): Node[] | undefined {
  const parts: Node[] = [];
  const stack: Node[] = module.childrenOf(loop);
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isFunction(node) || /^(?:Await|Yield)Expression$|^ForOfStatement$/.test(node.type)) return undefined;
    if (node.type === 'CallExpression' && !isClock(node) && !/^Math\.\w+$/.test(module.textOf(node.callee)))
      return undefined;
    parts.push(node);
    stack.push(...module.childrenOf(node));
  }
  return parts;
}

/** `Date.now()`, `performance.now()`, `new Date()`, `process.hrtime()` */
function isClock(node: Node): boolean {
  if (node.type === 'NewExpression') return calleeName(node.callee) === 'Date';
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  if (callee.type !== 'MemberExpression') return false;
  const owner = calleeName(callee.object) ?? '';
  const name = calleeName(callee) ?? '';
  return (
    (name === 'now' && /^(?:Date|performance)$/.test(owner)) ||
    (name === 'hrtime' && owner === 'process') ||
    (name === 'bigint' && owner === 'hrtime') ||
    (name === 'getTime' && unwrap(callee.object).type === 'NewExpression')
  );
}

/** `while (!done) {}`: only something that runs meanwhile could end it, and nothing does. */
function waitsForFlag(loop: Loop): boolean {
  if (loop.type !== 'WhileStatement') return false;
  const isEmpty =
    loop.body.type === 'EmptyStatement' ||
    (loop.body.type === 'BlockStatement' && loop.body.body.length === 0);
  return isEmpty && isPlain(loop.test);
}

function isPlain(test: Node): boolean {
  const node = unwrap(test);
  switch (node.type) {
    case 'Identifier':
    case 'Literal':
      return true;
    case 'MemberExpression':
      return isPlain(node.object);
    case 'ThisExpression':
      return true;
    case 'UnaryExpression':
      return isPlain(node.argument);
    case 'BinaryExpression':
      return node.left.type !== 'PrivateIdentifier' && isPlain(node.left) && isPlain(node.right);
    case 'LogicalExpression':
      return isPlain(node.left) && isPlain(node.right);
    default:
      return false;
  }
}

function counts(ev: Evaluation, running: Running, loop: TSESTree.ForStatement): boolean {
  const { test } = loop;
  if (test?.type !== 'BinaryExpression' || !/^<=?$/.test(test.operator)) return false;
  const bound = numberOf(ev.evaluate(here(running.module, test.right, running.frame)));
  return bound !== undefined && bound >= MANY_ROUNDS;
}
