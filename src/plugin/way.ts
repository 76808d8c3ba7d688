/**
 * How a finding was reached, as text for its message.
 */
import path from 'node:path';
import type { FileFacts } from '../analysis/file-facts.ts';
import type { ReachedEffect } from '../analysis/effects/effect.ts';
import type { Ref } from '../analysis/values/value.ts';
import { rememberWay, type WayStep } from './reports.ts';

/** `createReport -> ReportService.render (services/report.ts:42) -> job.waitUntilFinished()` */
export function describeWay(facts: FileFacts, reached: ReachedEffect): string {
  const steps = reached.way.map((step, index) => {
    if (index === 0) return step.name;
    return step.at.module.path === facts.module.path ? step.name : `${step.name} (${place(facts, step.at)})`;
  });
  const { effect } = reached;
  const isFar = reached.way.length > 1 && effect.at.module.path !== facts.module.path;
  const last = reached.way.at(-1);
  // The line of the effect itself says more than that of the function around it.
  if (isFar && last) steps[steps.length - 1] = `${last.name} (${place(facts, effect.at)})`;
  const text = [...steps, effect.label].join(' -> ');
  rememberWay(facts, text, () => [
    ...reached.way.map((step) => stepAt(step.name, step.at)),
    stepAt(effect.label, effect.at),
  ]);
  return text;
}

function stepAt(label: string, { module, node }: Ref): WayStep {
  return { label, file: module.path, line: module.lineOf(node), endLine: module.endLineOf(node) };
}

function place(facts: FileFacts, at: ReachedEffect['effect']['at']): string {
  return `${facts.project.pathOf(at.module.path).split(path.sep).join('/')}:${String(at.module.lineOf(at.node))}`;
}
