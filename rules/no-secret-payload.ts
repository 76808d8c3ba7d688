import { secretsIn, type FoundSecret } from '../src/analysis/entities/secrets.ts';
import type { Part } from '../src/analysis/entities/parts.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { callsByName } from '../src/analysis/project/callers.ts';
import { contains, enclosingFunction } from '../src/analysis/source/nodes.ts';
import type { Ref } from '../src/analysis/values/value.ts';
import { dependsOnParameter } from '../src/analysis/values/trace.ts';
import { createRule, type RuleTools } from '../src/plugin/create-rule.ts';

interface Options {
  oneTimeCodes: boolean;
}
type MessageId = 'secret' | 'code';
type Tools = RuleTools<Options, MessageId>;

export default createRule<Options, MessageId>({
  name: 'no-secret-payload',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow passwords, tokens, keys and card numbers in the data of a job.',
      preset: 'recommended',
      clauses: ['D2'],
    },
    messages: {
      secret:
        'Redis keeps `{{name}}` in clear text, for dashboards and everybody with access to read. Pass an id and load the secret in the processor, or encrypt it.',
      code: 'Redis keeps `{{name}}` in clear text, and who reads it in time can use it. Pass an id and make the code in the processor, or encrypt it.',
    },
    schema: [
      {
        type: 'object',
        properties: {
          oneTimeCodes: {
            type: 'boolean',
            description: 'Also report one-time codes: `otp`, reset tokens, verification codes.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ oneTimeCodes: false }],
  },
  create(tools) {
    const check = (enqueue: Enqueue): void => {
      for (const { payload } of enqueue.jobs) if (payload) checkPayload(tools, enqueue, payload);
    };
    return { enqueue: check, passedEnqueue: check };
  },
});

/** One report for each place, which names all the secrets that come from there. */
function checkPayload({ facts, options, report }: Tools, enqueue: Enqueue, payload: Ref): void {
  const isOwn = (part: Part): boolean =>
    part.at.module === enqueue.call.module && contains(enqueue.call.node, part.at.node);
  const found = secretsIn(facts.ev, payload, (part) => enqueue.via.length === 0 || !isOwn(part)).filter(
    ({ at, kind, isDeclared }) =>
      at.module === facts.module &&
      (kind === 'secret' || options.oneTimeCodes) &&
      !(isDeclared && isGivenByCallers({ facts }, at)),
  );
  for (const first of found) {
    const alike = found.filter(({ at }) => at.node === first.at.node);
    if (alike[0] !== first) continue;
    report(first.at.node, {
      messageId: first.kind,
      data: { name: [...new Set(alike.map(nameOf))].join('`, `') },
    });
  }
}

/** What a function takes and passes on by its declared type is reported where a caller writes it. */
function isGivenByCallers({ facts }: Pick<Tools, 'facts'>, at: Ref): boolean {
  const fn = enclosingFunction(at.node);
  return (
    fn !== undefined &&
    dependsOnParameter(facts.ev, at) &&
    callsByName(facts.project, facts.module, fn).length > 0
  );
}

function nameOf({ keys }: FoundSecret): string {
  return keys.join('.').replaceAll('.[]', '[]');
}
