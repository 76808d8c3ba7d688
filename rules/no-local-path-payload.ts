import { localPathsIn, type FoundPath, type LocalKind } from '../src/analysis/effects/local-paths.ts';
import type { FileFacts } from '../src/analysis/file-facts.ts';
import type { Enqueue } from '../src/analysis/jobs/enqueues.ts';
import type { Node } from '../src/analysis/source/nodes.ts';
import { here } from '../src/analysis/values/evaluation.ts';
import type { Ref } from '../src/analysis/values/value.ts';
import { createRule } from '../src/plugin/create-rule.ts';

/** Whose disk it is, by what the path is. */
const PLACES: Record<LocalKind, string> = {
  upload: 'where the upload was received',
  temporary: 'below its temp directory',
  'working directory': 'below its working directory',
  written: 'where the file was just written',
};

export default createRule<object, 'path' | 'file'>({
  name: 'no-local-path-payload',
  meta: {
    type: 'problem',
    docs: {
      description: "Disallow paths on this machine's disk in the data of a job.",
      preset: 'recommended',
      clauses: ['H3'],
    },
    messages: {
      path: '`{{name}}` is a path on the disk of this machine, {{place}}: a worker on another one finds no file there. Put the file into object storage and pass its key.',
      file: '`{{name}}` is an uploaded file with its path on the disk of this machine: a worker on another one finds no file there. Put the file into object storage and pass its key.',
    },
    schema: [],
  },
  create({ facts, report }) {
    const options = {
      isHandler: (fn: Node) => facts.handlers.some((handler) => handler.fn.at.node === fn),
      uploads: () => uploadsOf(facts),
    };
    const check = (enqueue: Enqueue): void => {
      for (const { payload } of enqueue.jobs)
        for (const found of payload ? localPathsIn(facts.ev, payload, options) : []) {
          const node = payload && placeIn(facts, enqueue, payload, found);
          if (!node) continue;
          report(node, {
            messageId: found.isFile ? 'file' : 'path',
            data: { name: nameFor(facts.module.textOf(node)), place: PLACES[found.kind] },
          });
        }
    };
    return { enqueue: check, passedEnqueue: check };
  },
});

/** Where the project keeps uploads, by the storage engines of multer that it names. */
function uploadsOf({ project: { catalog } }: FileFacts): 'disk' | 'elsewhere' | 'unknown' {
  if (catalog.marked('remoteUploads').length > 0) return 'elsewhere';
  return catalog.marked('diskUploads').length > 0 && catalog.marked('memoryUploads').length === 0
    ? 'disk'
    : 'unknown';
}

/** What to report in the linted file: the path, or the argument from which another file takes it. */
function placeIn(facts: FileFacts, { via }: Enqueue, payload: Ref, found: FoundPath): Node | undefined {
  if (found.at.module === facts.module) return found.at.node;
  const [call] = via;
  // What another file puts into the payload by itself is reported there.
  if (!call || localPathsIn(facts.ev, { ...payload, frame: undefined }).length > 0) return undefined;
  const taken = call.node.arguments.filter(
    (argument) => localPathsIn(facts.ev, here(facts.module, argument), { uploads: () => 'disk' }).length > 0,
  );
  return taken[0] ?? call.node;
}

/** A long expression is called by its beginning. */
function nameFor(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 37)}...`;
}
