import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';
import { compilePath } from './jsonpath.ts';

/** What items of one kind can be sorted by. */
export interface SortKeys<T> {
  /** What they are, in the plural. */
  noun: string;
  /** Paths by the names that people give them. */
  fields: Readonly<Record<string, string>>;
  /** Decides between equal ones. */
  nameOf: (item: T) => string;
}

/**
 * Orders items by a field of theirs, or by a path such as `.request.phase`; those without it come last, ties go by name.
 * Throws what `sortReader` throws.
 */
export function sortItems<T extends object>(items: readonly T[], sortBy: string, keys: SortKeys<T>): T[] {
  const read = sortReader(sortBy, keys);
  return items
    .map((item) => ({ item, value: read(item) }))
    .sort((a, b) => compare(a.value, b.value) || compare(keys.nameOf(a.item), keys.nameOf(b.item)))
    .map(({ item }) => item);
}

/** How to read what items are sorted by. Throws INVALID_OPTION for a field that none has, or no path. */
export function sortReader<T extends object>(
  sortBy: string,
  { noun, fields }: SortKeys<T>,
): (item: T) => string | undefined {
  const path = /^\{(.*)\}$/.exec(sortBy)?.[1] ?? sortBy;
  const known = path.startsWith('.') ? path : Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (known !== undefined) {
    const find = compilePath(known);
    return (item) => find(item)[0];
  }
  const close = nearest(path, Object.keys(fields));
  throw new RemedyError('INVALID_OPTION', `${noun} have no field ${path} to sort by`, {
    hint:
      close === undefined
        ? `choose one of ${Object.keys(fields).join(', ')}, or a path such as .metadata.name`
        : `did you mean ${optionName('sortBy')} ${close}?`,
  });
}

function compare(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const difference = Number(a) - Number(b);
  if (a !== '' && b !== '' && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : Number(a > b);
}
