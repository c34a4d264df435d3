import { exitCodes } from './exit-codes.ts';

/** The one fact of an outcome that decides, counted while a batch streams by. */
export interface IngestTally {
  /** created, duplicate or skipped, and their dry-run forms. */
  good: number;
  /** A duplicate or a new request whose count could not be written. */
  notPersisted: number;
  rejected: number;
  lockTimeouts: number;
  /** Every other failure. */
  failed: number;
}

export function emptyTally(): IngestTally {
  return { good: 0, notPersisted: 0, rejected: 0, lockTimeouts: 0, failed: 0 };
}

interface TalliedItem {
  outcome: string;
  reason?: { code: string };
  error?: { code: string };
  deduplication?: { persisted?: boolean };
}

/** Counts one item, of an ingest or of what was sent: there what was dropped is refused, what is unknown has failed. `notRun` counts as nothing: the interruption decides the exit code then. */
export function addToTally(tally: IngestTally, item: TalliedItem): void {
  switch (item.outcome) {
    case 'notRun':
      return;
    case 'rejected':
    case 'dropped':
      tally.rejected += 1;
      return;
    case 'wouldWait':
      tally.lockTimeouts += 1;
      return;
    case 'unknown':
      tally.failed += 1;
      return;
    case 'failed':
      tally[codeOf(item) === 'LOCK_TIMEOUT' ? 'lockTimeouts' : 'failed'] += 1;
      return;
    default:
      if (item.deduplication?.persisted === false) tally.notPersisted += 1;
      else tally.good += 1;
  }
}

function codeOf({ error, reason }: TalliedItem): string | undefined {
  return error?.code ?? reason?.code;
}

/**
 * 0 where everything went well. 4 where some did beside what did not, or a count could not be written. Where nothing
 * did: 2 if each was refused, 5 if each waited for its lock in vain, 1 for anything else.
 */
export function exitCodeOfTally(tally: IngestTally): number {
  const bad = tally.rejected + tally.lockTimeouts + tally.failed;
  if (bad === 0 && tally.notPersisted === 0) return exitCodes.done;
  if (tally.good > 0 || tally.notPersisted > 0) return exitCodes.partial;
  if (tally.rejected === bad) return exitCodes.usage;
  return tally.lockTimeouts === bad ? exitCodes.locked : exitCodes.error;
}
