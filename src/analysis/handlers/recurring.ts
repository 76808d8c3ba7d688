/**
 * Functions that run again and again though nobody asks for an answer: on events, by timers, by a schedule.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName, decoratorsOf, unwrap, type Node } from '../source/nodes.ts';
import type { SourceModule } from '../source/module.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, present, stringOf, type FunctionValue, type Ref } from '../values/value.ts';

/** Methods that keep their callback for every event of a name. */
const LISTENS = new Set(['on', 'addListener', 'addEventListener', 'prependListener']);
/** Events that come once in the life of a process or connection, or seldom. */
const ONCE =
  /^(?:ready|listening|open|opened|connect|connected|start|started|bootstrap|init|initialized|load|loaded|error|close|closed|exit|beforeExit|end|finish|shutdown|disconnect|disconnected|reconnect\w*|SIG[A-Z]+\d?|uncaught\w*|unhandled\w*|rejection\w*|warning|message_error)$/;

const SCHEDULES =
  /^(?:node-cron:.*\.schedule|node-schedule:.*\.scheduleJob|croner:(?:\.Cron)?\(?\)?|cron:\.(?:CronJob|job)(?:\.from)?)$/;
const DECORATORS =
  /^(?:@nestjs\/event-emitter:\.OnEvent|@nestjs\/schedule:\.(?:Cron|Interval)|@nestjs\/microservices:\.(?:EventPattern|MessagePattern)|@nestjs\/websockets:\.SubscribeMessage|@nestjs\/cqrs:\.\w+)\(\)$/;

export function recurringIn(ev: Evaluation, module: SourceModule): FunctionValue[] {
  const found: FunctionValue[] = [];
  const add = (node: Node | undefined): void => {
    if (!node || node.type === 'SpreadElement') return;
    for (const value of membersOf(ev.evaluate(here(module, node))))
      if (value.kind === 'function') found.push(value);
  };
  for (const call of module.nodes('CallExpression')) {
    const name = calleeName(call.callee) ?? '';
    const [first, second] = call.arguments;
    if (LISTENS.has(name) && unwrap(call.callee).type === 'MemberExpression' && first && second) {
      const event = stringOf(ev.evaluate(here(module, first)));
      if (event !== undefined && !ONCE.test(event)) add(second);
    } else if (name === 'setInterval' && isGlobal(module, call)) add(first);
    else if (/^(?:schedule|scheduleJob|job|from|Cron)$/.test(name) && isSchedule(ev, module, call))
      for (const argument of call.arguments) add(argument);
  }
  for (const made of module.nodes('NewExpression'))
    if (/^Cron(?:Job)?$/.test(calleeName(made.callee) ?? '') && isSchedule(ev, module, made))
      for (const argument of made.arguments) add(argument);
  for (const method of module.nodes('MethodDefinition'))
    if (decoratorsOf(method).some(({ expression }) => isPath(ev, here(module, expression), DECORATORS))) {
      const fn = ev.evaluate(here(module, method.value));
      const owner = method.parent.parent;
      if (fn.kind === 'function')
        found.push({
          ...fn,
          thisValue: ev.instance(here(module, owner) as Ref<typeof owner>, here(module, owner)),
        });
    }
  return found;
}

function isGlobal(module: SourceModule, call: TSESTree.CallExpression): boolean {
  const callee = unwrap(call.callee);
  return callee.type === 'Identifier' && !module.variableOf(callee);
}

function isSchedule(
  ev: Evaluation,
  module: SourceModule,
  call: TSESTree.CallExpression | TSESTree.NewExpression,
): boolean {
  return isPath(ev, here(module, call.callee), SCHEDULES);
}

function isPath(ev: Evaluation, at: Ref, pattern: RegExp): boolean {
  return membersOf(present(ev.evaluate(at))).some(
    (value) => value.kind === 'external' && pattern.test(value.path),
  );
}
