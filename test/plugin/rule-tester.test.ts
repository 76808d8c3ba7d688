/**
 * ESLint's own tester checks what our tables do not: that suggestions parse, that messages have their data, that
 * a rule changes no node.
 */
import { RuleTester, type InvalidTestCase } from '@typescript-eslint/rule-tester';
import { afterAll, describe, it } from 'vitest';
import { rules } from '../../rules/index.ts';

RuleTester.afterAll = afterAll;
RuleTester.describe = describe;
RuleTester.it = it;

type TestedRule = Parameters<RuleTester['run']>[1];
const tester = new RuleTester();
const queue = `import { Queue } from 'bullmq'; const queue = new Queue('mail');`;
const policy = `attempts: 3, backoff: { type: 'exponential', delay: 1000 }`;

tester.run('require-retry-policy', rules['require-retry-policy'] as unknown as TestedRule, {
  valid: [`${queue} await queue.add('send', {}, { ${policy} });`],
  invalid: [
    {
      code: `${queue} await queue.add('send', { id });`,
      errors: [
        {
          messageId: 'noAttempts',
          suggestions: [
            { messageId: 'addPolicy', output: `${queue} await queue.add('send', { id }, { ${policy} });` },
          ],
        },
      ],
    },
    {
      code: `${queue} await queue.add('send', { id }, { attempts: 5 });`,
      errors: [
        {
          messageId: 'noBackoff',
          data: { attempts: '5' },
          suggestions: [
            {
              messageId: 'addBackoff',
              output: `${queue} await queue.add('send', { id }, { attempts: 5, backoff: { type: 'exponential', delay: 1000 } });`,
            },
          ],
        },
      ],
    },
  ] satisfies InvalidTestCase<string, unknown[]>[],
});
