import type { ForetoldLock } from '../lease/lock-forecast.ts';
import type { RequestFinder } from '../request/find-requests.ts';
import type { RequestAccess } from '../request/request-access.ts';
import type { GroupResults } from './group-results.ts';
import type { SharedView } from './shared-view.ts';

/** What one pass over the group may use, and until when. */
export interface Pass {
  /** Ends waits: the signal's time is up, or the run is being stopped. */
  waiting: AbortSignal;
  /** Ends requests: the signal's time is up, or the time after a stop is. */
  requests: AbortSignal;
  deadlineMonotonicMs: number;
}

/** What a dry run works with. */
export interface DryRunFacts {
  finder: RequestFinder;
  access: RequestAccess;
  results: GroupResults;
  view: SharedView | undefined;
  /** False where the next signal was rejected instead. */
  mayCreate: (pass: Pass) => Promise<boolean>;
  /** The lock that the creation would wait for in vain. */
  foretellLock: (pass: Pass) => Promise<ForetoldLock | undefined>;
}
