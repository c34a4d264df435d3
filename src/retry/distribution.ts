/** The figures of many replays of one operation, each with other chances. */
export interface Distribution {
  runs: number;
  /** Share of the runs that ended well, 0 to 1. */
  successShare: number;
  totalSeconds: Quantiles;
  requests: Quantiles;
  /** Of the total times; a bucket ends before `toSeconds`, the last one with it. */
  histogram: { fromSeconds: number; toSeconds: number; runs: number }[];
}

/** Values that half, nine tenths and 99 hundredths of the runs do not exceed. */
export interface Quantiles {
  p50: number;
  p90: number;
  p99: number;
}

const buckets = 10;

interface RunFigures {
  readonly totalSeconds: number;
  readonly requests: number;
  readonly ok: boolean;
}

/** The figures of runs, in any order; all zero where there is none. */
export function distributionOf(runs: readonly RunFigures[]): Distribution {
  const totals = sorted(runs.map(({ totalSeconds }) => totalSeconds));
  const requests = sorted(runs.map((run) => run.requests));
  return {
    runs: runs.length,
    successShare: runs.length === 0 ? 0 : runs.filter(({ ok }) => ok).length / runs.length,
    totalSeconds: quantilesOf(totals),
    requests: quantilesOf(requests),
    histogram: histogramOf(totals),
  };
}

/** By nearest rank: each is a value that occurred. `ascending` must be sorted. */
function quantilesOf(ascending: readonly number[]): Quantiles {
  const at = (share: number): number => ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

function sorted(numbers: number[]): number[] {
  return numbers.sort((one, other) => one - other);
}

/** One bucket where all are equal. */
function histogramOf(ascending: readonly number[]): Distribution['histogram'] {
  const first = ascending[0];
  const last = ascending.at(-1);
  if (first === undefined || last === undefined) return [];
  if (first === last) return [{ fromSeconds: first, toSeconds: last, runs: ascending.length }];
  const width = (last - first) / buckets;
  const counts = Array.from({ length: buckets }, () => 0);
  for (const value of ascending) {
    const bucket = Math.min(buckets - 1, Math.floor((value - first) / width));
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  const edge = (index: number): number => roundedMicro(index === buckets ? last : first + index * width);
  return counts.map((count, index) => ({
    fromSeconds: edge(index),
    toSeconds: edge(index + 1),
    runs: count,
  }));
}

function roundedMicro(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
