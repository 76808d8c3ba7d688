/**
 * What the id of a job is for, besides keeping a second one out: a handle to find the job again, the name of something
 * that comes once anyway.
 */
import { declaredAs } from '../source/declared.ts';
import type { SourceModule } from '../source/module.ts';
import { calleeName, enclosingFunction, unwrap, type Node } from '../source/nodes.ts';
import type { Ref } from '../values/value.ts';

/** Whether an id, as it is written, is there for something else than to be the only job of its kind for ever. */
export function hasOtherPurpose(id: Ref): boolean {
  return isHandle(id) || isOfNewRow(id) || hasMarker(id);
}

/** Whether the same file looks a job up or takes it back by the id, which is there to find the job again. */
function isHandle({ module, node }: Ref): boolean {
  const key = keyOf(module, node);
  return module.nodes('CallExpression').some((call) => {
    const name = calleeName(call.callee);
    const [id] = call.arguments;
    if (!id || (name !== 'getJob' && name !== 'remove')) return false;
    return keyOf(module, id) === key;
  });
}

/** What two expressions for one id have in common: the text, the name of the function that builds it. */
function keyOf(module: SourceModule, node: Node): string {
  const written = declaredAs(module, node);
  if (written.type === 'CallExpression') return `${module.textOf(written.callee)}()`;
  if (written.type === 'TemplateLiteral') return written.quasis.map(({ value }) => value.raw).join('${}');
  return module.textOf(written);
}

/** `batch.id` of `const batch = await prisma.batch.create(...)` in the same function: no second one can come. */
function isOfNewRow({ module, node }: Ref): boolean {
  const written = unwrap(node);
  const parts = written.type === 'TemplateLiteral' ? written.expressions : [written];
  return parts.some((part) => {
    let root = unwrap(part);
    while (root.type === 'MemberExpression') root = unwrap(root.object);
    if (root.type !== 'Identifier') return false;
    let made = declaredAs(module, root);
    if (made === root || enclosingFunction(made) !== enclosingFunction(node)) return false;
    if (made.type !== 'AwaitExpression') return false;
    made = unwrap(made.argument);
    if (made.type !== 'CallExpression') return false;
    const name = calleeName(made.callee) ?? '';
    return CREATES.test(name) && !/\bon(?:Duplicate|Conflict)|skipDuplicates/.test(module.textOf(made));
  });
}

/** Names of what makes a row, and does not find one that is there. */
const CREATES = /^(?:create|insert)(?!\w*(?:Or[A-Z]|IfN))/;

/** Whether the id holds how far something has come, which the job moves on: the next job has another id. */
function hasMarker({ module, node }: Ref): boolean {
  const written = declaredAs(module, node);
  return (
    written.type === 'TemplateLiteral' && written.expressions.some((part) => MARKER.test(module.textOf(part)))
  );
}

const MARKER =
  /(?:\blast\w*At|\w*[cC]ursor|\b(?:v|\w*V)ersion|\bupdatedAt|\w*[wW]atermark|\w*[cC]heckpoint)\b(?:\??\.(?:toISOString|getTime|valueOf|toString)\(\))?(?:\s*\?\?[^]*)?$/;
