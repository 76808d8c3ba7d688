/**
 * Object storage, which every worker sees, and places on the disk that only stand in for it where a project has none.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { flowOf } from '../flow/flow.ts';
import type { SourceModule } from '../source/module.ts';
import { outermost, unwrap, type FunctionNode, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import { nodesBelow } from '../values/functions.ts';
import { dependsOnParameter } from '../values/trace.ts';
import { membersOf, present, type Ref } from '../values/value.ts';
import type { ReachedEffect } from './effect.ts';

/** What is called, or made, to put an object into a bucket. */
const STORES: readonly RegExp[] = [
  /^@aws-sdk\/client-s3:\.(?:PutObjectCommand|CreateMultipartUploadCommand|S3#\.putObject)$/,
  /^@aws-sdk\/lib-storage:\.Upload$/,
  /^aws-sdk(?:\/clients\/s3)?:(?:\.S3|\.default)?#\.(?:upload|putObject)$/,
  /^@google-cloud\/storage:.*\.(?:save|upload|createWriteStream)$/,
  /^firebase-admin(?:\/storage)?:.*\.(?:save|upload|createWriteStream)$/,
  /^@azure\/storage-blob:.*\.upload\w*$/,
  /^minio:.*\.f?[pP]utObject$/,
  /^cloudinary:.*\.(?:upload|upload_stream|upload_large|upload_chunked_stream)$/,
  /^@supabase\/supabase-js:.*\.storage\b.*\.(?:upload|uploadToSignedUrl)$/,
  /^@vercel\/blob:\.put$/,
  /^ali-oss:.*\.(?:put|putStream|multipartUpload)$/,
];

/** Whether a call, or something made, puts an object into a bucket. */
export function storesObjectAt(
  ev: Evaluation,
  { module, node, frame }: Ref<TSESTree.CallExpression | TSESTree.NewExpression>,
): boolean {
  return membersOf(present(ev.evaluate(here(module, node.callee, frame)))).some(
    (callee) => callee.kind === 'external' && STORES.some((known) => known.test(callee.path)),
  );
}

/**
 * Whether configuration decides between an effect and storing an object, so that the one is done where there is no
 * storage: `if (USE_S3) await s3.send(new PutObjectCommand(...)); else fs.writeFileSync(...)`.
 */
export function standsInFor(ev: Evaluation, effect: ReachedEffect, store: ReachedEffect): boolean {
  for (let index = 0; ; index++) {
    const fn = effect.way[index];
    if (!fn || store.way[index]?.at.node !== fn.at.node) return false;
    const [place, other] = [effect, store].map(
      (reached) => reached.way[index + 1]?.call?.node ?? reached.effect.at.node,
    );
    if (!place || !other) return false;
    if (place !== other) return isChosenBySettings(ev, fn.at, place, other);
  }
}

/** Whether one of two places is reached where settings are one way, and the other where they are not. */
function isChosenBySettings(ev: Evaluation, fn: Ref<FunctionNode>, place: Node, other: Node): boolean {
  const { module } = fn;
  const flow = flowOf(module, fn.node);
  if (!flow || flow.canFollow(other, place) || flow.canFollow(place, other)) return false;
  const shared = flow.decisionsBefore(place);
  const own = flow
    .decisionsBefore(other)
    .filter(({ test, when }) => !shared.some((one) => one.test === test && one.when === when));
  const settings = own.filter(({ test }) => isSetting(ev, { ...fn, node: test }));
  return (
    settings.length > 0 &&
    !flow.reachedWhen(new Map(settings.map(({ test, when }) => [test, when] as const)))(place)
  );
}

/** Whether a test asks how the process is set up, and not about the job: `USE_S3`, `this.bucket`, `process.env.X`. */
function isSetting(ev: Evaluation, test: Ref): boolean {
  if (test.node.type === 'SwitchCase') return isSetting(ev, { ...test, node: test.node.parent.discriminant });
  return !dependsOnParameter(ev, test) && !isFoundOut(test.module, test.node, 0);
}

const MAX_NAMES = 4;

/** Whether an expression, or what a name in it was given, waits for something or is changed on the way. */
function isFoundOut(module: SourceModule, expression: Node, depth: number): boolean {
  if (depth > MAX_NAMES) return true;
  return nodesBelow(module, expression).some((node) => {
    if (node.type === 'AwaitExpression') return true;
    const variable = node.type === 'Identifier' ? module.variableOf(node) : undefined;
    const declared = variable?.defs[0]?.node as Node | undefined;
    if (!variable || module.isModuleLevel(variable) || declared?.type !== 'VariableDeclarator') return false;
    if (!declared.init || variable.references.some((use) => use.isWrite() && !use.init)) return true;
    return isFoundOut(module, unwrap(declared.init), depth + 1);
  });
}

const REMOTE = /\b(?:key|location|url|href)\b|[a-z](?:Url|URL|Key)\b|\bS3\b|s3/;

/** `file.location ?? file.path`: the path stands in where there is no object storage, in development. */
export function hasRemoteAlternative(ref: Ref): boolean {
  let node = outermost(ref.node);
  for (let parent = node.parent; parent; node = outermost(parent), parent = node.parent) {
    const others =
      parent.type === 'ConditionalExpression' && parent.test !== node
        ? [parent.consequent, parent.alternate]
        : parent.type === 'LogicalExpression'
          ? [parent.left, parent.right]
          : undefined;
    if (!others) return false;
    if (others.some((other) => other !== node && REMOTE.test(ref.module.textOf(other)))) return true;
  }
  return false;
}
