import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Deadlines are there for what hangs; how long a thing takes on a shared machine says nothing. */
const hung = 60_000;
const slow = 120_000;

const hasDocuments = existsSync(path.resolve(import.meta.dirname, '../shared/contracts'));

/** Tests over the fakes of the remote systems; in the contract-http tier everything of theirs goes through prism. */
const remoteTests = [
  'test/unit/{pagerduty,ocm,backplane}/*.test.ts',
  'test/unit/http/{faults,rate-limits}.test.ts',
  'test/embedded/plan/{preview-is-sent,validate-online}.test.ts',
  'test/embedded/plan-run/{dry-run,one-action,plan-run,wrong-name}.test.ts',
];

/** Tiers: unit needs nothing, contract-http the published documents (skipped without), embedded a disk and the built program, cluster a real control plane. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: hung,
          hookTimeout: hung,
        },
      },
      {
        test: {
          name: 'contract-http',
          include: ['test/contract-http/**/*.test.ts', ...(hasDocuments ? remoteTests : [])],
          environment: 'node',
          globalSetup: ['test/contract-http/prism-setup.ts'],
          setupFiles: ['test/contract-http/no-breaches.ts'],
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
