/** The metrics of a run in their file: rewritten while it lasts, and once more in the end. */
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import { IngestMetrics } from '../metrics/ingest-metrics.ts';
import { checkMetricsFile, writeMetricsFile } from '../metrics/metrics-file.ts';
import type { Notes } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

const rewriteEveryMs = 15_000;

/** What the metrics of a run go by. */
export interface KeptMetricsOptions {
  /** Absolute. */
  file: string;
  clock: Clock;
  random: Random;
  notes: Pick<Notes, 'warn'>;
}

export class KeptMetrics {
  readonly counts: IngestMetrics;
  readonly #options: KeptMetricsOptions;
  readonly #over = new AbortController();
  #rewriting: Promise<void> | undefined;

  private constructor(counts: IngestMetrics, options: KeptMetricsOptions) {
    this.counts = counts;
    this.#options = options;
  }

  /** Loads prom-client. Throws OUTPUT_FAILED for a file that cannot be. */
  static async open(options: KeptMetricsOptions): Promise<KeptMetrics> {
    await checkMetricsFile(options.file);
    return new KeptMetrics(await IngestMetrics.load(), options);
  }

  /** From now on every 15 s; `measure` is called before each time. What cannot be written is said once. */
  rewrite(measure: (counts: IngestMetrics) => void): void {
    this.#rewriting ??= this.#rewrite(measure);
  }

  /** Writes them for the last time. Throws OUTPUT_FAILED. */
  async close(): Promise<void> {
    this.#over.abort();
    await this.#rewriting;
    await this.#write();
  }

  async #rewrite(measure: (counts: IngestMetrics) => void): Promise<void> {
    const { clock, notes } = this.#options;
    let isTold = false;
    for (;;) {
      try {
        await clock.sleep(rewriteEveryMs, this.#over.signal);
        measure(this.counts);
        await this.#write();
        isTold = false;
      } catch (thrown) {
        if (this.#over.signal.aborted) return;
        if (!(thrown instanceof RemedyError)) throw thrown;
        if (!isTold) notes.warn(`${messageOf(thrown)}; tried again every 15 s`);
        isTold = true;
      }
    }
  }

  async #write(): Promise<void> {
    const { file, random } = this.#options;
    await writeMetricsFile(file, await this.counts.render(), random);
  }
}
