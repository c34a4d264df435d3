/** Steps that people count time in, seconds; below ten 1, 2 and 5 times a power of ten. */
const longSteps = [10, 20, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 18_000, 36_000, 86_400];

/** Times from 0 to `endSeconds`, evenly, at most `most` of them (and two at least). */
export function timeTicks(endSeconds: number, most: number): number[] {
  const step = stepFor(endSeconds / Math.max(1, most - 1));
  // sums of tenths are no tenths
  return Array.from({ length: Math.floor(endSeconds / step + 1e-9) + 1 }, (_, index) =>
    Number((index * step).toPrecision(12)),
  );
}

function stepFor(leastSeconds: number): number {
  const power = 10 ** Math.floor(Math.log10(leastSeconds));
  const short = [1, 2, 5, 10]
    .map((factor) => factor * power)
    .find((step) => step >= leastSeconds * (1 - 1e-9));
  if (short !== undefined && short < 10) return short;
  return longSteps.find((step) => step >= leastSeconds) ?? Math.ceil(leastSeconds / 86_400) * 86_400;
}

/** Labels under their columns, each beginning at its own; one that would touch the one before it is left out. */
export function tickLine(labels: readonly { column: number; text: string }[], width: number): string {
  let line = '';
  for (const { column, text } of labels) {
    const isFree = line === '' || line.length < column;
    if (isFree && column + text.length <= width) line = line.padEnd(column) + text;
  }
  return line;
}
