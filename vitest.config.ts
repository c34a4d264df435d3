import { existsSync } from 'node:fs';
import path from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { missingForCluster } from './test/cluster/missing.ts';
import { slowTests, withSlowTests } from './test/support/slow-tests.ts';

/** Deadlines are there for what hangs; how long a thing takes on a shared machine says nothing. */
const hung = 60_000;
const slow = 120_000;

const hasDocuments = existsSync(path.resolve(import.meta.dirname, '../shared/contracts'));

/** Options are named by their flags, as the program names them. */
const flagWords = 'test/support/flag-words.ts';

/** Tests over the fakes of the remote systems; in the contract-http tier everything of theirs goes through prism. */
const remoteTests = [
  'test/unit/{pagerduty,ocm,backplane}/*.test.ts',
  'test/unit/http/{faults,rate-limits}.test.ts',
  'test/embedded/plan/{preview-is-sent,validate-online}.test.ts',
  'test/embedded/plan-run/{dry-run,duplicates,logins,one-action,plan-run,wrong-name}.test.ts',
];

const leftOut = [...configDefaults.exclude, ...(withSlowTests ? [] : [slowTests])];

/** Tiers: unit needs nothing, contract-http the published documents (skipped without), embedded a disk and the built program, cluster a real control plane. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: leftOut,
          environment: 'node',
          setupFiles: [flagWords],
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
          setupFiles: [flagWords, 'test/contract-http/no-breaches.ts'],
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'embedded',
          include: ['test/embedded/**/*.test.ts'],
          exclude: leftOut,
          environment: 'node',
          globalSetup: ['test/support/slow-tests.ts'],
          setupFiles: [flagWords],
          testTimeout: slow,
          hookTimeout: slow,
        },
      },
      {
        test: {
          name: 'cluster',
          include: [
            missingForCluster() === undefined ? 'test/cluster/**/*.test.ts' : 'test/cluster/left-out.ts',
          ],
          exclude: leftOut,
          environment: 'node',
          setupFiles: [flagWords],
          testTimeout: slow,
          hookTimeout: slow,
          fileParallelism: false,
          globalSetup: ['test/cluster/global-setup.ts'],
        },
      },
    ],
  },
});
