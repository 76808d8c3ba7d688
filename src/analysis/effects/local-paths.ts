/**
 * Paths in a payload that name a file on the disk of the machine that enqueues: known by where they come from (an
 * upload, the temp directory, the working directory) or by the write that made the file.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { findIn, type Part } from '../entities/parts.ts';
import { requestPart } from '../entities/requests.ts';
import { isFunction, keyName, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { throughParameters } from '../values/trace.ts';
import {
  external,
  membersOf,
  present,
  stringOf,
  unknown,
  type ExternalValue,
  type Frame,
  type Ref,
  type Value,
} from '../values/value.ts';
import { fileWrites, placeOf } from './kinds/writes-file.ts';
import { hasRemoteAlternative } from './object-storage.ts';

export type LocalKind = 'upload' | 'temporary' | 'working directory' | 'written';

export interface FoundPath {
  /** What to report. */
  at: Ref;
  kind: LocalKind;
  /** Whether it is a whole uploaded file, which holds its path. */
  isFile: boolean;
}

export interface LocalPathOptions {
  /** Whether a function answers requests, though nothing in its own file says what it is given. */
  isHandler?: (fn: FunctionNode) => boolean;
  /** Where uploads are kept: `disk` is known, of `elsewhere` the path can be a URL. */
  uploads?: () => 'disk' | 'elsewhere' | 'unknown';
}

/** Every local path in a payload, each place once. */
export function localPathsIn(ev: Evaluation, payload: Ref, options: LocalPathOptions = {}): FoundPath[] {
  const seen = new Set<Node>();
  return findIn(ev, payload, (part) => judge(ev, part, options)).filter(({ at }) => {
    const isNew = !seen.has(at.node);
    seen.add(at.node);
    return isNew;
  });
}

function judge(ev: Evaluation, part: Part, options: LocalPathOptions): FoundPath[] | undefined {
  if (part.isOptional || part.isUnlikely) return undefined;
  const value = part.value.kind === 'unknown' ? inHandler(ev, part.ref, options.isHandler) : part.value;
  const { at } = part;
  const kind = kindOf(ev, value);
  if (!kind && value.kind === 'external' && isUploadedFile(value))
    return options.uploads?.() === 'disk' ? [{ at, kind: 'upload', isFile: true }] : [];
  if (!kind || hasRemoteAlternative(part.ref)) return undefined;
  if (kind === 'upload' && options.uploads?.() === 'elsewhere') return [];
  return [{ at, kind, isFile: false }];
}

/** What a path begins with; `code` is where the module lies, `relative` a text that may be no path at all. */
type Root = 'upload' | 'temporary' | 'working directory' | 'code' | 'relative';

interface Located {
  root: Root;
  /** What follows the root, as far as it is known. */
  tail: readonly Piece[];
}

interface Piece {
  text: string | undefined;
  /** What is written down of it, where that is not all: `.hbs` of `${name}.hbs`. */
  written: readonly string[];
  /** Whether it is the name that an uploaded file has on the disk. */
  isUploaded: boolean;
}

function kindOf(ev: Evaluation, value: Value): LocalKind | undefined {
  const found = locate(ev, value);
  if (found?.root === 'upload' || found?.root === 'temporary') return found.root;
  if (found?.tail.some(({ isUploaded }) => isUploaded) === true && value.kind === 'external') return 'upload';
  if (found?.root === 'working directory') return isDeployed(found.tail) ? undefined : found.root;
  return found && isWritten(ev, value) ? 'written' : undefined;
}

/** Folders that are deployed with the code. */
const DEPLOYED =
  /^(?:src|dist|build|lib|app|assets?|static|public|templates?|views|emails?|mails?|locales?|i18n|lang|fonts?|fixtures|seeds?|prisma|migrations|config|scripts|workers?|processors?|drizzle|sql|certs?|partials|layouts|node_modules|package\.json)$/;

