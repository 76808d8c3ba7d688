import { recordsIn, type FoundRecord } from '../src/analysis/entities/records.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import { createRule } from '../src/plugin/create-rule.ts';

interface Options {
  allowRequestBody: boolean;
}
type MessageId = 'record' | 'records' | 'request' | 'body' | 'passId';

export default createRule<Options, MessageId>({
  name: 'no-entity-payload',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow database records and whole requests in the data of a job.',
      preset: 'hard-stops',
      clauses: ['D2'],
    },
    hasSuggestions: true,
    messages: {
      record:
        '`{{name}}` is a whole {{orm}} record: the job works on a copy that is stale when it runs, and Redis keeps every column. Pass its id and load the record in the processor.',
      records:
        '`{{name}}` holds whole {{orm}} records: the job works on copies that are stale when it runs, and Redis keeps every column. Pass their ids and load the records in the processor.',
      request:
        '`{{name}}` is the whole {{part}}: JSON cannot carry it, and what it can carry puts headers and cookies into Redis. Pass the fields that the job needs.',
      body: '`{{name}}` is whatever the client sent, and the job has to trust it. Validate it and pass the fields that the job needs.',
      passId: 'Pass `{{id}}` instead (the processor has to load the record).',
    },
    schema: [
      {
        type: 'object',
        properties: {
          allowRequestBody: {
            type: 'boolean',
            description:
              'Allow the body of a request as the data, as webhooks do once the signature is checked.',
          },
        },
        additionalProperties: false,
      },
    ],
    defaultOptions: [{ allowRequestBody: true }],
  },
  create({ facts, options, report }) {
    const check = (enqueue: Enqueue): void => {
      for (const { payload } of enqueue.jobs)
        for (const found of payload ? recordsIn(facts.ev, payload) : []) {
          // What another file writes into the payload is reported there.
          if (found.at.module !== facts.module) continue;
          if (found.kind === 'body' && options.allowRequestBody) continue;
          const { suggestion } = found;
          report(found.at.node, {
            messageId: messageFor(found),
            data: { name: found.name, orm: found.orm ?? '', part: found.kind },
            suggest: suggestion
              ? [
                  {
                    messageId: 'passId',
                    data: { id: suggestion.text },
                    fix: (fixer) => fixer.replaceText(suggestion.node, suggestion.text),
                  },
                ]
              : [],
          });
        }
    };
    return { enqueue: check, passedEnqueue: check };
  },
});

function messageFor({ kind, isList }: FoundRecord): MessageId {
  if (kind === 'record') return isList ? 'records' : 'record';
  return kind === 'body' ? 'body' : 'request';
}
