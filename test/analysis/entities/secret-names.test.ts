import { describe, expect, it } from 'vitest';
import { isProtectedName, secretKind } from '../../../src/analysis/entities/secret-names.ts';

describe('a field is', () => {
  it.each([
    ['password', 'secret'],
    ['SMTP_PASSWORD', 'secret'],
    ['smtpAPIKey', 'secret'],
    ['bot-token', 'secret'],
    ['passwordPlain', 'secret'],
    ['decryptedSecret', 'secret'],
    ['smtpSettings', 'secret'],
    ['auth.pass', 'secret'],
    ['mail.smtpPass', 'secret'],
    ['list.[].pin', 'secret'],
    ['accessTokens', 'secret'],
    ['passwordResetToken', 'code'],
    ['otp', 'code'],
    ['code', 'code'],
    ['loginCode', 'code'],
    ['statusCode', undefined],
    ['tokens', undefined],
    ['tokenIn', undefined],
    ['quoteToken', undefined],
    ['passwordHash', undefined],
    ['hashedPassword', undefined],
    ['secretArn', undefined],
    ['hasPassword', undefined],
    ['nextPageToken', undefined],
    ['smtpHost', undefined],
    ['tests.pass', undefined],
    ['pinCode', undefined],
    ['publicKey', undefined],
    ['password.[]', 'secret'],
    ['*', undefined],
    ['', undefined],
  ])('%s: %s', (keys, kind) => {
    expect(secretKind(keys.split('.'))).toBe(kind);
  });
});

it.each([
  ['passwordHash', true],
  ['encryptedToken', true],
  ['tokenId', true],
  ['cipherText', true],
  ['password', false],
  ['identity', false],
])('the name %s says that it can be shown: %s', (name, expected) => {
  expect(isProtectedName(name)).toBe(expected);
});
