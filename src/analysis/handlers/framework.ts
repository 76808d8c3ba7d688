/**
 * What there is to know about a framework's request handlers, as data. Supporting another framework is another
 * table. Paths are those of `ExternalValue`: `express:()` is the `app` that `express()` made.
 */

/** Where functions are looked for in a value that is no function itself. */
export interface Places {
  /** Properties of objects that hold handlers, or objects with such properties again: `{ options: { handler } }`. */
  properties?: readonly string[];
  /** Properties of objects that hold maps of handlers, all of whose functions count: `{ resolvers }`. */
  maps?: readonly string[];
}

/** A function that is given handlers. Every function among its arguments counts, also in lists and in wrappers. */
export interface Registration extends Places {
  /** Path of what has the function: an application or router, a package, an object of the language. */
  on: RegExp;
  /** Names under which it has the function. */
  names: readonly string[];
  /** What the first argument must say: `server.on('request', ...)`. */
  first?: RegExp;
}

/** How an object that handlers are registered on is handed to functions that do so: `app.register(routes)`. */
interface Plugins extends Places {
  /** Methods of the object that hand it to a function as the first argument. */
  names: readonly string[];
  /** Paths of the annotation of such a function. */
  types?: RegExp;
  /** Path of what a function with such an annotation is given. */
  object: string;
}

/** The declared types by which a function is known as a handler; all of them must match. */
export interface Signature {
  /** By position; `undefined` is any parameter. */
  parameters: readonly (RegExp | undefined)[];
  returns?: RegExp;
  /** Whether only methods of classes count. */
  methods?: boolean;
}

export interface FileConvention {
  /** Matches the file's path below the project's root, with forward slashes. Absent where any file can be one. */
  file?: RegExp;
  /** Names of the exports that are handlers. */
  exports: RegExp;
  /** Whether an exported object's functions are handlers: `export const actions = { create, remove }`. */
  maps?: boolean;
  /** Text that the file must contain as well. */
  text?: RegExp;
  /** The file's or function's directive that makes exported functions handlers: `use server`. */
  directive?: string;
}

export interface Framework {
  name: string;
  /** Words one of which a file must contain to hold a handler of this framework, save by a file convention. */
  text: RegExp;
  /** Whether a file may also have the object it registers on from another file of the project: see {@link ROUTE_CALL}. */
  routeCalls?: boolean;
  /** Paths of what handlers are registered on: functions of the project that are given one are looked into. */
  objects?: RegExp;
  registrations?: readonly Registration[];
  plugins?: Plugins;
  /** Paths of decorators that make a method a handler. */
  methodDecorators?: RegExp;
  /** Paths of functions that make one decorator of several. */
  decoratorLists?: RegExp;
  /** Methods that run for requests in classes that declare to implement a type. */
  implementations?: readonly { type: RegExp; methods: RegExp }[];
  signatures?: readonly Signature[];
  /** Paths of the annotation of a variable that holds a handler: `const handle: RequestHandler = ...`. */
  functionTypes?: RegExp;
  files?: readonly FileConvention[];
}

/** A call that looks like the registration of a route on a router of whatever framework: `.get('/users', ...)`. */
export const ROUTE_CALL =
  /\.(?:get|post|put|patch|delete|del|all|any|use|on|group)\(\s*['"`][/*:][^'"`\n]*['"`]\s*,|\.(?:route|openapi)\(/;
