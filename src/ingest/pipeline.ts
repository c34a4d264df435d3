import { isAborted } from './is-aborted.ts';
import type { IngestMetrics } from '../metrics/ingest-metrics.ts';
import type { ParsedItem, ParsedSignal } from '../signal/parsed-signal.ts';
import type { Notice } from '../errors/reason.ts';
import type { RefusedItem, SignalItem } from '../signal/signal.ts';
import type { SourceDocument } from '../documents/source-document.ts';
import type { Clock } from '../time/clock.ts';
import { failureOf, isCreationError } from './failure.ts';
import { FingerprintQueue } from './fingerprint-queue.ts';
import type { IngestItem, IngestSummary } from './ingest-item.ts';
import { emptySummary } from './ingest-summary.ts';
import { OrderedWindow } from './ordered-window.ts';
import type { ReadySignal } from './ready-signal.ts';
import type { ServerPresence } from './run-context.ts';
import { RunPace, type Pace } from './run-pace.ts';
import { describeReady } from './ready-signal.ts';
import { Semaphore } from './semaphore.ts';

/** Read-ahead: enough to keep the work busy and to merge duplicates, little enough for a small process. */
const windowLimits = { items: 256, bytes: 2 * 1024 * 1024 };

/** How long a stopped run goes on reading, only to list what it leaves out. */
const listRestLimitMs = 2_000;

/** What scope checking says of a signal; a reason means that it is refused. */
export interface ScopeVerdict {
  scope?: ReadySignal['scope'];
  refusal?: Pick<RefusedItem, 'outcome' | 'reason' | 'retryable'>;
  warnings?: Notice[];
}

/** The rooms that the pipeline strings together; each is given by the composition root. */
export interface IngestStages {
  documents: AsyncIterable<SourceDocument>;
  parse: (document: SourceDocument) => Iterable<ParsedItem>;
  /** Target, owner and fingerprint. */
  resolve: (signal: ParsedSignal, stop: AbortSignal) => Promise<SignalItem>;
  checkScope: (item: ReadySignal['item'], stop: AbortSignal) => Promise<ScopeVerdict>;
  /** What becomes of signals of one fingerprint, in their order; never rejects. */
  decide: (fingerprint: string, group: ReadySignal[], stop: AbortSignal) => Promise<IngestItem[]>;
}

/** What an `IngestRun` goes by, beside its stages. */
export interface PipelineOptions {
  clock: Pick<Clock, 'monotonicMs'>;
  /** Signals under way at once. */
  concurrency: number;
  /** Aborted by Ctrl-C, and when the server is given up: nothing new is begun, what is under way ends or is abandoned. */
  stop: AbortSignal;
  server?: ServerPresence | undefined;
  metrics?: IngestMetrics | undefined;
}

interface Waiting {
  ready: ReadySignal;
  settle: (item: IngestItem) => void;
  reject: (bug: unknown) => void;
}

/**
 * Signals in, one outcome each, in the order of the input.
 *
 * Guarantees: at most `concurrency` signals are worked on; signals of one fingerprint are decided one group after
 * the other in input order; the read-ahead is bounded in number and bytes; a document that cannot be read is
 * one rejected item and the rest goes on. While the server does not answer nothing is begun and no more is read; what
 * was looked up meanwhile is looked up again. After `stop` every signal that was not begun is `notRun`.
 * Non-guarantee: the input is read for two more seconds then; `wasCut` says that there may be more in it.
 */
export class IngestRun {
  readonly summary: IngestSummary = emptySummary();
  /** The input was not read to its end. */
  wasCut = false;
  readonly #stages: IngestStages;
  readonly #options: PipelineOptions;
  readonly #pace: RunPace;
  readonly #slots: Semaphore;
  readonly #window = new OrderedWindow<IngestItem>(windowLimits);
  readonly #queue: FingerprintQueue<Waiting>;
  /** Settles when everything that came earlier has been handed to its fingerprint's queue. */
  #earlier: Promise<unknown> = Promise.resolve();
  #stoppedAtMs: number | undefined;

  constructor(stages: IngestStages, options: PipelineOptions) {
    this.#stages = stages;
    this.#options = options;
    this.#pace = new RunPace(options.clock);
    this.#slots = new Semaphore(options.concurrency);
    this.#queue = new FingerprintQueue((fingerprint, group) => this.#decide(fingerprint, group));
  }

  get pace(): Pace {
    return this.#pace.now();
  }

  /** To be iterated once. Throws what the input itself throws. */
  async *items(): AsyncGenerator<IngestItem, void, void> {
    const reading = this.#read();
    try {
      for await (const item of this.#window) {
        this.#count(item);
        yield item;
      }
    } finally {
      this.#window.end();
      await reading;
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const document of this.#stages.documents) {
        if (this.#window.isEnded) break;
        this.wasCut = this.#isOverdue();
        if (this.wasCut) break;
        await this.#take(document);
        await this.#options.server?.whenAnswering();
      }
      this.#window.end();
    } catch (cause) {
      if (this.#options.stop.aborted) this.wasCut = true;
      this.#window.end(this.#options.stop.aborted ? undefined : { cause });
    }
  }

  /** After a stop the rest of the input is still read, to be listed as not run, but not for long. */
  #isOverdue(): boolean {
    const { clock, stop } = this.#options;
    if (!stop.aborted) return false;
    this.#stoppedAtMs ??= clock.monotonicMs();
    return clock.monotonicMs() - this.#stoppedAtMs > listRestLimitMs;
  }

