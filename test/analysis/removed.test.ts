import * as six from 'bullmq';
import * as five from 'bullmq5';
import { describe, expect, it } from 'vitest';
import {
  removedExports,
  removedMembers,
  type RemovedMember,
} from '../../src/analysis/jobs/dialects/bullmq-removed.ts';
import type { Role } from '../../src/analysis/jobs/dialects/index.ts';

const CLASSES: Record<Role, string> = {
  queue: 'Queue',
  worker: 'Worker',
  flow: 'FlowProducer',
  'queue-events': 'QueueEvents',
  job: 'Job',
};
/** Set by the constructor, so that the class alone does not show them. */
const FIELDS = new Set(['debounceId', 'blockingClient', 'progress']);

const members = (Object.keys(removedMembers) as Role[]).flatMap((role) =>
  Object.entries(removedMembers[role] ?? {}).map(([name, member]): [string, Role, string, RemovedMember] => [
    `${role}.${name}`,
    role,
    name,
    member,
  ]),
);

function prototype(library: object, role: Role): object {
  return (Reflect.get(library, CLASSES[role]) as { prototype: object }).prototype;
}

describe('the table of what BullMQ has removed', () => {
  it.each(members.filter(([, , name]) => !FIELDS.has(name)))(
    '%s is in the majors before, and in none after',
    (_title, role, name, { since }) => {
      expect(name in prototype(six, role)).toBe(false);
      expect(name in prototype(five, role)).toBe(since > 5);
    },
  );

  it.each(members.filter(([, , , { renamed, method }]) => renamed !== undefined && method))(
    '%s has a new name that both majors have',
    (_title, role, _name, { renamed = '' }) => {
      expect(renamed in prototype(six, role)).toBe(true);
      expect(renamed in prototype(five, role)).toBe(true);
    },
  );

  it.each(Object.entries(removedExports))('%s is exported before, and not after', (name, { since }) => {
    expect(name in six).toBe(false);
    expect(name in five).toBe(since > 5);
  });
});
