import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';

/** When what happens while a command runs under a lock, milliseconds; all but `pauseMs` and `tryMs` count from the last acknowledged write. */
export interface RunTimes {
  /** The lease's own duration: from here on others may take it. */
  durationMs: number;
  /** A renewal is due: a third of the duration. */
  heartbeatMs: number;
  /** Renewals are given up and the command is told to stop: the duration without grace and reserve. */
  renewDeadlineMs: number;
  /** The command is killed at the latest: a tenth of the duration before its end, for clocks that differ. */
  killMs: number;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  /** How long one renewal may take. */
  tryMs: number;
  /** Between a failed renewal and the next. */
  pauseMs: number;
}

const defaultGraceMs = 5000;
const reserveShare = 0.1;
/** Of the duration; with the reserve it leaves half of the duration, or more, for renewals. */
const longestGraceShare = 0.4;

/**
 * Holds a duration and a grace period against each other, both in milliseconds. `graceMs` defaults to 5 s, a quarter of a shorter
 * duration. Throws INVALID_OPTION for a grace period over two fifths of the duration: renewals are due every third of it,
 * and one that fails must have time to be repeated before the command is told to stop.
 */
export function runTimes(durationMs: number, graceMs = Math.min(defaultGraceMs, durationMs / 4)): RunTimes {
  const longestMs = durationMs * longestGraceShare;
  if (graceMs < 0 || graceMs > longestMs) {
    throw new RemedyError(
      'INVALID_OPTION',
      `a grace period of ${graceMs / 1000} s does not fit into a lease of ${durationMs / 1000} s: at most ${longestMs / 1000} s`,
      { hint: `choose a longer ${optionName('durationMs')} or a shorter ${optionName('graceMs')}` },
    );
  }
  const reserveMs = durationMs * reserveShare;
  return {
    durationMs,
    heartbeatMs: durationMs / 3,
    renewDeadlineMs: durationMs - graceMs - reserveMs,
    killMs: durationMs - reserveMs,
    graceMs,
    tryMs: Math.min(Math.max(durationMs / 10, 2000), 10_000),
    pauseMs: Math.min(Math.max(durationMs / 60, 250), 2000),
  };
}
