/** How columns share a line that is too narrow for all of them. */

/** What a column says about the room that it needs. */
export interface ColumnFit {
  /** What the row is called, or the answer itself: never cut and never left out. */
  key?: boolean;
  /** A name that the next command needs: left out rather than cut. */
  whole?: boolean;
  /** Where the terminal is too narrow for all, the greatest is left out first; default 0: after those that have a number. */
  spare?: number;
  /** Of the last column: takes what the others leave, and goes on below itself. */
  wraps?: boolean;
}

/** Widths of what a column holds, in columns of the terminal. */
export interface Measured {
  /** 0 where none is shown. */
  header: number;
  cells: readonly number[];
  /** How wide it was before. */
  before?: number | undefined;
}

export const columnGap = 3;
/** To this a column is cut before another one is left out; one that wraps needs more. */
const leastWidth = 10;
const leastWrapped = 24;

/** The places of the columns that a line has room for at their least widths: spare ones go first, then the last ones. */
export function placesThatFit(
  columns: readonly ColumnFit[],
  measured: readonly Measured[],
  maxWidth: number,
): number[] {
  const keys = placesOf(columns).filter((place) => columns[place]?.key === true);
  const keyWidths = leastWidths(at(columns, keys), at(measured, keys), maxWidth);
  const least = columns.map((column, place) => leastOf(column, measured[place] ?? nothing));
  for (const [index, place] of keys.entries()) least[place] = keyWidths[index] ?? 0;
  let places = placesOf(columns);
  while (lineWidth(at(least, places)) > maxWidth) {
    const left = nextToLeave(columns, places);
    if (left === undefined) break;
    places = places.filter((place) => place !== left);
  }
  return places;
}

/**
 * Takes from what wraps, then from the widest columns, until the line fits: first down to what leaves them readable,
 * then further. From whole columns nothing is taken but the room for their longest texts, which stand out of them.
 */
export function widthsWithin(
  columns: readonly ColumnFit[],
  measured: readonly Measured[],
  maxWidth: number,
): number[] {
  const least = leastWidths(columns, measured, maxWidth);
  const widths = measured.map((texts, place) =>
    isWhole(columns[place] ?? {}) ? (least[place] ?? 0) : naturalOf(texts),
  );
  const narrowest = columns.map((column, place) => (isWhole(column) ? (least[place] ?? 0) : 1));
  const wrapping = columns.map(({ wraps }) => wraps === true);
  let over = lineWidth(widths) - maxWidth;
  for (const [floor, isChosen] of [
    [least, wrapping],
    [least, undefined],
    [narrowest, undefined],
  ] as const) {
    for (; over > 0; over -= 1) {
      const free = widths.map((width, place) =>
        width > (floor[place] ?? 0) && isChosen?.[place] !== false ? width : 0,
      );
      const widest = Math.max(...free);
      if (widest === 0) break;
      widths[free.lastIndexOf(widest)] = widest - 1;
    }
  }
  return widths;
}

/** The widest of all that a column holds. */
export function naturalOf({ header, cells, before = 0 }: Measured): number {
  return Math.max(header, before, ...cells);
}

export function isWhole({ key, whole }: ColumnFit): boolean {
  return key === true || whole === true;
}

const nothing: Measured = { header: 0, cells: [] };

function placesOf(columns: readonly unknown[]): number[] {
  return columns.map((_, place) => place);
}

function at<T>(all: readonly T[], places: readonly number[]): T[] {
  return places.map((place) => all[place] as T);
}

function lineWidth(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0) + columnGap * (widths.length - 1);
}

/** A header is never cut: an age or a count below half a word says nothing. */
function leastOf(column: ColumnFit, texts: Measured): number {
  const natural = naturalOf(texts);
  if (isWhole(column)) return natural;
  return Math.max(texts.header, Math.min(natural, column.wraps === true ? leastWrapped : leastWidth));
}

/**
 * Where whole columns leave no room, the widest of them is made for shorter texts than its longest: one name of 253
 * characters does not widen every row.
 */
function leastWidths(
  columns: readonly ColumnFit[],
  measured: readonly Measured[],
  maxWidth: number,
): number[] {
  const widths = columns.map((column, place) => leastOf(column, measured[place] ?? nothing));
  while (lineWidth(widths) > maxWidth) {
    const shorter = widths.map((width, place) =>
      isWhole(columns[place] ?? {}) ? shorterThan(width, measured[place] ?? nothing) : undefined,
    );
    const free = widths.map((width, place) => (shorter[place] === undefined ? -1 : width));
    const widest = free.lastIndexOf(Math.max(...free));
    const next = shorter[widest];
    if (next === undefined) break;
    widths[widest] = next;
  }
  return widths;
}

/** The next width that some of a column's texts need. */
function shorterThan(width: number, { header, cells, before = 0 }: Measured): number | undefined {
  const least = Math.max(header, before);
  if (width <= least) return undefined;
  return Math.max(least, ...cells.filter((cell) => cell < width));
}

/** Undefined where one column or nothing but keys is left. */
function nextToLeave(columns: readonly ColumnFit[], places: readonly number[]): number | undefined {
  if (places.length === 1) return undefined;
  let found: number | undefined;
  for (const place of places) {
    const { key, spare = 0 } = columns[place] ?? {};
    if (key === true) continue;
    if (found === undefined || spare >= (columns[found]?.spare ?? 0)) found = place;
  }
  return found;
}
