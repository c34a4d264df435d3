import { defineConfig } from 'vitest/config';

const slow = 120_000;
/** A machine that is shared misses a deadline now and then; what fails twice in a row has failed. */
const retry = process.env['CI'] === 'true' ? 1 : 0;

/** Tiers: unit needs nothing, contract-http the published documents (skipped without), embedded a disk and the built program, cluster a real control plane. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'node', retry } },
      {
        test: {
          name: 'contract-http',
          include: ['test/contract-http/**/*.test.ts'],
          environment: 'node',
          retry,
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.test.ts'],
          environment: 'node',
          retry,
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          environment: 'node',
          retry,
          testTimeout: slow,
          hookTimeout: slow,
          fileParallelism: false,
          globalSetup: ['test/cluster/global-setup.ts'],
        },
      },
    ],
  },
});
