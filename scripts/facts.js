/**
 * Prints what the analysis recognises in a folder, one JSON object a line: queues, workers, processors, enqueues.
 * `npm run facts -- path/to/project`
 */
import path from 'node:path';
import { projectOf } from '../build/src/analysis/project/project.js';
import { FileFacts } from '../build/src/analysis/file-facts.js';
import { nameText } from '../build/src/analysis/jobs/recognize.js';

const folder = path.resolve(process.argv[2] ?? '.');
const project = projectOf(path.join(folder, 'index.js'), folder);
project.begin(path.join(folder, 'index.js'), '');

for (const file of [...project.catalog.files].sort()) {
  if (!project.leadsTo(file, 'jobs') && project.index.processorsIn(file).length === 0) continue;
  const module = project.load(file);
  if (!module) continue;
  const facts = new FileFacts(project, module);
  /**
   * @param {string} kind
   * @param {{ module: typeof module, node: import('../build/src/analysis/source/nodes.js').Node }} at
   * @param {Record<string, unknown>} more
   */
  const print = (kind, at, more = {}) => {
    console.log(
      JSON.stringify({ path: path.relative(folder, file), line: module.lineOf(at.node), kind, ...more }),
    );
  };
  for (const { at, queue } of facts.own.queues) print('queue', at, { name: nameText(project.ev, queue) });
  for (const { call, method } of facts.own.registrations) print('nest-module', call, { method });
  for (const { at } of facts.own.workers) print('worker', at);
  for (const at of facts.own.processorClasses) print('processor-class', at);
  for (const { call, method, targets } of facts.own.enqueues)
    print('enqueue', call, { method, queues: targets.map((target) => nameText(project.ev, target) ?? null) });
  for (const { fn, by } of facts.processors) print('processor', fn.at, { by });
  for (const { fn } of facts.handlers) print('handler', fn.at);
}
