import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // The slow hosts are those of vitest.hosts.config.ts.
    exclude: ['**/node_modules/**', '**/fixtures/**', 'test/hosts/slow/**'],
    testTimeout: 30_000,
    // A mistake of ours fails the test instead of silencing the rule.
    env: { ASYNC_TASKS_THROW: '1' },
    // A first run may have to install a Redis server (test/support/redis.ts).
    hookTimeout: 180_000,
  },
});
