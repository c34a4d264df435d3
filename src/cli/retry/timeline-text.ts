import { inAscii } from '../charset.ts';
import { cutToWidth } from '../text-width.ts';
import { toTerminalText } from '../terminal-text.ts';
import { shortTime } from './short-time.ts';
import { tickLine, timeTicks } from './time-axis.ts';
import { timelinesOf, waitText } from './timeline.ts';
import type { TimelineRow } from './timeline.ts';
import type { PolicySchedule } from './schedule-view.ts';

export interface ChartStyle {
  /** Columns that the whole chart may take. */
  width: number;
  utf8: boolean;
}

/** Rows of one policy; a screen has 24 lines. */
const mostRows = 12;
const narrowestPlot = 16;
/** Between two labels of the axis. */
const tickColumns = 8;

const utf8Marks = { attempt: '●', wait: '━', axis: '─', tick: '┴', corner: '└', left: '…' };
const asciiMarks: typeof utf8Marks = {
  attempt: 'o',
  wait: '=',
  axis: '-',
  tick: '+',
  corner: '+',
  left: '.',
};

/**
 * Every attempt in a row of its own, with a bar from its start to the end of the wait after it, all on one axis. Empty
 * where nobody waits, since all of it happens at once.
 */
export function drawTimeline(schedules: readonly PolicySchedule[], { width, utf8 }: ChartStyle): string {
  const timelines = timelinesOf(schedules, mostRows);
  if (timelines.length === 0) return '';
  const marks = utf8 ? utf8Marks : asciiMarks;
  const rows = timelines.flatMap((timeline) => timeline.rows);
  const margin = Math.max(...rows.map(({ label, isLeftOut }) => (isLeftOut ? 1 : label.length))) + 2;
  const beside = Math.max(...rows.map((row) => waitText(row).length)) + 2;
  const plot = Math.max(narrowestPlot, width - margin - beside);
  const endSeconds = Math.max(...rows.map(({ startSeconds }) => startSeconds));
  const column = (seconds: number): number => Math.round((seconds / endSeconds) * (plot - 1));
  const lines = timelines.flatMap(({ name, rows: own }) => [
    ...(timelines.length > 1 ? [toTerminalText(name)] : []),
    ...own.map((row) => rowLine(row, { margin, column, marks })),
  ]);
  const ticks = timeTicks(endSeconds, Math.max(2, Math.floor(plot / tickColumns))).map((seconds) => ({
    column: column(seconds),
    text: shortTime(seconds),
  }));
  const axis = Array.from({ length: plot }, (_, at) => (at === 0 ? marks.corner : marks.axis));
  for (const { column: at } of ticks.slice(1)) axis[at] = marks.tick;
  const indent = ' '.repeat(margin);
  return [
    `${marks.attempt} attempt, ${marks.wait} nominal wait; time since the first attempt`,
    ...lines,
    `${indent}${axis.join('')}`,
    `${indent}${tickLine(ticks, width - margin)}`,
  ]
    .map((line) => cutToWidth(line.trimEnd(), width))
    .map((line) => `${utf8 ? line : inAscii(line)}\n`)
    .join('');
}

function rowLine(
  row: TimelineRow,
  { margin, column, marks }: { margin: number; column: (seconds: number) => number; marks: typeof utf8Marks },
): string {
  const { label, isLeftOut, startSeconds, wait } = row;
  const start = column(startSeconds);
  const head = isLeftOut ? marks.left : label;
  const indent = head.padStart(margin - 1).padEnd(margin) + ' '.repeat(start);
  if (isLeftOut) return `${indent}${marks.left} ${label}`;
  const end = wait === undefined ? start : column(startSeconds + wait.nominal);
  const bar = marks.wait.repeat(Math.max(0, end - start - 1));
  return `${indent}${marks.attempt}${bar} ${waitText(row)}`;
}
