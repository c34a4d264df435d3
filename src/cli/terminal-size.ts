import type { OutputStream } from './runtime.ts';

export type SizedStream = OutputStream & { rows?: number };

/** What a picture is drawn in until the terminal says how large it is. */
const assumed = { columns: 80, rows: 24 };
/** Of streams that were given a size: whether their columns are only assumed. */
const isAssumed = new WeakMap<SizedStream, boolean>();

/**
 * Columns of a stream's terminal, for text that has to fit; undefined where nobody knows them: no terminal, or one that
 * was given no size (docker, pexpect, a CI) and says 0. Text is not cut then.
 */
export function knownColumns(stream: SizedStream): number | undefined {
  return isSize(stream.columns) && isAssumed.get(stream) !== true ? stream.columns : undefined;
}

/** The size for a picture, which needs one. */
export function drawnSize({ columns, rows }: SizedStream): { columns: number; rows: number } {
  return {
    columns: isSize(columns) ? columns : assumed.columns,
    rows: isSize(rows) ? rows : assumed.rows,
  };
}

/** Gives a terminal that does not know its size one, for libraries that divide by it and would draw for ever. */
export function assumeSize(stream: SizedStream): void {
  if (stream.isTTY !== true || isAssumed.has(stream)) return;
  const assume = (): void => {
    isAssumed.set(stream, !isSize(stream.columns));
    Object.assign(stream, drawnSize(stream));
  };
  assume();
  stream.prependListener('resize', assume);
}

function isSize(count: number | undefined): count is number {
  return Number.isInteger(count) && (count as number) > 0;
}
