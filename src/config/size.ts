const unitBytes = new Map<string, number>([
  ['', 1],
  ['B', 1],
  ['kB', 1e3],
  ['KB', 1e3],
  ['k', 1e3],
  ['MB', 1e6],
  ['M', 1e6],
  ['GB', 1e9],
  ['G', 1e9],
  ['KiB', 2 ** 10],
  ['Ki', 2 ** 10],
  ['MiB', 2 ** 20],
  ['Mi', 2 ** 20],
  ['GiB', 2 ** 30],
  ['Gi', 2 ** 30],
]);

/** Bytes of a size such as `10MiB`, `1.5Gi`, `500kB` or `1048576`; `undefined` when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([A-Za-z]{0,3})$/.exec(text);
  const factor = unitBytes.get(match?.[2] ?? '?');
  if (match === null || factor === undefined) return undefined;
  const bytes = Number(match[1]) * factor;
  return Number.isInteger(bytes) && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** The largest binary unit that divides it: `10MiB`, `1536KiB`, `1000`. */
export function formatSize(bytes: number): string {
  for (const unit of ['GiB', 'MiB', 'KiB']) {
    const factor = unitBytes.get(unit) ?? 1;
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return String(bytes);
}
