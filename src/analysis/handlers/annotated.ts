/**
 * Handlers that say so where they are declared: by a decorator, by the types of their parameters, by their own.
 */
import type { SourceModule } from '../source/module.ts';
import { decoratorsOf, keyName, type FunctionNode, type Node } from '../source/nodes.ts';
import { beside, here, type Evaluation } from '../values/evaluation.ts';
import { membersOf, type FunctionValue, type Value } from '../values/value.ts';
import type { Framework, Signature } from './framework.ts';
import { functionsIn } from './functions.ts';
import { hasPath } from './paths.ts';

export function annotatedIn(ev: Evaluation, module: SourceModule, framework: Framework): FunctionValue[] {
  return [
    ...decorated(ev, module, framework),
    ...implemented(ev, module, framework),
    ...signed(ev, module, framework.signatures ?? []),
    ...(framework.functionTypes
      ? annotatedValues(ev, module, framework.functionTypes).flatMap((value) => functionsIn(ev, value))
      : []),
  ];
}

function decorated(ev: Evaluation, module: SourceModule, framework: Framework): FunctionValue[] {
  if (!framework.methodDecorators) return [];
  return module
    .nodes('MethodDefinition')
    .filter((method) =>
      decoratorsOf(method).some((decorator) =>
        isHandlerDecorator(ev, ev.evaluate(here(module, decorator.expression)), framework, 0),
      ),
    )
    .flatMap((method) => functionAt(ev, module, method.value));
}

function isHandlerDecorator(ev: Evaluation, value: Value, framework: Framework, depth: number): boolean {
  return membersOf(value).some((member) => {
    if (member.kind !== 'external') return false;
    if (framework.methodDecorators?.test(member.path)) return true;
    const site = framework.decoratorLists?.test(member.path) ? member.site : undefined;
    if (site?.node.type !== 'CallExpression' || depth > 3) return false;
    return site.node.arguments.some((argument) =>
      isHandlerDecorator(ev, ev.evaluate(beside(site, argument)), framework, depth + 1),
    );
  });
}

function implemented(ev: Evaluation, module: SourceModule, framework: Framework): FunctionValue[] {
  const { implementations } = framework;
  if (!implementations) return [];
  return [...module.nodes('ClassDeclaration'), ...module.nodes('ClassExpression')].flatMap((owner) =>
    // Some parsers leave the list out of classes that implement nothing.
    ((owner.implements as typeof owner.implements | undefined) ?? []).flatMap((type) => {
      const value = ev.typed(here(module, type));
      const methods = implementations
        .filter((entry) => hasPath(ev, value, entry.type))
        .map((entry) => entry.methods);
      return owner.body.body.flatMap((member) =>
        member.type === 'MethodDefinition' && methods.some((names) => names.test(keyName(member) ?? ''))
          ? functionAt(ev, module, member.value)
          : [],
      );
    }),
  );
}

function signed(ev: Evaluation, module: SourceModule, signatures: readonly Signature[]): FunctionValue[] {
  if (signatures.length === 0) return [];
  const functions: readonly FunctionNode[] = [
    ...module.nodes('FunctionDeclaration'),
    ...module.nodes('FunctionExpression'),
    ...module.nodes('ArrowFunctionExpression'),
  ];
  return functions
    .filter((fn) => signatures.some((signature) => matches(ev, module, fn, signature)))
    .flatMap((fn) => functionAt(ev, module, fn));
}

function matches(ev: Evaluation, module: SourceModule, fn: FunctionNode, signature: Signature): boolean {
  if (signature.methods && fn.parent.type !== 'MethodDefinition') return false;
  const types: (readonly [Node | undefined, RegExp])[] = signature.parameters.flatMap((pattern, index) =>
    pattern ? [[annotationOf(fn.params[index]), pattern] as const] : [],
  );
  if (signature.returns) types.push([fn.returnType?.typeAnnotation, signature.returns]);
  return types.every(([type, pattern]) => type && hasPath(ev, ev.typed(here(module, type)), pattern));
}

/** The values that are declared or asserted to be of a type with this path. */
export function annotatedValues(ev: Evaluation, module: SourceModule, type: RegExp): Value[] {
  const found: Value[] = [];
  const see = (annotation: Node | undefined, value: Node | null | undefined): void => {
    if (annotation?.type !== 'TSTypeReference' || !value) return;
    if (hasPath(ev, ev.typed(here(module, annotation)), type)) found.push(ev.evaluate(here(module, value)));
  };
  for (const node of module.nodes('VariableDeclarator')) see(annotationOf(node.id), node.init);
  for (const node of module.nodes('PropertyDefinition')) see(annotationOf(node), node.value);
  for (const node of module.nodes('TSSatisfiesExpression')) see(node.typeAnnotation, node.expression);
  for (const node of module.nodes('TSAsExpression')) see(node.typeAnnotation, node.expression);
  return found;
}

function annotationOf(node: Node | undefined): Node | undefined {
  const target = node?.type === 'AssignmentPattern' ? node.left : node;
  return (target as { typeAnnotation?: { typeAnnotation: Node } } | undefined)?.typeAnnotation
    ?.typeAnnotation;
}

export function functionAt(ev: Evaluation, module: SourceModule, node: Node): FunctionValue[] {
  const value = ev.evaluate(here(module, node));
  return value.kind === 'function' ? [value] : [];
}
