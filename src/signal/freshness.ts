import type { Sighting } from './parsed-signal.ts';

const minuteMs = 60_000;
const maxAheadMs = 2 * minuteMs;
const maxEventAgeMs = 5 * minuteMs;

/**
 * Why the gateway would refuse a signal for its time, or undefined when it would not: a time must be given and lie
 * at most two minutes ahead; an alert may be old, an event at most five minutes.
 */
export function staleness(seen: Sighting, nowMs: number): string | undefined {
  const { rule, atMs } = seen;
  const field = rule === 'alert' ? 'startsAt' : 'the time of its last occurrence';
  if (atMs === undefined) return `${field} is missing`;
  const aheadMs = atMs - nowMs;
  if (aheadMs > maxAheadMs) return `${field} lies ${describe(aheadMs)} in the future`;
  if (rule === 'event' && -aheadMs > maxEventAgeMs) return `${field} lies ${describe(-aheadMs)} back`;
  return undefined;
}

function describe(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
