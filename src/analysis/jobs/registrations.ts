/**
 * Registrations of queues with NestJS: calls of a module's functions, and the options they give.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, stringOf, unknown, type Ref, type Value } from '../values/value.ts';
import type { Dialect } from './dialects/index.ts';

/** A call of a Nest module's function: `BullModule.registerQueue(...)`. */
export interface NestRegistration {
  call: Ref<TSESTree.CallExpression>;
  method: string;
  dialect: Dialect;
}

/** Options of one queue, or of all for a root. */
export interface RegisteredOptions {
  /** Name of the queue or flow producer, where it is known. */
  name: string | undefined;
  value: Value;
}

/** The options that a registration gives, directly or from a factory. */
export function registeredOptions(ev: Evaluation, registration: NestRegistration): RegisteredOptions[] {
  const { call, method } = registration;
  const isAsync = method.endsWith('Async');
  const given: RegisteredOptions[] = [];
  for (const argument of call.node.arguments) {
    const isSpread = argument.type === 'SpreadElement';
    const at = here(call.module, isSpread ? argument.argument : argument, call.frame);
    const value = ev.evaluate(at);
    // `forRoot('configKey', options)`
    if (value.kind === 'literal' || value.kind === 'primitive') continue;
    for (const member of membersOf(isSpread ? ev.element(value, at) : value)) {
      const name = ev.lookup(member, 'name');
      given.push({
        name: name.state === 'known' ? stringOf(name.value) : undefined,
        value: isAsync ? factoryResult(ev, member, at) : member,
      });
    }
  }
  return given;
}

/** What `useFactory` returns, or the method of the `useClass` class that makes the options. */
function factoryResult(ev: Evaluation, options: Value, at: Ref): Value {
  const sources = ['useFactory', 'useClass', 'useExisting'].map((key) => ev.lookup(options, key));
  if (sources.every((source) => source.state === 'absent')) return options;
  const factory = ev.lookup(options, 'useFactory');
  if (factory.state === 'known' && factory.value.kind === 'function')
    return ev.returned(factory.value, [], at);
  for (const key of ['useClass', 'useExisting']) {
    const found = ev.lookup(options, key);
    if (found.state !== 'known' || found.value.kind !== 'class') continue;
    const owner = found.value.at;
    for (const method of ['createSharedConfiguration', 'createRegisterQueueOptions', 'createBullOptions']) {
      const member = ev.member(ev.instance(owner, at), method, at);
      if (member.kind === 'function') return ev.returned(member, [], at);
    }
  }
  return unknown(at);
}
