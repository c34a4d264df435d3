import { scheduleOf } from '../../retry/schedule.ts';
import type { Schedule, ScheduledAttempt } from '../../retry/schedule.ts';
import type { TableColumn } from '../render/table.ts';
import { shortTime } from './short-time.ts';
import { describePolicy } from '../../retry/policy-notation.ts';
import type { NamedPolicy } from '../../retry/policy-notation.ts';

/** A policy and what it yields. */
export interface PolicySchedule extends Schedule {
  name: string;
  policy: ReturnType<typeof describePolicy>;
}

/** One attempt of one policy, as a row. */
export interface ScheduleRow extends ScheduledAttempt {
  name: string;
}

export function policySchedule(choice: NamedPolicy): PolicySchedule {
  return { name: choice.name, policy: describePolicy(choice), ...scheduleOf(choice.policy) };
}

export function scheduleDocument(schedules: readonly PolicySchedule[]): object {
  const items = schedules.map(({ policy, attempts, totalSeconds }) => ({ policy, attempts, totalSeconds }));
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    return { apiVersion: 'remedyctl.dev/v1', kind: 'RetrySchedule', ...only };
  }
  return { apiVersion: 'remedyctl.dev/v1', kind: 'RetryScheduleList', items };
}

export function scheduleRows(schedules: readonly PolicySchedule[]): ScheduleRow[] {
  return schedules.flatMap(({ name, attempts }) => attempts.map((attempt) => ({ name, ...attempt })));
}

export function scheduleColumns(several: boolean): TableColumn<ScheduleRow>[] {
  const columns: TableColumn<ScheduleRow>[] = [
    { header: 'ATTEMPT', cell: ({ attempt }) => String(attempt), key: true },
    { header: 'STARTS AT', cell: ({ startsAtSeconds }) => shortTime(startsAtSeconds.nominal) },
    { header: 'WAIT MIN', cell: ({ waitSeconds }) => waitSeconds && shortTime(waitSeconds.min) },
    { header: 'NOMINAL', cell: ({ waitSeconds }) => waitSeconds && shortTime(waitSeconds.nominal) },
    { header: 'MAX', cell: ({ waitSeconds }) => waitSeconds && shortTime(waitSeconds.max) },
    { header: 'STARTS MIN', wide: true, cell: ({ startsAtSeconds }) => shortTime(startsAtSeconds.min) },
    { header: 'STARTS MAX', wide: true, cell: ({ startsAtSeconds }) => shortTime(startsAtSeconds.max) },
  ];
  return several ? [{ header: 'POLICY', cell: ({ name }) => name, key: true }, ...columns] : columns;
}

/** `all waits: 300ms (280ms to 330ms)`. */
export function totalLine({ name, totalSeconds }: PolicySchedule, several: boolean): string {
  const { min, nominal, max } = totalSeconds;
  const range = min === max ? '' : ` (${shortTime(min)} to ${shortTime(max)})`;
  return `${several ? `${name}, ` : ''}all waits: ${shortTime(nominal)}${range}`;
}
