/**
 * The request handlers of a module: functions that run while somebody waits for an answer.
 */
import type { SourceModule } from '../source/module.ts';
import { calleeName, decoratorsOf, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import type { FunctionValue } from '../values/value.ts';
import { annotatedIn } from './annotated.ts';
import { conventionalIn } from './conventions.ts';
import { ROUTE_CALL, type Framework } from './framework.ts';
import { frameworks as allFrameworks } from './frameworks/index.ts';
import { functionsIn } from './functions.ts';
import { addRegistered } from './registered.ts';

export interface Handler {
  fn: FunctionValue;
  framework: string;
}

/** Every handler that a module registers, declares or exports, each function once; some are of other files. */
export function handlersIn(
  ev: Evaluation,
  module: SourceModule,
  pathInProject: string,
  frameworks: readonly Framework[] = allFrameworks,
): Handler[] {
  const found = new Map<Node, Handler>();
  const add = (fn: FunctionValue, framework: Framework): void => {
    if (!found.has(fn.at.node)) found.set(fn.at.node, { fn, framework: framework.name });
  };
  const hasRouteCall = ROUTE_CALL.test(module.text);
  const mentioned = new Set(
    frameworks.filter(
      ({ text, routeCalls = false }) => (hasRouteCall && routeCalls) || text.test(module.text),
    ),
  );
  for (const framework of mentioned) for (const fn of annotatedIn(ev, module, framework)) add(fn, framework);
  for (const framework of frameworks)
    for (const fn of conventionalIn(ev, module, framework, pathInProject)) add(fn, framework);
  addRegistered(ev, module, frameworks, mentioned, add);
  return [...found.values()];
}

/** Functions given to functions of these names, and methods decorated with them, by the user's word. */
export function namedHandlers(
  ev: Evaluation,
  module: SourceModule,
  names: readonly string[],
): FunctionValue[] {
  if (names.length === 0) return [];
  const wanted = new Set(names);
  const found: FunctionValue[] = [];
  for (const call of module.nodes('CallExpression'))
    if (wanted.has(calleeName(call.callee) ?? ''))
      for (const argument of call.arguments)
        if (argument.type !== 'SpreadElement')
          found.push(...functionsIn(ev, ev.evaluate(here(module, argument))));
  for (const method of module.nodes('MethodDefinition'))
    for (const { expression } of decoratorsOf(method))
      if (wanted.has(calleeName(expression.type === 'CallExpression' ? expression.callee : expression) ?? ''))
        found.push(...functionsIn(ev, ev.evaluate(here(module, method.value))));
  return found;
}
