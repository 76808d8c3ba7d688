import type { Dialect } from './dialect.ts';

/** Bull 3 and 4. `add(data, opts)` and `add(name, data, opts)` are told apart by the first argument. */
export const bull: Dialect = {
  name: 'bull',
  family: 'bull',
  packages: ['bull'],
  classes: { queue: ['', 'Queue'], job: ['Job'] },
  enqueues: {
    add: [
      { kind: 'job', name: 0, payload: 1, options: 2 },
      { kind: 'job', payload: 0, options: 1 },
    ],
    addBulk: { kind: 'bulk', input: 0 },
  },
  processMethod: true,
};
