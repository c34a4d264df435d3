import type { IngestItem } from '../src/ingest/ingest-item.ts';
import { runMeasured, type Usage } from '../test/support/measured-program.ts';

export interface IngestedItems {
  usage: Usage;
  items: IngestItem[];
  /** From the first outcome to the last: without the start of the program and of its shared view. */
  outcomeSeconds: number;
}

/** Runs `signal ingest -` (of another build: `program`) with these flags and reads its items. Throws unless every signal has been persisted. */
export async function ingest(
  flags: string[],
  input: Iterable<Buffer>,
  env: Record<string, string>,
  program?: string,
): Promise<IngestedItems> {
  let text = '';
  let firstMs: number | undefined;
  let lastMs = 0;
  const usage = await runMeasured(['signal', 'ingest', '-', '-o', 'jsonl', ...flags], {
    env,
    input,
    ...(program === undefined ? {} : { program }),
    onOutput: (chunk) => {
      lastMs = performance.now();
      firstMs ??= lastMs;
      text += chunk.toString('utf8');
    },
  });
  if (usage.exitCode !== 0) {
    throw new Error(`ingest exited with ${usage.exitCode}: ${usage.stderr}${text.slice(0, 2000)}`);
  }
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as IngestItem & { summary?: object });
  return {
    usage,
    items: lines.filter((line) => line.summary === undefined),
    outcomeSeconds: (lastMs - (firstMs ?? lastMs)) / 1000,
  };
}

/** Throws unless all of them ended like this. */
export function expectOutcome(items: readonly IngestItem[], outcome: IngestItem['outcome']): void {
  const other = items.find((item) => item.outcome !== outcome);
  if (other !== undefined) throw new Error(`not ${outcome}: ${JSON.stringify(other)}`);
}

/** How many items made how many requests. */
export function requestSpread(items: readonly IngestItem[]): string {
  const counts = new Map<number, number>();
  for (const { apiRequests = 0 } of items) counts.set(apiRequests, (counts.get(apiRequests) ?? 0) + 1);
  return [...counts].map(([requests, times]) => `${requests} (${times} x)`).join(', ');
}
