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
  const blocks = rows.map((row) => ({ row, lines: actionLines(row, lineStyle) }));
  return [...windowOf(blocks, room - 1, style), footer(rows, style)];
}

/** What stays on the terminal: every action as it ended. */
export function runRecord(rows: readonly ActionRow[], style: Omit<LineStyle, 'nameWidth'>): string[] {
  const nameWidth = nameWidthOf(rows);
  return rows.flatMap((row) => actionLines(row, { ...style, nameWidth }));
}

interface Block {
  readonly row: ActionRow;
  readonly lines: readonly string[];
}

function windowOf(blocks: readonly Block[], room: number, style: FrameStyle): string[] {
  const all = blocks.flatMap(({ lines }) => lines);
  if (all.length <= room) return all;
  const firstOpen = blocks.findIndex(({ row }) => row.state.kind !== 'over');
  let begin = firstOpen === -1 ? blocks.length - 1 : firstOpen;
  let end = begin;
  // two lines say what is left out
  let left = room - 2;
  const take = (block: Block | undefined): boolean => {
    if (block === undefined || block.lines.length > left) return false;
    left -= block.lines.length;
    return true;
  };
  while (take(blocks[end])) end += 1;
  while (take(blocks[begin - 1])) begin -= 1;
  const shown = blocks.slice(begin, Math.max(end, begin + 1)).flatMap(({ lines }) => lines);
  return [
    ...leftOut(blocks.slice(0, begin), style),
    ...shown,
    ...leftOut(blocks.slice(Math.max(end, begin + 1)), style),
  ].slice(0, Math.max(room, 0));
}

/** How many, by their states in the order in which these occur. */
function leftOut(blocks: readonly Block[], { columns, paint }: FrameStyle): string[] {
  if (blocks.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { row } of blocks) {
    const state = row.state.kind === 'over' ? row.state.outcome : row.state.kind;
    counts.set(state, (counts.get(state) ?? 0) + 1);
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
