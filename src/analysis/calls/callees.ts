/**
 * Which functions of the project a call reaches.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { contains, enclosingFunction, isFunction, unwrap, type Node } from '../source/nodes.ts';
import { argumentRefs } from '../values/calls.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, type Frame, type FunctionValue, type Ref, type Value } from '../values/value.ts';
import { isRegistration } from './body.ts';

/** A function as it is entered by a call: its parameters are what the call gives. */
export interface Entered {
  fn: FunctionValue;
  frame: Frame | undefined;
  /** Whether it is not what is called, but given to that. */
  isHanded?: boolean;
}

const MAX_FRAMES = 8;

/**
 * The functions of the project that run because of this call: what is called, the constructor of what is made, and
 * functions handed to code that cannot be seen (`ids.map(this.sync)`, `asyncHandler(handle)`).
 */
export function enteredBy(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
): Entered[] {
  const callees = calleesOf(ev, call);
  const entered: Entered[] = [];
  let isOurs = false;
  for (const callee of callees) {
    if (callee.kind === 'function') {
      isOurs = true;
      entered.push(enter(callee, [...callee.bound, ...argumentRefs(call)], call));
    }
    if (callee.kind === 'class' && call.node.type === 'NewExpression') {
      isOurs = true;
      const ctor = callee.at.node.body.body.find(
        (member): member is TSESTree.MethodDefinition =>
          member.type === 'MethodDefinition' && member.kind === 'constructor',
      );
      const fn = ctor && ev.evaluate(here(callee.at.module, ctor.value));
      if (fn?.kind === 'function')
        entered.push(
          enter(
            { ...fn, thisValue: ev.instance(callee.at, call, call as Ref<TSESTree.NewExpression>) },
            argumentRefs(call),
            call,
          ),
        );
    }
  }
  if (!isOurs && !isRegistration(call.node)) entered.push(...handedFunctions(ev, call));
  return entered;
}

/**
 * What is called. Mostly that does not depend on how the code was reached, and then the answer is remembered; where a
 * parameter, `this` or what was made with a parameter is called it does.
 */
export function calleesOf(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
): readonly Value[] {
  const plain = membersOf(present(ev.evaluate(here(call.module, call.node.callee))));
  const isOpen =
    call.frame !== undefined &&
    (plain.some((callee) => callee.kind === 'unknown' || isOfOwnInstance(callee, call)) ||
      callsThis(call.node.callee));
  return isOpen ? membersOf(present(ev.evaluate(beside(call, call.node.callee)))) : plain;
}

/** A method of what the function itself makes with its parameters: `new Flow(orderId)`, then `flow.store()`. */
function isOfOwnInstance(callee: Value, { module, node }: Ref): boolean {
  const made = callee.kind === 'function' ? callee.thisValue : undefined;
  const site = made?.kind === 'instance' ? made.site : undefined;
  if (site?.module !== module || site.node.arguments.length === 0) return false;
  const within = enclosingFunction(node);
  return within !== undefined && contains(within, site.node);
}

function callsThis(callee: Node): boolean {
  let node = unwrap(callee);
  while (node.type === 'MemberExpression') node = unwrap(node.object);
  return node.type === 'ThisExpression' || node.type === 'Super';
}

/** Named functions given as arguments; functions written in place belong to the caller's own body. */
function handedFunctions(
  ev: Evaluation,
  call: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
): Entered[] {
  return call.node.arguments.flatMap((argument): Entered[] => {
    const node = unwrap(argument);
    if (isFunction(node) || !canBeFunction(call, node)) return [];
    if (node.type === 'CallExpression' && !isBind(node)) return [];
    return membersOf(ev.evaluate(beside<Node>(call, node))).flatMap((value) =>
      value.kind === 'function' ? [{ ...enterUnknown(value), isHanded: true }] : [],
    );
  });
}

/** Whether a name or member can mean a function of the project, by its declaration: most arguments are data. */
function canBeFunction({ module, frame }: Ref, node: Node): boolean {
  if (node.type === 'CallExpression') return true;
  let root: Node = node;
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  if (root.type === 'ThisExpression') return node !== root;
  if (root.type !== 'Identifier') return false;
  const variable = module.variableOf(root);
  const definition = variable?.defs[0];
  switch (definition?.type as string | undefined) {
    case 'FunctionName':
    case 'ClassName':
    case 'ImportBinding':
      return true;
    case 'Parameter':
      // What the caller gave is known by the frame alone.
      return frame !== undefined;
    case 'Variable': {
      const init = (definition?.node as { init?: Node | null } | undefined)?.init;
      if (!variable || !init) return false;
      if (node !== root) return module.isModuleLevel(variable);
      return /^(?:ArrowFunctionExpression|FunctionExpression|CallExpression|Identifier|MemberExpression)$/.test(
        unwrap(init).type,
      );
    }
    default:
      return false;
  }
}

function isBind(call: TSESTree.CallExpression): boolean {
  return (
    call.callee.type === 'MemberExpression' &&
    call.callee.property.type === 'Identifier' &&
    call.callee.property.name === 'bind'
  );
}

/** Enters a function with the arguments of a call. */
export function enter(fn: FunctionValue, args: readonly (Ref | Value)[], call: Ref): Entered {
  const depth = Math.max(fn.at.frame?.depth ?? 0, call.frame?.depth ?? 0) + 1;
  const hasSpread = args.some((argument) => 'node' in argument && argument.node.type === 'SpreadElement');
  if (depth > MAX_FRAMES || hasSpread) return enterUnknown(fn);
  if (fn.at.node.params.length === 0 && !fn.thisValue && !fn.at.frame) return { fn, frame: undefined };
  return { fn, frame: { fn: fn.at.node, args, thisValue: fn.thisValue, outer: fn.at.frame, depth } };
}

/** Enters a function whose arguments are not known. */
export function enterUnknown(fn: FunctionValue): Entered {
  return {
    fn,
    frame: fn.thisValue
      ? {
          fn: undefined,
          args: [],
          thisValue: fn.thisValue,
          outer: fn.at.frame,
          depth: (fn.at.frame?.depth ?? 0) + 1,
        }
      : fn.at.frame,
  };
}
