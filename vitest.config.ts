import { defineConfig } from 'vitest/config';

const slow = 120_000;

/** Tiers: unit needs nothing, contract-http the published documents (skipped without), embedded a disk and the built program, cluster a real control plane. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'contract-http',
          include: ['test/contract-http/**/*.test.ts'],
          environment: 'node',
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.test.ts'],
          environment: 'node',
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          environment: 'node',
          testTimeout: slow,
          hookTimeout: slow,
          fileParallelism: false,
          globalSetup: ['test/cluster/global-setup.ts'],
        },
      },
    ],
  },
});
