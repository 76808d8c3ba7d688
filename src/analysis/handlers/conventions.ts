/**
 * Handlers by where they are: the exports of files that a framework finds by their path, and functions that a
 * directive opens to requests.
 */
import { followExport } from '../modules/follow.ts';
import type { SourceModule } from '../source/module.ts';
import { isFunction, type Node } from '../source/nodes.ts';
import { here, type Evaluation } from '../values/evaluation.ts';
import type { FunctionValue, Value } from '../values/value.ts';
import { functionAt } from './annotated.ts';
import type { FileConvention, Framework } from './framework.ts';
import { EVERYWHERE, functionsIn } from './functions.ts';

export function conventionalIn(
  ev: Evaluation,
  module: SourceModule,
  framework: Framework,
  pathInProject: string,
): FunctionValue[] {
  return (framework.files ?? []).flatMap((convention): FunctionValue[] => {
    if (convention.file && !convention.file.test(pathInProject)) return [];
    if (convention.text && !convention.text.test(module.text)) return [];
    const { directive } = convention;
    if (directive !== undefined && !hasDirective(module.ast.body, directive))
      return module
        .nodes('BlockStatement')
        .flatMap((body) =>
          isFunction(body.parent) && hasDirective(body.body, directive)
            ? functionAt(ev, module, body.parent)
            : [],
        );
    return exported(ev, module, convention).flatMap((value) =>
      functionsIn(ev, value, convention.maps ? EVERYWHERE : {}),
    );
  });
}

function exported(ev: Evaluation, module: SourceModule, convention: FileConvention): Value[] {
  const { named, whole } = module.exports;
  const at = here(module, module.ast);
  const values = [...named.keys()]
    .filter((name) => convention.exports.test(name))
    .map((name) => ev.defined(followExport(ev.modules, module, name), at));
  if (whole && !named.has('default') && convention.exports.test('default'))
    values.push(ev.evaluate(here(module, whole)));
  return values;
}

function hasDirective(statements: readonly Node[], directive: string): boolean {
  for (const statement of statements) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'Literal') return false;
    if (statement.expression.value === directive) return true;
  }
  return false;
}
