/**
 * Whether an expression comes from the data of the job that is run: through names, patterns, and the arguments of
 * the calls that led here.
 */
import { runsInPlace } from '../calls/body.ts';
import { contains, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, type Evaluation } from '../values/evaluation.ts';
import { frameOf, parameterOf } from '../values/names.ts';
import type { Ref } from '../values/value.ts';

/** The job itself, or something of its data. */
type JobPart = 'job' | 'data';

const MAX_DEPTH = 10;

/** Whether any part of an expression is of the job's data; `running` is the function it runs in. */
export function mentionsJobData(ev: Evaluation, ref: Ref, running: FunctionNode): boolean {
  const stack: Node[] = [ref.node];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (
      (node.type === 'Identifier' || node.type === 'MemberExpression') &&
      jobPart(ev, beside(ref, node), running, 0) === 'data'
    )
      return true;
    stack.push(...ref.module.childrenOf(node));
  }
  return false;
}

function jobPart(ev: Evaluation, ref: Ref, running: FunctionNode, depth: number): JobPart | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const node = unwrap(ref.node);
  const inner = (next: Node): JobPart | undefined => jobPart(ev, beside(ref, next), running, depth + 1);
  switch (node.type) {
    case 'Identifier':
      return partOfName(ev, beside(ref, node), running, depth);
    case 'MemberExpression':
      return partUnder(inner(node.object), keyName(node));
    case 'CallExpression': {
      // `String(job.data.id)`, `schema.parse(job.data)`, `job.data.id.trim()`
      const callee = unwrap(node.callee);
      if (callee.type === 'MemberExpression' && inner(callee.object) === 'data') return 'data';
      return node.arguments.some((argument) => inner(argument) === 'data') ? 'data' : undefined;
    }
    case 'NewExpression':
      return node.arguments.some((argument) => inner(argument) === 'data') ? 'data' : undefined;
    case 'LogicalExpression':
    case 'BinaryExpression':
      return inner(node.left) ?? inner(node.right);
    case 'ConditionalExpression':
      return inner(node.consequent) ?? inner(node.alternate);
    case 'UnaryExpression':
      return inner(node.argument);
    case 'TemplateLiteral':
      return node.expressions.some((part) => inner(part) === 'data') ? 'data' : undefined;
    case 'ArrayExpression':
      return node.elements.some((part) => part && inner(part) === 'data') ? 'data' : undefined;
    case 'ObjectExpression':
      return node.properties.some(
        (part) => inner(part.type === 'SpreadElement' ? part.argument : part.value) === 'data',
      )
        ? 'data'
        : undefined;
    default:
      // What is awaited was looked up, by whatever: it is no longer what the job says.
      return undefined;
  }
}

function partUnder(owner: JobPart | undefined, key: string | undefined): JobPart | undefined {
  return owner === 'job' ? (key === 'data' ? 'data' : undefined) : owner;
}

function partOfName(ev: Evaluation, ref: Ref, running: FunctionNode, depth: number): JobPart | undefined {
  const variable = ref.module.variableOf(ref.node);
  const definition = variable?.defs[0];
  const identifier = variable?.identifiers[0] as Node | undefined;
  if (!definition || !identifier) return undefined;
  if ((definition.type as string) === 'Variable') {
    const { id, init } = definition.node as { id: Node; init?: Node | null };
    return init
      ? throughPattern(id, identifier, jobPart(ev, beside(ref, init), running, depth + 1))
      : undefined;
  }
  if ((definition.type as string) !== 'Parameter') return undefined;
  const fn = definition.node as FunctionNode;
  const parameter = parameterOf(fn, identifier);
  if (!parameter) return undefined;
  const frame = frameOf(ref.frame, fn);
  const argument = frame?.args[parameter.index];
  if (frame)
    return argument && !('kind' in argument)
      ? throughPattern(parameter.pattern, identifier, jobPart(ev, argument, running, depth + 1))
      : undefined;
  const isEntry = fn === running || !runsInPlace(fn);
  return isEntry && parameter.index === 0 ? throughPattern(parameter.pattern, identifier, 'job') : undefined;
}

/** What a pattern gives to one of its names. */
function throughPattern(pattern: Node, identifier: Node, owner: JobPart | undefined): JobPart | undefined {
  if (owner === undefined || pattern === identifier) return owner;
  switch (pattern.type) {
    case 'TSParameterProperty':
      return throughPattern(pattern.parameter, identifier, owner);
    case 'AssignmentPattern':
      return throughPattern(pattern.left, identifier, owner);
    case 'ObjectPattern': {
      const property = pattern.properties.find((candidate) => contains(candidate, identifier));
      if (property?.type === 'RestElement') return owner;
      return property && throughPattern(property.value, identifier, partUnder(owner, keyName(property)));
    }
    case 'ArrayPattern':
      return owner === 'data' ? owner : undefined;
    default:
      return undefined;
  }
}
