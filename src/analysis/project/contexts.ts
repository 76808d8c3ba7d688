/**
 * What contexts of other files do in a file: from the far end, through the files that import it.
 */
import { effectsOf, type Effect, type EffectKind } from '../effects/effect.ts';
import { isHandlerFile } from '../handlers/frameworks/index.ts';
import { recurringIn } from '../handlers/recurring.ts';
import { listenersIn } from '../jobs/listeners.ts';
import { nestProcessors } from '../jobs/workers.ts';
import type { FunctionValue } from '../values/value.ts';
import type { ProjectIndex } from './index-of-jobs.ts';
import type { Project } from './project.ts';

/** Files looked through for one that is asked about. */
const MAX_FILES = 200;

interface Known {
  functions: Map<string, readonly FunctionValue[]>;
  effects: Map<EffectKind, Map<string, readonly Effect[]>>;
  importers: Map<string, readonly string[]>;
}

const known = new WeakMap<ProjectIndex, Known>();

function knownOf(project: Project): Known {
  let found = known.get(project.index);
  if (!found)
    known.set(project.index, (found = { functions: new Map(), effects: new Map(), importers: new Map() }));
  return found;
}

/** The effects of a kind in a file that handlers, processors and listeners of other files have. */
export function effectsFromElsewhere<E extends Effect>(
  project: Project,
  file: string,
  kind: EffectKind<E>,
): E[] {
  return contextFiles(project, file).flatMap((importer) =>
    effectsIn(project, importer, kind).filter(({ at }) => at.module.path === file),
  );
}

/** Whether what a context of a file does in another is found from that other file as well. */
export function isSeenFrom(project: Project, effectFile: string, contextFile: string): boolean {
  return contextFiles(project, effectFile).some(
    (file) =>
      file === contextFile || functionsIn(project, file).some(({ at }) => at.module.path === contextFile),
  );
}

/** The files that import a file, over any number of steps, and can have contexts. */
function contextFiles(project: Project, file: string): readonly string[] {
  const { importers } = knownOf(project);
  let files = importers.get(file);
  if (!files) {
    const { catalog } = project;
    files = [...catalog.importersOf(file)]
      .filter(
        (importer) =>
          catalog.isMarked(importer, 'handlers') ||
          catalog.isMarked(importer, 'jobs') ||
          isHandlerFile(project.pathOf(importer)),
      )
      .sort()
      .slice(0, MAX_FILES);
    importers.set(file, files);
  }
  return files;
}

function effectsIn<E extends Effect>(project: Project, file: string, kind: EffectKind<E>): readonly E[] {
  const { effects } = knownOf(project);
  const byFile = effects.get(kind) ?? new Map<string, readonly Effect[]>();
  effects.set(kind, byFile);
  let found = byFile.get(file);
  if (!found) {
    found = functionsIn(project, file).flatMap((fn) =>
      effectsOf(project.ev, fn, kind, project, project.effects).map(({ effect }) => effect),
    );
    byFile.set(file, found);
  }
  return found as readonly E[];
}

/** Every function that a file makes a context, in that file or another. */
function functionsIn(project: Project, file: string): readonly FunctionValue[] {
  const { functions } = knownOf(project);
  let found = functions.get(file);
  if (!found) {
    const { ev, index, catalog } = project;
    const module = project.load(file);
    found = !module
      ? []
      : [
          ...index.handlersOf(file).map(({ fn }) => fn),
          ...(catalog.isMarked(file, 'jobs')
            ? [
                ...index.workerProcessors(module).map(({ fn }) => fn),
                ...index
                  .factsOf(module)
                  .processorClasses.flatMap((owner) => nestProcessors(ev, owner).map(({ fn }) => fn)),
              ]
            : []),
          ...listenersIn(ev, module).flatMap((listener) => listener.functions),
          ...recurringIn(ev, module),
        ];
    functions.set(file, found);
  }
  return found;
}
