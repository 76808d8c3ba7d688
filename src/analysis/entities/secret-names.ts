/**
 * Which names of fields say that the value is a secret. A name is read as words, and what it means stands last:
 * `userPassword` is a password, `passwordChangedAt` is a time.
 */

/** A one-time code is worthless after its use; everything else stays valid for as long as Redis keeps it. */
export type SecretKind = 'secret' | 'code';

/** Endings, as words with a space between. */
const SECRETS = new Set([
  'password',
  'passwords',
  'passwd',
  'pwd',
  'passphrase',
  'passcode',
  'secret',
  'secrets',
  'token',
  'credential',
  'credentials',
  'authorization',
  'jwt',
  'mnemonic',
  'seed phrase',
  'api key',
  'apikey',
  'access key',
  'private key',
  'privatekey',
  'secret key',
  'signing key',
  'encryption key',
  'master key',
  'ssh key',
  'access tokens',
  'refresh tokens',
  'auth tokens',
  'card number',
  'cardnumber',
  'credit card',
  'cvv',
  'cvc',
  'ssn',
  'social security number',
]);

/** What may follow and changes nothing: `passwordPlain`, `tokenValue`. */
const TRAILING = new Set(['plain', 'plaintext', 'raw', 'value', 'text', 'string', 'decrypted', 'cleartext']);

/** Words before the ending with which it is public by design. */
const PUBLIC = new Set([
  ...['public', 'device', 'push', 'fcm', 'apns', 'apn', 'expo', 'notification', 'registration'],
  ...['csrf', 'xsrf', 'publishable', 'unsubscribe'],
]);
/** What the name of a public value ends with. */
const CREDENTIALS = /^(?:key|keys|token|tokens)$/;

/** Words before the ending with which it is no secret: a flag, a number, something public, or already protected. */
const HARMLESS = new Set([
  // flags
  ...['has', 'is', 'must', 'should', 'needs', 'require', 'requires', 'can', 'with', 'without', 'use', 'uses'],
  ...['no', 'allow', 'enable', 'enabled', 'disable', 'show', 'force', 'forgot', 'forgotten', 'needs'],
  // numbers
  ...['max', 'min', 'num', 'total', 'count', 'per', 'avg'],
  ...PUBLIC,
  // places in a list
  ...['next', 'page', 'prev', 'previous', 'continuation', 'cursor', 'sync', 'delta', 'start', 'pagination'],
  ...['resume', 'change'],
  // protected
  ...['hash', 'hashed', 'encrypted', 'masked', 'redacted', 'cipher', 'sealed'],
]);

/** Words before `token` with which it is a coin, or a piece of text. */
const OTHER_TOKENS = new Set([
  ...[
    'in',
    'out',
    'from',
    'to',
    'base',
    'quote',
    'buy',
    'sell',
    'input',
    'output',
    'native',
    'fee',
    'source',
  ],
  ...[
    'destination',
    'target',
    'nft',
    'lp',
    'pool',
    'reward',
    'wrapped',
    'stable',
    'erc20',
    'gas',
    'collateral',
  ],
  ...['prompt', 'completion', 'stop', 'design', 'cancel', 'cancellation', 'abort', 'lock', 'job', 'worker'],
]);

/** Words before `card number` with which the card pays nothing. */
const OTHER_CARDS =
  /^(?:e|gift|business|member(?:ship)?|loyalty|library|score|id|identity|greeting|sim|report|health|student)$/;

/** What a one-time code is for: `resetToken`, `verificationCode`. */
const CODE_WORDS =
  /^(?:verif\w*|valid\w*|confirm\w*|activation|reset|otp|mfa|2fa|totp|two|factor|login|auth\w*|security|one|time|onetime|sms|access|pass|magic|invit\w*|recovery|backup|signup|registration|email|phone)$/;

const MAIL_SETTINGS = new Set([
  ...['smtp', 'config', 'configuration', 'settings', 'auth', 'account', 'options', 'transport'],
]);
/** Whose `pass` is a password. */
const ACCOUNTS = new Set([
  ...['smtp', 'mail', 'email', 'imap', 'pop3', 'gmail', 'ftp', 'sftp', 'db', 'database', 'redis', 'auth'],
  ...['user', 'admin', 'login', 'account', 'proxy', 'credentials'],
]);

/** What the fields on the way to a value say that it is; the last one counts, the others give it a meaning. */
export function secretKind(keys: readonly string[]): SecretKind | undefined {
  const named = keys.filter((key) => key !== '[]' && key !== '*');
  const last = named.at(-1);
  if (last === undefined) return undefined;
  const words = wordsOf(last);
  while (words.length > 1 && TRAILING.has(words.at(-1) ?? '')) words.pop();
  if (words.some((word) => HARMLESS.has(word)) || /^(?:un)?(?:hash|encrypt)ed/.test(words[0] ?? ''))
    return undefined;
  return kindOf(words, named.at(-2));
}

function kindOf(words: readonly string[], parent: string | undefined): SecretKind | undefined {
  const ending = words.at(-1) ?? '';
  const before = words.at(-2);
  if (ending === 'token' && before !== undefined) {
    if (words.includes('reset')) return 'code';
    return OTHER_TOKENS.has(before) ? undefined : 'secret';
  }
  if (ending === 'otp' || ending === 'totp' || (ending === 'code' && words.slice(0, -1).every(isCodeWord)))
    return 'code';
  if (ending === 'pin') return before === undefined || before === 'card' ? 'secret' : undefined;
  if (ending === 'pass')
    return ACCOUNTS.has(before ?? wordsOf(parent ?? '').at(-1) ?? '') ? 'secret' : undefined;
  if (words[0] === 'smtp' && MAIL_SETTINGS.has(ending)) return 'secret';
  if (ending === 'number' && before === 'card' && OTHER_CARDS.test(words.at(-3) ?? '')) return undefined;
  const isSecret = [1, 2, 3].some((count) => SECRETS.has(words.slice(-count).join(' ')));
  return isSecret ? 'secret' : undefined;
}

function isCodeWord(word: string): boolean {
  return CODE_WORDS.test(word);
}

/** Whether a function makes a one-time code, by its name: `createVerificationCode`. */
export function makesCode(name: string): boolean {
  const [verb, ...words] = wordsOf(name);
  return (
    /^(?:create|generate|make|get|issue|new|build)$/.test(verb ?? '') && kindOf(words, undefined) === 'code'
  );
}

/** Whether the name that a value goes by says that it is public: `publicKey`, `publishableKey`, `csrfToken`. */
export function isPublicName(name: string): boolean {
  const words = wordsOf(name);
  return CREDENTIALS.test(words.at(-1) ?? '') && words.slice(0, -1).some((word) => PUBLIC.has(word));
}

/** Whether a name says that what it holds can be shown: `passwordHash`, `encryptedSecret`, `tokenId`. */
export function isProtectedName(name: string): boolean {
  const words = wordsOf(name);
  return (
    words.some((word) => /^(?:encrypted|hashed|masked|redacted|sealed|cipher\w*)$/.test(word)) ||
    /^(?:id|ids|hash|hashes|digest|uuid|count)$/.test(words.at(-1) ?? '')
  );
}

/** `smtpAPIKey`, `smtp_api_key`, `smtp-api-key`: smtp, api, key. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}
