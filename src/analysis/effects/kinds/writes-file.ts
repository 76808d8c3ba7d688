/**
 * Creating or changing the contents of files where another worker cannot see them.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { unwrap, type Node } from '../../source/nodes.ts';
import { beside, here, type Evaluation } from '../../values/evaluation.ts';
import { throughParameters } from '../../values/trace.ts';
import { membersOf, present, type Ref, type Value } from '../../values/value.ts';
import { labelOf, type CallNode, type Effect, type EffectKind, type Running } from '../effect.ts';
import { fileWriters, type FileWriter } from '../file-writers.ts';

/** Where a path leads, as far as it can be told. */
export type Place = 'persistent' | 'scratch' | 'configured' | 'unknown';

export interface FileWrite extends Effect {
  place: Place;
  /** The path, where it is told. */
  path: Ref | undefined;
}

export const writesFile: EffectKind<FileWrite> = {
  name: 'writes-file',
  mark: 'files',
  throughFloating: true,
  endsAtProcessors: true,
  readsArguments: true,
  find: fileWrites,
};

/** The writes among the nodes of a body. */
export function fileWrites(ev: Evaluation, running: Pick<Running, 'module' | 'frame' | 'body'>): FileWrite[] {
  const found: FileWrite[] = [];
  for (const node of running.body) {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') continue;
    const written = writerOf(ev, running, node);
    if (!written) continue;
    const target = written.target;
    const at = here(running.module, node, running.frame) as Ref<TSESTree.CallExpression>;
    found.push({
      at,
      label: labelOf(at),
      target: target ? target.module.textOf(target.node) : '',
      place: target ? placeOf(ev, target) : 'unknown',
      path: target,
    });
  }
  return found;
}

function writerOf(
  ev: Evaluation,
  running: Pick<Running, 'module' | 'frame'>,
  call: CallNode,
): { target: Ref | undefined } | undefined {
  const callees = membersOf(present(ev.evaluate(here(running.module, call.callee, running.frame))));
  for (const callee of callees) {
    if (callee.kind !== 'external') continue;
    const path = callee.path.replace(/^fs\/promises:/, 'fs:.promises');
    const writer = fileWriters.find((candidate) => candidate.callee.test(path));
    if (!writer || !opensForWriting(ev, running, call, writer)) continue;
    return {
      target: targetOf(ev, here(running.module, call, running.frame) as Ref<CallNode>, writer),
    };
  }
  return undefined;
}

/** `open(path, 'w')` writes, `open(path)` reads. */
function opensForWriting(
  ev: Evaluation,
  running: Pick<Running, 'module' | 'frame'>,
  call: CallNode,
  writer: FileWriter,
): boolean {
  if (writer.flags === undefined) return true;
  const flags = call.arguments[writer.flags];
  const value = flags && ev.evaluate(here(running.module, flags, running.frame));
  return value?.kind === 'literal' && typeof value.value === 'string' && /[wa+]/.test(value.value);
}

function targetOf(ev: Evaluation, call: Ref<CallNode>, writer: FileWriter): Ref | undefined {
  const argument = call.node.arguments[writer.argument];
  if (!argument || argument.type === 'SpreadElement') return undefined;
  const at = beside(call, argument);
  if (writer.property === undefined) return at;
  const value = ev.evaluate(at);
  if (value.kind !== 'object') return undefined;
  for (const part of value.parts)
    if (part.kind === 'property' && part.key === writer.property) return part.value;
  return undefined;
}

const SCRATCH =
  /(?:^|[^a-z])(?:tmp|temp|scratch)(?:[^a-z]|$)|tmpdir|tmp(?:dir|file|path|name)|temp(?:dir|file|path|folder|orary)|mkdtemp|^\/tmp\b|\/dev\/shm/i;

/** Evidence about a path, gathered from every part of the expression that makes it. */
interface Evidence {
  scratch: boolean;
  persistent: boolean;
  configured: boolean;
  open: boolean;
}

/** Where a path leads: scratch wins over all, then what is written down, then configuration. */
export function placeOf(ev: Evaluation, path: Ref): Place {
  const evidence: Evidence = { scratch: false, persistent: false, configured: false, open: false };
  gather(ev, path, evidence, 0, true);
  if (evidence.scratch) return 'scratch';
  if (evidence.persistent) return 'persistent';
  return evidence.configured ? 'configured' : 'unknown';
}