  async #take(document: SourceDocument): Promise<void> {
    // The text is shared by the items of a document; the parsed value is held by each as long as it is resolved.
    let bytes = document.kind === 'unreadable' ? 0 : document.text.length;
    for (const parsed of this.#stages.parse(document)) {
      await this.#window.room(bytes);
      await this.#options.server?.whenAnswering();
      this.#pace.began(document.kind === 'document' ? document.cameMonotonicMs : undefined);
      this.#window.push(this.#handle(parsed), bytes);
      bytes = 0;
    }
  }

  #handle(parsed: ParsedItem): Promise<IngestItem> {
    if (parsed.outcome !== 'parsed') return Promise.resolve(refused(parsed));
    const prepared = this.#slots.run(() => this.#prepare(parsed));
    const inTurn = Promise.all([prepared, this.#earlier]).then(([result]) => result);
    const outcome = new Promise<IngestItem>((resolve, reject) => {
      this.#earlier = inTurn.then((result) => {
        if (!('item' in result)) resolve(result);
        else this.#queue.add(result.item.signal.fingerprint, { ready: result, settle: resolve, reject });
      }, reject);
    });
    return outcome;
  }

  /** Look-ups write nothing: what came of them while the server was away, a broken chain of owners too, is not kept. */
  async #prepare(parsed: ParsedSignal): Promise<ReadySignal | IngestItem> {
    const { server, stop } = this.#options;
    for (;;) {
      await server?.whenAnswering();
      if (stop.aborted) return { source: parsed.source, outcome: 'notRun' };
      const outages = server?.outages;
      const result = await this.#lookUp(parsed);
      await server?.whenSure();
      if (server?.outages === outages || isAborted(stop)) return result;
    }
  }

  async #lookUp(parsed: ParsedSignal): Promise<ReadySignal | IngestItem> {
    const { stop } = this.#options;
    try {
      const item = await this.#stages.resolve(parsed, stop);
      if (item.outcome !== 'normalized') return refused(item);
      const { scope, refusal, warnings } = await this.#stages.checkScope(item, stop);
      const ready = { item, scope };
      if (refusal === undefined) return ready;
      return {
        ...refused({ ...refusal, source: item.source, warnings: [] }),
        ...describeReady(ready, warnings),
      };
    } catch (thrown) {
      if (isAborted(stop)) return { source: parsed.source, outcome: 'notRun' };
      return { source: parsed.source, outcome: 'failed', ...failureOf(thrown) };
    }
  }

  async #decide(fingerprint: string, group: Waiting[]): Promise<void> {
    const signals = group.map((waiting) => waiting.ready);
    try {
      const items = await this.#slots.run(() => this.#decideUnlessStopped(fingerprint, signals), 'urgent');
      for (const [index, item] of items.entries()) group[index]?.settle(item);
    } catch (bug) {
      for (const waiting of group) waiting.reject(bug);
    }
  }

  async #decideUnlessStopped(fingerprint: string, signals: ReadySignal[]): Promise<IngestItem[]> {
    const { server, stop } = this.#options;
    await server?.whenAnswering();
    if (!stop.aborted) return this.#stages.decide(fingerprint, signals, stop);
    return signals.map((ready) => ({ ...describeReady(ready), outcome: 'notRun' }));
  }

  #count(item: IngestItem): void {
    this.#pace.ended();
    this.summary.total += 1;
    this.summary[item.outcome] += 1;
    if (this.#options.metrics !== undefined) measure(item, this.#options.metrics);
  }
}

function measure(item: IngestItem, metrics: IngestMetrics): void {
  const { signal, outcome, reason, error } = item;
  if (signal !== undefined) metrics.received(signal.signalSource, signal.severity);
  if (outcome === 'rejected' && reason !== undefined) metrics.rejected(reason.code);
  if (error !== undefined && isCreationError(error)) metrics.creationError(error.type);
  if (signal === undefined) return;
  if (outcome === 'created') metrics.created(signal.signalSource);
  if (outcome === 'duplicate') metrics.deduplicated(signal.signalName);
}

/** A refusal as an item; `failed` carries its error in the shape of every failure. */
function refused(refusal: RefusedItem): IngestItem {
  const { source, outcome, reason, retryable, about, warnings } = refusal;
  const shown = { ...(about === undefined ? {} : { about }), ...(warnings.length > 0 ? { warnings } : {}) };
  if (outcome !== 'failed') return { source, outcome, reason, ...shown };
  const { code, message } = reason;
  const error = { code, message, type: 'unknown', retryable: retryable ?? false, attempts: 0 };
  return { source, outcome, reason, error, ...shown };
}
