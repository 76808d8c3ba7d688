import { defineConfig } from 'vitest/config';

/** The hosts that take an installation of their own: `npm run test:hosts`. They need a registry. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/hosts/slow/**/*.test.ts'],
    env: { ASYNC_TASKS_THROW: '1' },
    testTimeout: 180_000,
    // Packages come from a registry, the first time.
    hookTimeout: 600_000,
  },
});