/** `path.join(process.cwd(), 'templates', 'welcome.hbs')`: the same file for every job, in a folder of the code. */
function isDeployed(tail: readonly Piece[]): boolean {
  const segments = tail.flatMap(({ text }) => (text === undefined ? [undefined] : text.split(/[/\\]+/)));
  return (
    segments.every((segment) => segment !== undefined) && segments.some((segment) => DEPLOYED.test(segment))
  );
}

/** Folders that fill up while the code runs, or hold data of any size. */
const FILLED =
  /^(?:uploads?|exports?|imports?|storage|data|datasets?|media|downloads?|files|reports?|outputs?|out|te?mp|logs?|cache|backups?|documents?|invoices?|public|static)$/i;

/** Files that are made with the code, wherever they lie: templates, certificates, fonts. */
const MADE = /\.(?:hbs|handlebars|mustache|mjml|ejs|pug|njk|liquid|pem|crt|cer|key|p8|ttf|otf|woff2?)$/i;

/**
 * Whether a path names a file that is deployed with the code: one below the code that is the same for every job, or one
 * of a folder of the code, as `templates` is.
 */
export function isDeployedFile(ev: Evaluation, path: Ref): boolean {
  const found = locate(ev, ev.evaluate(path));
  if (found?.root !== 'code' && found?.root !== 'working directory') return false;
  const written = found.tail.flatMap((one) => one.written.flatMap((text) => text.split(/[/\\]+/)));
  const isWhole = found.tail.every(({ text }) => text !== undefined);
  const isMade = MADE.test(written.at(-1) ?? '');
  if (written.some((segment) => FILLED.test(segment))) return isWhole && isMade;
  if (isWhole && (isMade || found.root === 'code')) return true;
  const isInFolder = written.some((segment) => DEPLOYED.test(segment));
  return isInFolder && (found.root === 'code' || isWhole);
}

const MAX_DEPTH = 8;

/** What a path is made of; `undefined` where it does not begin with something known. */
function locate(ev: Evaluation, value: Value, depth = 0): Located | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const text = stringOf(value);
  if (text !== undefined) return literalPath(text);
  if (value.kind === 'union') {
    const found = membersOf(present(value))
      .map((member) => locate(ev, member, depth + 1))
      .find((located) => located !== undefined);
    // `process.env.FILES_DIR ?? tmpdir()`: where it matters, it is a directory that all processes have.
    return found?.root === 'temporary' && value.members.some(isFromEnvironment) ? undefined : found;
  }
  // A sum is not known to be text where one of its operands is not.
  if (value.kind === 'unknown' || (value.kind === 'primitive' && value.type === 'string'))
    return locateText(ev, value.at, depth);
  return value.kind === 'external' ? locateExternal(ev, value, depth) : undefined;
}

function isFromEnvironment(value: Value): boolean {
  return value.kind === 'external' && /^(?:global:|process:)\.(?:process\.)?env\.\w+$/.test(value.path);
}

const TEMPORARY_TEXT =
  /^(?:(?:\/private)?\/tmp|\/var\/tmp|\/var\/folders|\/dev\/shm)(?:\/|$)|^[A-Za-z]:[\\/](?:.*[\\/])?te?mp(?:[\\/]|$)/i;

function literalPath(text: string): Located | undefined {
  if (TEMPORARY_TEXT.test(text)) return { root: 'temporary', tail: [] };
  return /^[\w.-]+(?:\/|$)/.test(text) && !/^\w+:/.test(text)
    ? { root: 'relative', tail: [piece(text)] }
    : undefined;
}

