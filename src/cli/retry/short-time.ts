import { formatDuration } from '../../time/duration.ts';

/** To the tenth of a millisecond below a second, else to the millisecond. */
export function shortTime(seconds: number): string {
  const ms = seconds * 1_000;
  return formatDuration(ms < 1_000 ? Math.round(ms * 10) / 10 : Math.round(ms));
}