/** `isRoot`: the part stands at the beginning of the path and so decides where it leads. */
function gather(ev: Evaluation, given: Ref, evidence: Evidence, depth: number, isRoot: boolean): void {
  if (depth > 10) return;
  const ref = throughParameters(ev, given);
  const node = unwrap(ref.node);
  const more = (inner: Node, root: boolean): void => {
    gather(ev, beside(ref, inner), evidence, depth + 1, root);
  };
  switch (node.type) {
    case 'Literal':
      note(evidence, String(node.value), isRoot);
      return;
    case 'TemplateLiteral': {
      const [first] = node.quasis;
      for (const quasi of node.quasis)
        if (quasi.value.cooked) note(evidence, quasi.value.cooked, isRoot && quasi === first);
      node.expressions.forEach((inner, index) => {
        more(inner, isRoot && index === 0 && !first?.value.cooked);
      });
      return;
    }
    case 'BinaryExpression':
      if (node.left.type !== 'PrivateIdentifier') more(node.left, isRoot);
      more(node.right, false);
      return;
    case 'LogicalExpression':
      more(node.left, isRoot);
      more(node.right, isRoot);
      return;
    case 'ConditionalExpression':
      more(node.consequent, isRoot);
      more(node.alternate, isRoot);
      return;
    case 'AwaitExpression':
      more(node.argument, isRoot);
      return;
    case 'Identifier': {
      if (SCRATCH.test(node.name)) evidence.scratch = true;
      const init = initOf(ref, node);
      if (init) {
        gather(ev, init, evidence, depth + 1, isRoot);
        return;
      }
      break;
    }
    case 'CallExpression': {
      const callee = ref.module.textOf(unwrap(node.callee));
      if (SCRATCH.test(callee)) evidence.scratch = true;
      if (/(?:^|\.)(?:join|resolve|normalize)$/.test(callee)) {
        node.arguments.forEach((argument, index) => {
          more(argument.type === 'SpreadElement' ? argument.argument : argument, isRoot && index === 0);
        });
        return;
      }
      break;
    }
    default:
  }
  weigh(ev, ref, ev.evaluate(ref), evidence, depth, isRoot);
}

/** A path that is put together elsewhere: where a field is initialised, in a function that returns it. */
const JOINED = /^path:(?:\.(?:posix|win32))?\.(?:join|resolve|normalize)\(\)$/;

/** What the value says where the expression says no more. */
function weigh(
  ev: Evaluation,
  ref: Ref,
  value: Value,
  evidence: Evidence,
  depth: number,
  isRoot: boolean,
): void {
  const text = ref.module.textOf(ref.node);
  if (SCRATCH.test(text)) evidence.scratch = true;
  for (const member of membersOf(present(value))) {
    if (member.kind === 'literal' && typeof member.value === 'string') note(evidence, member.value, isRoot);
    else if (member.kind === 'external') {
      if (
        SCRATCH.test(member.path) ||
        /^(?:os:\.tmpdir|tmp(?:-promise)?:|tempy:|fs:\.(?:promises\.)?mkdtemp)/.test(member.path)
      )
        evidence.scratch = true;
      else if (!isRoot) continue;
      else if (
        /^global:\.(?:process\.cwd\(\)|__dirname|__filename|import\.meta\.(?:dirname|filename|url))/.test(
          member.path,
        )
      )
        evidence.persistent = true;
      else if (/^global:\.process\.env\b|config/i.test(member.path)) evidence.configured = true;
      else if (member.site && member.site.node !== ref.node && JOINED.test(member.path) && depth < 10)
        gather(ev, member.site, evidence, depth + 1, isRoot);
      else evidence.open = true;
    } else if (member.at.node !== ref.node && member.kind !== 'unknown' && isRoot && depth < 10) {
      gather(ev, member.at, evidence, depth + 1, isRoot);
    } else evidence.open = true;
  }
}

/** A part of a path that is written down. */
function note(evidence: Evidence, text: string, isRoot: boolean): void {
  if (SCRATCH.test(text)) evidence.scratch = true;
  else if (isRoot && /^(?:\.{0,2}\/|[\w-]+\/|[\w.-]+$|[A-Z]:\\)/.test(text) && text !== '')
    evidence.persistent = true;
}

/** The initial value of a local or module constant, so that its own expression can be looked at. */
function initOf(ref: Ref, node: TSESTree.Identifier): Ref | undefined {
  const variable = ref.module.variableOf(node);
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init)
    return undefined;
  return {
    module: ref.module,
    node: declarator.init,
    frame: variable && ref.module.isModuleLevel(variable) ? undefined : ref.frame,
  };
}