/** Text that is put together: a template, a sum, `String(...)`, a method that keeps the beginning. */
function locateText(ev: Evaluation, at: Ref, depth: number): Located | undefined {
  const node = unwrap(at.node);
  const part = (inner: Node): Value => ev.evaluate(beside(at, inner));
  switch (node.type) {
    case 'TemplateLiteral': {
      const [first, ...quasis] = node.quasis;
      const start = first?.value.cooked;
      const [root, ...others] = node.expressions;
      const rest = [
        ...quasis.map(({ value }) => piece(value.cooked)),
        ...others.map((inner) => pieceOf(part(inner))),
      ];
      if (start) return extended(literalPath(start), [...(root ? [pieceOf(part(root))] : []), ...rest]);
      return root && extended(locate(ev, part(root), depth + 1), rest);
    }
    case 'BinaryExpression':
      return node.left.type === 'PrivateIdentifier'
        ? undefined
        : extended(locate(ev, part(node.left), depth + 1), [pieceOf(part(node.right))]);
    case 'CallExpression': {
      const callee = unwrap(node.callee);
      const [first] = node.arguments;
      if (callee.type === 'Identifier')
        return callee.name === 'String' && first ? locate(ev, part(first), depth + 1) : undefined;
      return callee.type === 'MemberExpression' && keepsBeginning(at, node, keyName(callee))
        ? locate(ev, part(callee.object), depth + 1)
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether a method of a string leaves its beginning alone. */
function keepsBeginning(at: Ref, call: TSESTree.CallExpression, method: string | undefined): boolean {
  const [first] = call.arguments;
  // `path.replace(/\\/g, '/')` makes Windows' separators those of the others.
  if (method === 'replace' || method === 'replaceAll')
    return first !== undefined && at.module.textOf(first).includes('\\\\');
  return /^(?:toString|trim|trimEnd|normalize|concat|padEnd)$/.test(method ?? '');
}

const PATH = String.raw`(?:path(?:\/posix|\/win32)?|upath|pathe):(?:\.posix|\.win32)?`;
const JOINED = new RegExp(String.raw`^${PATH}\.(?:join|joinSafe)\(\)$`);
const RESOLVED = new RegExp(String.raw`^${PATH}\.resolve\(\)$`);
/** Functions that give the path they are given, or the folder it is in. */
const PASSED_ON = new RegExp(
  String.raw`^(?:${PATH}\.(?:normalize|normalizeSafe|dirname|toUnix)|(?:fs|fs-extra|graceful-fs|fs\/promises):(?:\.promises)?\.realpath(?:Sync)?(?:\.native)?|(?:slash|normalize-path|untildify):(?:\.default)?|url:\.(?:fileURLToPath|pathToFileURL))\(\)(?:\.href|\.pathname|\.toString\(\))?$`,
);
const TEMPORARY = new RegExp(
  [
    String.raw`os:\.tmpdir\(\)`,
    String.raw`(?:os-tmpdir|temp-dir|tempfile|unique-temp-dir|temp-write)(?:\/\w+)?:(?:\.default|\.\w+)?(?:\(\))?`,
    String.raw`(?:fs|fs\/promises|fs-extra|graceful-fs|mz\/fs):(?:\.promises)?\.mkdtemp(?:Sync)?(?:\(\)|>1)`,
    String.raw`tmp:\.(?:file|dir)(?:Sync\(\)\.name|>1)`,
    String.raw`tmp:\.tmpName(?:Sync\(\)|>1)`,
    String.raw`tmp:\.tmpdir`,
    String.raw`tmp-promise:\.(?:(?:file|dir)(?:\(\)|>0)\.path|(?:file|dir)Sync\(\)\.name|tmpName(?:Sync)?\(\))`,
    String.raw`tempy:\.(?:temporary(?:File|Directory|Write|WriteSync)|file|directory|write|writeSync)(?:\.sync)?\(\)`,
    String.raw`tempy:\.(?:rootTemporaryDirectory|root)`,
    String.raw`temp:(?:\.track\(\))?\.(?:openSync\(\)\.path|open>1\.path|mkdirSync\(\)|mkdir>1|path\(\)|dir)`,
    String.raw`global:\.process\.env\.(?:TMPDIR|TEMP|TMP)`,
    String.raw`global:\.Deno\.makeTemp(?:File|Dir)(?:Sync)?\(\)`,
  ]
    .join('|')
    .replace(/^/, '^(?:')
    .concat(')$'),
);
const WORKING =
  /^(?:global:\.process\.(?:cwd\(\)|env\.(?:PWD|INIT_CWD))|process:\.(?:cwd\(\)|env\.(?:PWD|INIT_CWD))|global:\.Deno\.cwd\(\))$/;
const CODE = /^global:\.(?:__dirname|__filename|import\.meta\.(?:dirname|filename|url|dir|path))$/;

function locateExternal(ev: Evaluation, value: ExternalValue, depth: number): Located | undefined {
  const { path } = value;
  if (isFieldOfUpload(value, 'path')) return { root: 'upload', tail: [] };
  if (TEMPORARY.test(path)) return { root: 'temporary', tail: [] };
  if (WORKING.test(path)) return { root: 'working directory', tail: [] };
  if (CODE.test(path)) return { root: 'code', tail: [] };
  const site = value.site;
  if (/^(?:global|url):\.URL#$/.test(path) && site?.node.type === 'NewExpression') {
    // `new URL('./query.sql', import.meta.url)`
    const [name, base] = site.node.arguments.map((argument) => ev.evaluate(beside(site, argument as Node)));
    return name && base && extended(locate(ev, base, depth + 1), [pieceOf(name)]);
  }
  if (site?.node.type !== 'CallExpression') return undefined;
  const call = beside(site, site.node);
  const args = call.node.arguments.flatMap((argument) =>
    argument.type === 'SpreadElement' ? [] : [ev.evaluate(beside(call, argument))],
  );
  if (JOINED.test(path))
    return args[0] && extended(locate(ev, args[0], depth + 1), args.slice(1).map(pieceOf));
  if (RESOLVED.test(path)) return resolved(ev, args, depth);
  if (PASSED_ON.test(path)) return args[0] && locate(ev, args[0], depth + 1);
  // `req.file.path.replace(/\\/g, '/')`
  const method = /^(.*)\.(\w+)\(\)$/s.exec(path);
  const callee = unwrap(call.node.callee);
  return method && callee.type === 'MemberExpression' && keepsBeginning(call, call.node, method[2])
    ? locate(ev, ev.evaluate(beside(call, callee.object)), depth + 1)
    : undefined;
}

/** `path.resolve(...)`: the last argument that is absolute begins the path, else the working directory does. */
function resolved(ev: Evaluation, args: readonly Value[], depth: number): Located | undefined {
  for (let index = args.length - 1; index >= 0; index--) {
    const argument = args[index] as Value;
    const tail = args.slice(index + 1).map(pieceOf);
    const found = locate(ev, argument, depth + 1);
    if (found && found.root !== 'relative') return extended(found, tail);
    if (stringOf(argument)?.startsWith('/') === true) return undefined;
    if (index === 0) return found && { root: 'working directory', tail: [...found.tail, ...tail] };
  }
  return { root: 'working directory', tail: [] };
}

function extended(located: Located | undefined, tail: readonly Piece[]): Located | undefined {
  return located && { root: located.root, tail: [...located.tail, ...tail] };
}

function piece(text: string | null | undefined): Piece {
  return { text: text ?? undefined, written: text ? [text] : [], isUploaded: false };
}

function pieceOf(value: Value): Piece {
  const text = stringOf(value);
  return {
    text,
    written: text === undefined ? writtenIn(value.at.node) : [text],
    isUploaded: membersOf(value).some(
      (member) => member.kind === 'external' && isFieldOfUpload(member, 'name'),
    ),
  };
}

function writtenIn(node: Node): string[] {
  return node.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.raw) : [];
}

/** The steps from `files` to one of them: an element, a field, what a callback over them is given. */
const STEP = String.raw`\[\]|\.\d+|\.(?:map|forEach|flatMap|filter|find)(?:\(\)|>0)`;
/** Types and decorators of uploaded files, and what parsers of multipart requests give. */
const PARSED = [
  String.raw`(?:global:\.Express\.Multer|multer:)\.File#`,
  String.raw`@nestjs\/common:\.UploadedFiles?\(\)@`,
  String.raw`formidable:.*(?:\.parse(?:\(\)|>[12])|\.on>1)`,
  String.raw`formidable:\.File#`,
  String.raw`multiparty:.*\.(?:parse>2|on>1)`,
  String.raw`fastify:.*\.saveRequestFiles\(\)`,
].join('|');
const WHOLE = [
  new RegExp(String.raw`^(?:${PARSED})(?:${STEP})*$`),
  new RegExp(String.raw`^(.+?)(?:\.file|\.files(?:\.\w+)?(?:${STEP})*)$`),
] as const;
const FIELD = new RegExp(
  String.raw`^(?:${PARSED}|(.+?)\.files?)(?:${STEP}|\.(?!buffer|stream)\w+){0,4}\.(?:(path|destination|filepath|tempFilePath)|(filename|newFilename))$`,
);

function isUploadedFile({ path }: ExternalValue): boolean {
  const owner = WHOLE[1].exec(path)?.[1];
  return WHOLE[0].test(path) || (owner !== undefined && isRequest(owner));
}

/** Whether a path of provenance is a field of an uploaded file: where it is on the disk, or its name there. */
function isFieldOfUpload({ path }: ExternalValue, field: 'path' | 'name'): boolean {
  const match = FIELD.exec(path);
  if (match?.[field === 'path' ? 2 : 3] === undefined) return false;
  return match[1] === undefined || isRequest(match[1]);
}

function isRequest(path: string): boolean {
  const part = requestPart(path);
  return part === 'request' || part === 'context';
}

/** What an expression is when the handler that it stands in, or that passes it on, is given a request. */
function inHandler(ev: Evaluation, ref: Ref, isHandler: LocalPathOptions['isHandler']): Value {
  const at = throughParameters(ev, ref);
  const node = unwrap(at.node);
  if (at.frame) {
    const key = node.type === 'MemberExpression' ? keyName(node) : undefined;
    return node.type === 'MemberExpression' && key !== undefined
      ? ev.member(inHandler(ev, beside(at, node.object), isHandler), key, at)
      : unknown(at);
  }
  for (let current: Node | undefined = node; current && isHandler; current = current.parent) {
    if (!isFunction(current) || !isHandler(current)) continue;
    const args = current.params.map((parameter, index) => {
      const place = here(at.module, parameter);
      return index === 0 ? external(place, 'express:.Request#') : unknown(place);
    });
    const frame: Frame = {
      fn: current,
      args,
      thisValue: undefined,
      outer: undefined,
      depth: 1,
    };
    return ev.evaluate({ ...at, frame });
  }
  return unknown(at);
}

const MOVES =
  /^(?:fs|fs\/promises|fs-extra|graceful-fs):(?:\.promises)?\.(?:rename|renameSync|move|moveSync)$/;
const WRITES =
  /writeFile|appendFile|WriteStream|copy|rename|move|outputFile|toFile|\bsave|\.mv\(|write|output/i;

/** Whether the file that makes a path also writes to it, and not into a place that configuration decides. */
function isWritten(ev: Evaluation, value: Value): boolean {
  const { module, node } = value.at;
  if (!WRITES.test(module.text)) return false;
  return module.nodes('CallExpression').some((call) => {
    const target = call.arguments.find(
      (argument) => argument.type !== 'SpreadElement' && ev.evaluate(here(module, argument)).at.node === node,
    );
    if (!target || !/^(?:persistent|scratch)$/.test(placeOf(ev, here(module, target)))) return false;
    const text = module.textOf(target);
    const writes = fileWrites(ev, { module, frame: undefined, body: [call] });
    return writes.some((write) => write.target === text) || moves(ev, here(module, call), target);
  });
}

/** `fs.rename(from, target)`, and `file.mv(target)` of express-fileupload. */
function moves(ev: Evaluation, { module, node }: Ref, target: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = unwrap(node.callee);
  if (callee.type === 'MemberExpression' && keyName(callee) === 'mv') return node.arguments[0] === target;
  return membersOf(ev.evaluate(here(module, callee))).some(
    (member) => member.kind === 'external' && MOVES.test(member.path) && node.arguments[1] === target,
  );
}
