/**
 * What the id of a job is for, besides keeping a second one out: a handle to find the job again, the name of something
 * that comes once anyway, one job at a time for what is to be brought up to date.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { bodyOf } from '../calls/body.ts';
import { enteredBy } from '../calls/callees.ts';
import { declaredAs } from '../source/declared.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, enclosingFunction, outermost, unwrap, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { throughParameters } from '../values/trace.ts';
import { membersOf, stringOf, type Ref } from '../values/value.ts';
import type { Enqueue, JobInput } from './enqueues.ts';
import { idParts } from './id-parts.ts';
import { nameText } from './recognize.ts';

/** Whether the job is looked up or taken back by its id, which is there to find the job again. */
export function isHandle(ev: Evaluation, { module, node }: Ref): boolean {
  const key = keyOf(module, node);
  const isLookedUp = module.nodes('CallExpression').some((call) => {
    const id = lookedUp(call);
    return id !== undefined && keyOf(module, id) === key;
  });
  return isLookedUp || isGivenToLookUp(ev, module, node);
}

/** `id` of `queue.getJob(id)`, `queue.remove(id)` */
function lookedUp(call: TSESTree.CallExpression): Node | undefined {
  const name = calleeName(call.callee);
  return name === 'getJob' || name === 'remove' ? call.arguments[0] : undefined;
}

/** What two expressions for one id have in common: the text, the name of the function that builds it. */
function keyOf(module: SourceModule, node: Node): string {
  const written = declaredAs(module, node);
  if (written.type === 'CallExpression') return `${module.textOf(written.callee)}()`;
  if (written.type === 'TemplateLiteral') return written.quasis.map(({ value }) => value.raw).join('${}');
  return module.textOf(written);
}

/** `await ensureQueued({ queue, jobId })`, a function that asks for the job of the id. */
function isGivenToLookUp(ev: Evaluation, module: SourceModule, node: Node): boolean {
  const id = unwrap(node);
  const references = id.type === 'Identifier' ? (module.variableOf(id)?.references ?? []) : [];
  return references.some(({ identifier }) => {
    const call = callGiven(identifier);
    if (!call) return false;
    return enteredBy(ev, here(module, call) as Ref<TSESTree.CallExpression>).some(
      ({ fn, frame }) =>
        frame !== undefined &&
        bodyOf(fn.at.module, fn.at.node).some((inner) => {
          const asked = inner.type === 'CallExpression' ? lookedUp(inner) : undefined;
          return asked && throughParameters(ev, here(fn.at.module, asked, frame)).node === identifier;
        }),
    );
  });
}

/** The call that gets a value as an argument, or as a property of one. */
function callGiven(node: Node): TSESTree.CallExpression | undefined {
  let child = outermost(node);
  let { parent } = child;
  if (parent?.type === 'Property' && parent.parent.type === 'ObjectExpression') {
    child = outermost(parent.parent);
    ({ parent } = child);
  }
  return parent?.type === 'CallExpression' && parent.callee !== child ? parent : undefined;
}

/** Whether an id has a part of which there is one only: a row that was just made, how far something has come. */
export function comesOnce(ev: Evaluation, id: Ref): boolean {
  return idParts(ev, id).some((part) => isOfNewRow(part) || isMarker(part));
}

/** `batch.id` of `const batch = await prisma.batch.create(...)` in the same function: no second one can come. */
function isOfNewRow({ module, node }: Ref): boolean {
  let root = unwrap(node);
  while (root.type === 'MemberExpression') root = unwrap(root.object);
  if (root.type !== 'Identifier') return false;
  let made = declaredAs(module, root);
  if (made === root || enclosingFunction(made) !== enclosingFunction(node)) return false;
  if (made.type !== 'AwaitExpression') return false;
  made = unwrap(made.argument);
  if (made.type !== 'CallExpression') return false;
  const name = calleeName(made.callee) ?? '';
  return CREATES.test(name) && !/\bon(?:Duplicate|Conflict)|skipDuplicates/.test(module.textOf(made));
}

/** Names of what makes a row, and does not find one that is there. */
const CREATES = /^(?:create|insert)(?!\w*(?:Or[A-Z]|IfN))/;

/** Whether a part tells how far something has come, which the job or a change moves on: the next job has another id. */
function isMarker({ module, node }: Ref): boolean {
  return MARKER.test(module.textOf(node));
}

const MARKER =
  /(?:\blast\w*At|\w*[cC]ursor|\b(?:v|\w*V)ersion|\b(?:r|\w*R)evision|\bupdatedAt|\w*[wW]atermark|\w*[cC]heckpoint)\b(?:\??\.(?:toISOString|getTime|valueOf|toString)\(\))?(?:\s*\?\?[^]*)?$/;

/**
 * Whether a job says no more than what is to be brought up to date: `refresh` with the id of a record. It reads the
 * rest when it runs, so one that waits is enough, and after that the next change is to add it again.
 */
export function bringsUpToDate(ev: Evaluation, { targets }: Enqueue, job: JobInput): boolean {
  const names = job.name ? membersOf(ev.evaluate(job.name)).map(stringOf) : [];
  const isNamedSo =
    isEach(names, saysUpToDate) ||
    isEach(
      targets.map((target) => nameText(ev, target)),
      saysUpToDate,
    );
  if (!job.payload || !isNamedSo) return false;
  return membersOf(ev.evaluate(job.payload)).every(
    (payload) =>
      payload.kind === 'object' &&
      payload.parts.every(
        (part) => part.kind === 'property' && (NAMES_IT.test(part.key) || isLiteral(ev, part.value)),
      ),
  );
}

function isEach<T>(items: readonly T[], is: (item: T) => boolean): boolean {
  return items.length > 0 && items.every(is);
}

function isLiteral(ev: Evaluation, ref: Ref): boolean {
  return membersOf(ev.evaluate(ref)).every(({ kind }) => kind === 'literal');
}

/** `syncCollection`, `collection-sync`, `REFRESH_TOTALS`: the first word says it, or the last. */
function saysUpToDate(name: string | undefined): boolean {
  const words = name
    ?.replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g);
  return [words?.at(0), words?.at(-1)].some((word) => word !== undefined && UP_TO_DATE.test(word));
}

const UP_TO_DATE =
  /^(?:re)?(?:sync|synchroni[sz]e)$|^re(?:fresh|index|calc|calculate|compute|validate|concile|build)$|^cleanup$/;
/** Keys of what a job is about, and of when it was asked for. */
const NAMES_IT = /^(?:u?id|ids|uuid|slug|type|kind|timestamp)$|[a-z](?:Ids?|ID|Uuid|Type)$|_ids?$/;
