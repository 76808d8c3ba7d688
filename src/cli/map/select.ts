/**
 * The part of a map that concerns some paths.
 */
import type { Job, JobMap, Place } from './model.ts';

/** The queues that a file below the paths (relative to the root) makes, feeds or runs, with all that belongs to them. */
export function selectPaths(map: JobMap, paths: readonly string[]): JobMap {
  if (paths.includes('')) return map;
  const isBelow = ({ file }: Place): boolean =>
    paths.some((folder) => file === folder || file.startsWith(`${folder}/`));
  const queues = new Set([
    ...map.queues.filter(({ places }) => places.some(isBelow)).map(({ id }) => id),
    ...map.workers
      .filter(({ at, processors }) => [at, ...processors.map((fn) => fn.at)].some(isBelow))
      .flatMap((worker) => worker.queues),
    ...map.producers.flatMap(({ enqueues }) =>
      enqueues.flatMap(({ at, jobs, callers }) => [
        ...(isBelow(at) ? jobs.flatMap((job) => job.queues) : []),
        ...callers
          .filter((caller) => isBelow(caller.at))
          .flatMap((caller) => caller.jobs.flatMap((job) => job.queues)),
      ]),
    ),
  ]);
  const concerns = (job: Job): boolean => job.queues.some((id) => queues.has(id));
  const producers = map.producers.flatMap((producer) => {
    const enqueues = producer.enqueues.filter(
      ({ jobs, callers }) => jobs.some(concerns) || callers.some((caller) => caller.jobs.some(concerns)),
    );
    return enqueues.length > 0 ? [{ ...producer, enqueues }] : [];
  });
  const shown = new Set([
    ...queues,
    ...producers.flatMap(({ enqueues }) =>
      enqueues.flatMap(({ jobs, callers }) =>
        [jobs, ...callers.map((caller) => caller.jobs)].flat().flatMap((job) => job.queues),
      ),
    ),
  ]);
  return {
    ...map,
    queues: map.queues.filter(({ id }) => shown.has(id)),
    producers,
    workers: map.workers.filter((worker) => worker.queues.some((id) => shown.has(id))),
    flows: map.flows.filter(({ parent, child }) => shown.has(parent) && shown.has(child)),
  };
}
