import type { ScheduledAttempt } from '../../retry/schedule.ts';
import { shortTime } from './short-time.ts';
import type { PolicySchedule } from './schedule-view.ts';

/** One attempt and the wait after it, on an axis of seconds since the first attempt. */
export interface TimelineRow {
  /** The attempt's number; of attempts that are left out, how many. */
  label: string;
  isLeftOut: boolean;
  startSeconds: number;
  /** Absent after the last attempt. */
  wait?: ScheduledAttempt['waitSeconds'];
}

/** A policy's attempts. */
export interface Timeline {
  name: string;
  rows: TimelineRow[];
}

/** The timelines of policies that wait at all; of more than `mostRows` attempts the first ones and the last one. */
export function timelinesOf(schedules: readonly PolicySchedule[], mostRows: number): Timeline[] {
  return schedules
    .filter(({ totalSeconds }) => totalSeconds.nominal > 0)
    .map(({ name, attempts }) => ({ name, rows: rowsOf(attempts, mostRows) }));
}

/** `last, at 300ms` behind the last attempt, else the length of the wait. */
export function waitText({ wait, startSeconds }: TimelineRow): string {
  return wait === undefined ? `last, at ${shortTime(startSeconds)}` : shortTime(wait.nominal);
}

function rowsOf(attempts: readonly ScheduledAttempt[], mostRows: number): TimelineRow[] {
  const rows = attempts.map(({ attempt, startsAtSeconds, waitSeconds }): TimelineRow => ({
    label: String(attempt),
    isLeftOut: false,
    startSeconds: startsAtSeconds.nominal,
    ...(waitSeconds === undefined ? {} : { wait: waitSeconds }),
  }));
  const last = rows.at(-1);
  if (rows.length <= mostRows || last === undefined) return rows;
  const shown = rows.slice(0, mostRows - 2);
  const left = `${rows.length - shown.length - 1} more`;
  const startSeconds = rows[shown.length]?.startSeconds ?? 0;
  return [...shown, { label: left, isLeftOut: true, startSeconds }, last];
}
