/**
 * The plugin's shared settings: `settings: { 'async-tasks': { ... } }`.
 */
export interface Settings {
  /** Files that are tests and are not reported on, in the syntax of `.gitignore`. */
  testFiles: readonly string[];
  /** Report on test files as on any other. */
  includeTests: boolean;
  /** Names of functions that run the function they are given as the handler or processor it is. */
  wrappers: readonly string[];
  /** Names of functions or decorators, besides those of known frameworks, that make a function a request handler. */
  handlers: readonly string[];
  /** Names of functions or decorators, besides those of known ORMs, that run a function inside a database transaction. */
  transactionFunctions: readonly string[];
  /** Names of functions or methods of house clients that do something outside which must not come twice. */
  externalCalls: readonly string[];
}

export const SETTINGS_KEY = 'async-tasks';

export const DEFAULT_SETTINGS: Settings = {
  testFiles: [
    '*.test.*',
    '*.spec.*',
    '*.e2e.*',
    '*.e2e-spec.*',
    '*-test.[cm]?[jt]s',
    '__tests__/',
    '__mocks__/',
    'test/',
    'tests/',
    'e2e/',
    'cypress/',
    'playwright/',
  ],
  includeTests: false,
  wrappers: [],
  handlers: [],
  transactionFunctions: [],
  externalCalls: [],
};

/** A linter gives one object to all files with the same configuration. */
const known = new WeakMap<object, Settings>();

/**
 * Reads the settings.
 *
 * @throws {TypeError} with the key's name when a key is not known or its value is of the wrong type.
 */
export function readSettings(all: Readonly<Record<string, unknown>> | undefined): Settings {
  const given = all?.[SETTINGS_KEY];
  if (given === undefined) return DEFAULT_SETTINGS;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError(`settings['${SETTINGS_KEY}'] must be an object.`);
  const read = known.get(given);
  if (read) return read;
  for (const [key, value] of Object.entries(given)) {
    if (!Object.hasOwn(DEFAULT_SETTINGS, key))
      throw new TypeError(
        `settings['${SETTINGS_KEY}'].${key} is not a setting. There are: ${Object.keys(DEFAULT_SETTINGS).join(', ')}.`,
      );
    const expected = DEFAULT_SETTINGS[key as keyof Settings];
    const isRight =
      typeof expected === 'boolean'
        ? typeof value === 'boolean'
        : Array.isArray(value) && value.every((item) => typeof item === 'string');
    if (!isRight)
      throw new TypeError(
        `settings['${SETTINGS_KEY}'].${key} must be ${typeof expected === 'boolean' ? 'true or false' : 'a list of strings'}.`,
      );
  }
  const settings = { ...DEFAULT_SETTINGS, ...given };
  known.set(given, settings);
  return settings;
}
