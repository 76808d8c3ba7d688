import { testRule } from '../support/rule-cases.ts';

const QUEUE = `import { Queue } from 'bullmq'; const queue = new Queue('mail');`;
/** The payload stands in line 3. */
const add = (payload: string, declarations = ''): string =>
  `${QUEUE} ${declarations}\nexport const enqueue = (user, input) => queue.add('x',\n${payload}\n);`;
const codes = { options: { oneTimeCodes: true } };

testRule('no-secret-payload', {
  valid: [
    ['a token that anybody with the mail may use', add('{ unsubscribeToken: user.token }')],
    [
      'a code that is made as one, in a field of another name',
      {
        'a.js': `import { Queue } from 'bullmq'; const q = new Queue('mail'); export async function send(id) { await q.add('verify', { token: await createEmailVerificationCode(id) }); const made = codes.generateLoginCode(id); await q.add('login', { token: made }); }`,
      },
    ],
    [
      'the number of a card that pays nothing',
      {
        'a.js': `import { Queue } from 'bullmq'; const q = new Queue('mail'); export const send = (eCardNumber, memberCardNumber) => q.add('card', { eCardNumber, memberCardNumber });`,
      },
    ],
    [
      'ids',
      add(`{ userId: user.id, tokenId: input.tokenId, passwordResetId: input.id, secretArn: input.arn }`),
    ],
    [
      'values whose own names say that they are public',
      add(
        `{ ingestionApiKey: input.scope.publicKey, apiKey: publishableKey, token: user.pushToken, accessToken: user.tokenId }`,
        'const { publishableKey } = settings;',
      ),
    ],
    [
      'a public value through a constant and a parameter',
      {
        'a.js': `import { send } from './queue.js';\nexport const f = (scope) => { const origin = { apiKey: scope.publicKey }; return send({ apiKey: origin.apiKey }); };`,
        'queue.js': `${QUEUE} export const send = (data) => queue.add('x', data);`,
      },
    ],
    [
      'a one-time code by its own name under the name of a token',
      `${QUEUE} class User { send() { return queue.add('x', { params: { token: this.resetPasswordToken } }); } }`,
    ],
    ['flags', add(`{ hasPassword: input.a, mustResetPassword: input.b, requiresToken: input.c }`)],
    [
      'a truth value under a telling name',
      add(`{ password: true, token: !!user.token, secret: Boolean(input.s) }`),
    ],
    [
      'times and policies of passwords',
      add(`{ passwordChangedAt: user.changed, passwordPolicy: input.policy }`),
    ],
    ['hashes', add(`{ passwordHash: user.hash, hashedPassword: user.hashed, password_hash: input.hash }`)],
    [
      'what is called encrypted',
      add(`{ encryptedPassword: input.e, passwordEncrypted: input.f, token: input.encryptedToken }`),
    ],
    [
      'a value that is encrypted in place',
      add(`{ password: encrypt(user.password), apiKey: vault.encrypt(input.key) }`),
    ],
    [
      'a value that was encrypted before',
      `${QUEUE}\nexport async function enqueue(user) {\nconst token = await encryptText(user.token);\nawait queue.add('x', { token });\n}`,
    ],
    [
      'a digest',
      add(
        `{ token: createHash('sha256').update(user.token).digest('hex') }`,
        `import { createHash } from 'node:crypto';`,
      ),
    ],
    [
      'a hash by bcrypt',
      add(`{ password: bcrypt.hashSync(user.password, 10) }`, `import bcrypt from 'bcrypt';`),
    ],
    [
      'counts of the tokens of a language model',
      add(
        `{ maxTokens: 100, tokenCount: input.n, tokensUsed: input.used, promptTokens: input.p, tokens: 12, totalTokens: input.t }`,
      ),
    ],
    ['keys that are public', add(`{ publicKey: user.key, publishableKey: input.key, publicToken: input.t }`)],
    [
      'tokens of devices',
      add(`{ deviceToken: user.device, pushToken: user.push, fcmToken: user.fcm, expoPushToken: user.expo }`),
    ],
    [
      'tokens of forms and pages',
      add(
        `{ csrfToken: input.csrf, nextPageToken: input.next, pageToken: input.page, syncToken: input.sync, cursor: input.cursor }`,
      ),
    ],
    [
      'coins',
      add(`{ tokenIn: input.a, tokenOut: input.b, baseToken: input.c, tokenAddress: input.d, token: 'ETH' }`),
    ],
    [
      'keys of caches and objects',
      add(`{ key: input.key, cacheKey: input.cache, s3Key: input.path, idempotencyKey: input.id }`),
    ],
    ['nothing', add(`{ password: undefined, token: null, secret: '' }`)],
    ['asterisks', add(`{ password: '***', token: '[REDACTED]' }`)],
    ['a job whose name speaks of passwords', `${QUEUE}\nqueue.add('reset-password', { userId: '1' });`],
    [
      'one-time codes',
      add(`{ otp: input.otp, resetToken: input.t, passwordResetToken: input.u, verificationCode: input.v }`),
    ],
    [
      'codes that are none',
      add(`{ countryCode: input.a, zipCode: input.b, errorCode: input.c, promoCode: input.d }`),
      codes,
    ],
    [
      'words that contain others',
      add(
        `{ passport: input.a, secretary: input.b, tokenizer: input.c, bypass: input.d, compass: input.e, spin: input.f }`,
      ),
    ],
    ['results of tests', add(`{ pass: input.pass, fail: input.fail }`)],
    [
      'the settings of a mail server without its password',
      add(`{ smtp: { host: input.host, port: 25 }, smtpHost: input.host }`),
    ],
    [
      'where a field may be missing by its type',
      {
        'a.ts': `${QUEUE}\ninterface Login { id: string; password?: string }\nexport const enqueue = (login: Login) => queue.add('x', login);`,
      },
    ],
    [
      'the options of the job',
      `${QUEUE}\nexport const enqueue = (token) => queue.add('x', { id: 1 }, { deduplication: { id: token } });`,
    ],
    [
      'what a wrapper takes by its type: its callers write it',
      {
        'a.ts': `${QUEUE}\ninterface Mail { to: string; secret: string }\nexport function enqueue(mail: Mail) { return queue.add('x', mail); }`,
        'b.ts': `import { enqueue } from './a';\nexport const send = (to: string) => enqueue({ to, secret: '***' });`,
      },
    ],
    ['a Map that is called queue', `const queue = new Map();\nqueue.add('x', { password: input.password });`],
    [
      'odd shapes',
      `${QUEUE}\nexport const f = (...all) => { queue.add(); queue.add('x'); queue.add(...all); queue.add('x', { [all]: all, ...all }); };`,
    ],
  ],
  invalid: [
    [
      'a password',
      add(`{ email: user.email, password: input.password }`),
      { line: 3, messageId: 'secret', says: '`password`' },
    ],
    [
      'shorthand properties',
      `${QUEUE}\nexport const f = (password, apiKey) => queue.add('x', {\npassword,\napiKey,\n});`,
      [
        { line: 3, messageId: 'secret' },
        { line: 4, messageId: 'secret' },
      ],
    ],
    ...[
      'newPassword',
      'user_password',
      'dbPassword',
      'passphrase',
      'accessToken',
      'refresh_token',
      'token',
      'sessionToken',
      'inviteToken',
      'githubToken',
      'clientSecret',
      'webhookSecret',
      'privateKey',
      'secretAccessKey',
      'API_KEY',
      'authorization',
      'credentials',
      'cardNumber',
      'creditCardNumber',
      'cvv',
      'smtpPassword',
      'smtpConfig',
      'smtpPass',
      'jwt',
      'ssn',
      'passwordPlain',
    ].map((name): [string, string, { line: number; messageId: string }] => [
      `a field called ${name}`,
      add(`{ ${name}: input.value }`),
      { line: 3, messageId: 'secret' },
    ]),
    [
      'deep inside',
      add(`{ account: { auth: { user: input.user, pass: input.pass } } }`),
      { line: 3, messageId: 'secret', says: '`account.auth.pass`' },
    ],
    [
      'in a list',
      add(`{ accounts: input.list.map((one) => ({ password: one.password })) }`),
      { line: 3, messageId: 'secret' },
    ],
    [
      'tokens of another service',
      add(`{ tokens: { access_token: input.a, refresh_token: input.b } }`),
      [
        { line: 3, messageId: 'secret' },
        { line: 3, messageId: 'secret' },
      ],
    ],
    [
      'a header',
      add('{ headers: { Authorization: `Bearer ${input.key}` } }'),
      { line: 3, messageId: 'secret' },
    ],
    [
      'a secret from the environment',
      add(`{ apiKey: process.env.STRIPE_KEY }`),
      { line: 3, messageId: 'secret' },
    ],
    ['digits', add(`{ cardNumber: 4242424242424242 }`), { line: 3, messageId: 'secret' }],
    [
      'one of two values',
      add(`{ password: input.generated ? input.password : undefined }`),
      { line: 3, messageId: 'secret' },
    ],
    [
      'a payload in a variable: at the argument',
      `${QUEUE}\nexport async function f(input) {\nconst data = { id: 1, password: input.password };\nawait queue.add('x', data);\n}`,
      { line: 4, messageId: 'secret' },
    ],
    [
      'a field that is set later',
      `${QUEUE}\nexport async function f(input) {\nconst data = { id: 1 };\ndata.password = input.password;\nawait queue.add('x',\ndata);\n}`,
      { line: 6, messageId: 'secret' },
    ],
    [
      'several of one variable: told once',
      `${QUEUE}\nexport async function f(input) {\nconst data = { token: input.a, password: input.b };\nawait queue.add('x', data);\n}`,
      { line: 4, messageId: 'secret', says: '`token`, `password`' },
    ],
    [
      'by the declared type of what a handler takes',
      {
        'a.ts': `${QUEUE}\ninterface Login { id: string; password: string }\nexport class Logins {\nenqueue(login: Login) {\nreturn queue.add('x', login);\n}\n}`,
      },
      { line: 5, messageId: 'secret' },
    ],
    [
      'in bulk',
      `${QUEUE}\nexport const f = (users) => queue.addBulk(users.map((user) => ({\nname: 'x',\ndata: { password: user.password },\n})));`,
      { line: 4, messageId: 'secret' },
    ],
    [
      'in a flow',
      `import { FlowProducer } from 'bullmq'; const flows = new FlowProducer();\nexport const f = (input) => flows.add({ name: 'a', queueName: 'q', data: {}, children: [\n{ name: 'b', queueName: 'q', data: { token: input.token } },\n] });`,
      { line: 3, messageId: 'secret' },
    ],
    [
      'in a scheduled job',
      `${QUEUE}\nqueue.upsertJobScheduler('poll', { every: 1000 }, { name: 'poll', data: {\napiKey: process.env.KEY } });`,
      { line: 3, messageId: 'secret' },
    ],
    [
      'through a wrapper of another file: where it is written',
      {
        'queue.ts': `${QUEUE}\ninterface Mail { to: string; password: string }\nexport async function sendMail(mail: Mail) { await queue.add('mail', mail, { attempts: 3 }); }`,
        'a.ts': `import { sendMail } from './queue';\nexport async function signUp(email: string, password: string) {\nawait sendMail({\nto: email,\npassword,\n});\n}`,
      },
      { line: 5, messageId: 'secret' },
    ],
    [
      'with CommonJS',
      {
        'queue.cjs': `const { Queue } = require('bullmq');\nmodule.exports = { mails: new Queue('mails') };`,
        'a.cjs': `const { mails } = require('./queue.cjs');\nexports.signUp = async (req, res) => {\nconst { email, password } = req.body;\nawait mails.add('welcome', {\nemail, password });\n};`,
      },
      { file: 'a.cjs', line: 5, messageId: 'secret' },
    ],
    [
      'through an injected service',
      {
        'mail.service.ts': `import { Injectable } from '@nestjs/common'; import { InjectQueue } from '@nestjs/bullmq'; import { Queue } from 'bullmq';\n@Injectable()\nexport class MailService {\nconstructor(@InjectQueue('mail') private readonly queue: Queue) {}\nasync send(data: Record<string, unknown>) { await this.queue.add('send', data); }\n}`,
        'a.ts': `import { MailService } from './mail.service';\nexport class Users {\nconstructor(private readonly mails: MailService) {}\nasync create(dto: any) {\nawait this.mails.send({ to: dto.email,\npassword: dto.password });\n}\n}`,
      },
      { line: 6, messageId: 'secret' },
    ],
    [
      'secrets whose own names say so, or say nothing',
      add(
        `{ apiKey: input.privateKey, token: input.public, secret: input.key, accessToken: input.userToken }`,
      ),
      Array.from({ length: 4 }, () => ({ line: 3, messageId: 'secret' })),
    ],
    [
      'a one-time code by its own name, where codes are asked for',
      add(`{ token: user.resetPasswordToken }`),
      { line: 3, messageId: 'code' },
      codes,
    ],
    [
      'one-time codes, where they are asked for',
      add(`{ otp: input.otp, resetToken: input.t, verificationCode: input.v, code: input.code }`),
      Array.from({ length: 4 }, () => ({ line: 3, messageId: 'code' })),
      codes,
    ],
  ],
});
