import type { SettingValues } from '../config/settings.ts';
import type { ReadOptions } from '../documents/read-documents.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** What cases are read and run with. */
export interface TestContext extends Pick<ReadOptions, 'cwd' | 'stdin'> {
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the run, between two signals or in a file that is read. */
  readonly signal: AbortSignal;
  /** Namespaces of what cases have in short, and the largest document of the files that they name, in bytes. */
  readonly settings: Pick<SettingValues, 'namespace' | 'leaseNamespace' | 'ingest.maxDocument'>;
}
