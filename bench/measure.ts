import { cpus, loadavg } from 'node:os';

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Seconds that something took. */
export async function secondsOf(work: () => unknown): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (performance.now() - startedMs) / 1000;
}

export interface Paired {
  ours: number[];
  theirs: number[];
  /** Median of the rounds' own ratios, ours by theirs: what a busy machine does to both falls out. */
  ratio: number;
}

/** Measures two things by turns (A B A B …), so that both meet the same machine. */
export async function paired(
  rounds: number,
  ours: (round: number) => Promise<number>,
  theirs: (round: number) => Promise<number>,
): Promise<Paired> {
  const result: Paired = { ours: [], theirs: [], ratio: NaN };
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const a = await ours(round);
    const b = await theirs(round);
    result.ours.push(a);
    result.theirs.push(b);
    ratios.push(a / b);
  }
  result.ratio = median(ratios);
  return result;
}

/** What every report begins with: figures mean nothing without. */
export function printConditions(title: string): void {
  const [processor] = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(' ');
  console.log(title);
  console.log(
    `${new Date().toISOString()}, Node ${process.version}, ${cpus().length} x ${processor?.model ?? '?'}, load ${load}`,
  );
}

export function number(value: number, digits = 2): string {
  return value.toFixed(digits);
}

/** The environment of a program that is measured: no settings of the developer's own. */
export function bareEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const text = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && entry[0] !== 'NODE_EXTRA_CA_CERTS';
  });
  return { ...Object.fromEntries(text), ...more };
}
