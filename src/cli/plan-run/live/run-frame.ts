/** A live view as the lines of one drawing, within a terminal's size. */
import { cutToWidth } from '../../text-width.ts';
import { actionLines, nameWidthOf, seconds, type LineStyle } from './action-lines.ts';
import type { ActionRow } from './run-activity.ts';

export interface FrameStyle extends Omit<LineStyle, 'nameWidth' | 'reasons'> {
  /** Lines of the terminal. */
  readonly rows: number;
  readonly startedMs: number;
  /** Nothing more is begun. */
  readonly isStopping: boolean;
}

/**
 * At most `rows` - 1 lines, the last one with the count. Where there are more actions than lines, those that are over
 * go first, then the last of those that wait; how many are left out is said.
 */
export function runFrame(rows: readonly ActionRow[], style: FrameStyle): string[] {
  const room = Math.max(style.rows - 1, 1);
  const lineStyle: LineStyle = { ...style, nameWidth: nameWidthOf(rows), reasons: 'cut' };
  // a plan may have a thousand actions: only those that may be seen are put into words
  const linesOf = (row: ActionRow): string[] => actionLines(row, lineStyle);
  const all = rows.length < room ? rows.flatMap(linesOf) : undefined;
  const lines =
    all !== undefined && all.length < room ? all : windowOf(rows, linesOf, { ...style, room: room - 1 });
  return [...lines, footer(rows, style)];
}

/** What stays on the terminal: every action as it ended. */
export function runRecord(rows: readonly ActionRow[], style: Omit<LineStyle, 'nameWidth'>): string[] {
  const nameWidth = nameWidthOf(rows);
  return rows.flatMap((row) => actionLines(row, { ...style, nameWidth }));
}

function windowOf(
  rows: readonly ActionRow[],
  linesOf: (row: ActionRow) => string[],
  style: FrameStyle & { room: number },
): string[] {
  const firstOpen = rows.findIndex(({ state }) => state.kind !== 'over');
  let begin = firstOpen === -1 ? rows.length - 1 : firstOpen;
  let end = begin;
  // two lines say what is left out
  let left = style.room - 2;
  const shown: string[] = [];
  const fits = (row: ActionRow | undefined): row is ActionRow => {
    const count = row === undefined ? Number.POSITIVE_INFINITY : linesOf(row).length;
    if (count > left) return false;
    left -= count;
    return true;
  };
  for (let next = rows[end]; fits(next); next = rows[(end += 1)]) shown.push(...linesOf(next));
  for (let next = rows[begin - 1]; fits(next); next = rows[(begin -= 1) - 1]) shown.unshift(...linesOf(next));
  const [before, after] = [leftOut(rows.slice(0, begin), style), leftOut(rows.slice(end), style)];
  if (shown.length > 0) return [...before, ...shown, ...after];
  // no room but for what goes on
  return rows
    .slice(begin, begin + 1)
    .flatMap(linesOf)
    .slice(0, style.room);
}

/** How many, by their states in the order in which these occur. */
function leftOut(rows: readonly ActionRow[], { columns, paint }: FrameStyle): string[] {
  if (rows.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { state } of rows) {
    const name = state.kind === 'over' ? state.outcome : state.kind;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const text = [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
  return [paint.dim(cutToWidth(`… ${text}`, columns))];
}

function footer(rows: readonly ActionRow[], style: FrameStyle): string {
  const { columns, paint, nowMs, startedMs, isStopping } = style;
  const over = rows.filter(({ state }) => state.kind === 'over').length;
  const count = `${over} of ${rows.length} ended, ${seconds(Math.floor((nowMs - startedMs) / 1000))}`;
  const text = isStopping ? `${count}; stopping, nothing more is begun` : count;
  return isStopping ? paint.yellow(cutToWidth(text, columns)) : paint.dim(cutToWidth(text, columns));
}
