/** How columns share a line that is too narrow for all of them. */

/** What a column says about the room that it needs. */
export interface ColumnFit {
  /** What the row is called, or the answer itself: never cut and never left out. */
  key?: boolean;
  /** A name that the next command needs: left out rather than cut. */
  whole?: boolean;
  /** Where the terminal is too narrow for all, the greatest is left out first; default 0: after those that have a number. */
  spare?: number;
  /** What says more by its end is cut at its beginning. */
  cutLeft?: boolean;
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
/** To this a column is cut before another one is left out. */
const leastWidth = 10;
/** A path without its last name says nothing. */
const leastCutLeft = 14;
/** One that wraps: at least, before columns that are more than a little spare are kept, and before others are cut. */
const wrapped = { least: 18, good: 32, best: 48 };

/**
 * The places of the columns that a line has room for at their least widths: spare ones go first, then the last ones.
 * `longest`: what is longer than that stands out of its column.
 */
export function placesThatFit(
  columns: readonly ColumnFit[],
  measured: readonly Measured[],
  { maxWidth, longest = maxWidth / 3 }: { maxWidth: number; longest?: number },
): number[] {
  const whole = wholeWidths(columns, measured, { maxWidth, longest });
  const fitsAt = (wraps: number) => {
    const least = columns.map(
      (column, place) => whole.get(place) ?? leastOf(column, measured[place] ?? nothing, wraps),
    );
    return (places: readonly number[]) => lineWidth(at(least, places)) <= maxWidth;
  };
  const kept = leaveOut(columns, placesOf(columns), {
    fits: fitsAt(wrapped.good),
    mayGo: ({ spare = 0 }) => spare > 1,
  });
  return leaveOut(columns, kept, {
    fits: fitsAt(wrapped.least),
    mayGo: () => true,
  });
}

/** What leaves last comes back first, where others made room for it in vain. */
function leaveOut(
  columns: readonly ColumnFit[],
  all: readonly number[],
  { fits, mayGo }: { fits: (places: readonly number[]) => boolean; mayGo: (column: ColumnFit) => boolean },
): number[] {
  const gone: number[] = [];
  let places = [...all];
  while (!fits(places)) {
    const left = nextToLeave(columns, places);
    if (left === undefined || !mayGo(columns[left] ?? {})) break;
    places = places.filter((place) => place !== left);
    gone.unshift(left);
  }
  for (const place of gone) {
    const more = [...places, place].sort((one, other) => one - other);
    if (fits(more)) places = more;
  }
  return places;
}

/** What whole columns need; of one that is mostly short, what is longer stands out. */
function wholeWidths(
  columns: readonly ColumnFit[],
  measured: readonly Measured[],
  { maxWidth, longest }: { maxWidth: number; longest: number },
): Map<number, number> {
  const short = measured.map((texts) => {
    const names = texts.cells.filter((cell) => cell > absent);
    const cells = names.filter((name) => name <= longest);
    return cells.length * 2 >= names.length ? { ...texts, cells } : texts;
  });
  const keys = placesOf(columns).filter((place) => columns[place]?.key === true);
  const widths = leastWidths(at(columns, keys), at(short, keys), maxWidth);
  const wholes = placesOf(columns).filter((place) => isWhole(columns[place] ?? {}));
  return new Map([
    ...wholes.map((place) => [place, naturalOf(short[place] ?? nothing)] as const),
    ...keys.map((place, index) => [place, widths[index] ?? 0] as const),
  ]);
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
  const inSteps = (whole: (place: number) => number, other: (place: number) => number): number[] =>
    columns.map((column, place) => (isWhole(column) ? whole(place) : other(place)));
  const leastAt = (place: number): number => least[place] ?? 0;
  const natural = measured.map(naturalOf);
  const naturalAt = (place: number): number => natural[place] ?? 0;
  const wraps = columns.map((column) => column.wraps === true);
  const widths = inSteps(leastAt, naturalAt);
  const floors = [
    inSteps(leastAt, (place) => (wraps[place] ? Math.min(naturalAt(place), wrapped.best) : naturalAt(place))),
    inSteps(leastAt, (place) => (wraps[place] ? Math.min(naturalAt(place), wrapped.best) : leastAt(place))),
    least,
    inSteps(leastAt, () => 1),
  ];
  for (const floor of floors) takeFromWidest(widths, floor, maxWidth);
  return widths;
}

function takeFromWidest(widths: number[], floor: readonly number[], maxWidth: number): void {
  for (let over = lineWidth(widths) - maxWidth; over > 0; over -= 1) {
    const free = widths.map((width, place) => (width > (floor[place] ?? 0) ? width : 0));
    const widest = Math.max(...free);
    if (widest === 0) return;
    widths[free.lastIndexOf(widest)] = widest - 1;
  }
}

/** The widest of all that a column holds. */
export function naturalOf({ header, cells, before = 0 }: Measured): number {
  return Math.max(header, before, ...cells);
}

export function isWhole({ key, whole }: ColumnFit): boolean {
  return key === true || whole === true;
}

/** The width of the dash in a cell that holds nothing. */
const absent = 1;
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
function leastOf(column: ColumnFit, texts: Measured, leastWrapped = wrapped.least): number {
  const natural = naturalOf(texts);
  if (isWhole(column)) return natural;
  const leastCut = column.cutLeft === true ? leastCutLeft : leastWidth;
  return Math.max(texts.header, Math.min(natural, column.wraps === true ? leastWrapped : leastCut));
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
