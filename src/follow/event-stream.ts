/**
 * The Events of a cluster as documents, for as long as somebody reads, and the checkpoint that another process goes on
 * from.
 *
 * Guarantees: every version of an event that comes after the start is one document, once; with a checkpoint also of those
 * that came while nobody was there, as long as the server remembers them, and a version is written down as in flight
 * before it is handed out, so that after a crash at most those are handed out twice. At most 64 are open, and a server
 * that sends faster is read more slowly.
 * Non-guarantees: of versions between a forgotten place (410) and the listing after it only the last one comes, and
 * none of an event that expired meanwhile.
 */
import type { KubeObject } from '../api/objects.ts';
import type { ReadDocument } from '../documents/source-document.ts';
import type { RemedyError } from '../errors/remedy-error.ts';
import type { ListWatchEvent } from '../kube/list-and-watch.ts';
import { counted } from '../text/count.ts';
import { rfc3339Ms } from '../time/rfc3339.ts';
import type { Checkpoint, CheckpointFile } from './checkpoint-file.ts';
import { CheckpointWriter } from './checkpoint-writer.ts';
import { EventBuffer, type Buffered } from './event-buffer.ts';
import { EventLedger, type EventVersion, type TakenEvent } from './event-ledger.ts';
import type { StreamIdentity } from './stream-identity.ts';
import { watchedEvents, type WatchedEventsOptions } from './watched-events.ts';

/** What a stream goes by. */
export interface EventStreamOptions extends WatchedEventsOptions {
  identity: StreamIdentity;
  /** How long before the start events may have been seen last to be taken, milliseconds. Default: none is. */
  sinceMs?: number | undefined;
  /** Where it is gone on from. Default: nowhere. */
  file?: CheckpointFile | undefined;
  /** Goes on from the file and leaves it as it is. */
  isDryRun: boolean;
}

/** A document of the stream, and how it ended. */
interface Waiting extends Buffered {
  taken: TakenEvent;
  document: ReadDocument;
}

/** Open at once: what a crash may repeat. */
const mostOpen = 64;

export class EventStream {
  readonly #options: EventStreamOptions;
  readonly #ledger: EventLedger;
  readonly #fromMs: number;
  readonly #writer: CheckpointWriter | undefined;
  readonly #buffer = new EventBuffer<Waiting>();
  /** Handed out, by the number of its document. */
  readonly #open = new Map<number, TakenEvent>();
  readonly #isContinued: boolean;
  #next = 0;
  /** Until then listed events may be from before the start. */
  #hasListed: boolean;
  #failure: { cause: unknown } | undefined;

  constructor(options: EventStreamOptions, checkpoint: Checkpoint | undefined) {
    const { clock, sinceMs = 0, file, isDryRun, random, notes } = options;
    this.#options = options;
    this.#isContinued = checkpoint !== undefined;
    this.#ledger = new EventLedger(checkpoint?.state);
    this.#fromMs = checkpoint?.fromMs ?? clock.now() - sinceMs;
    this.#hasListed = this.#ledger.place !== undefined;
    if (file === undefined || isDryRun) return;
    this.#writer = new CheckpointWriter({
      file,
      checkpoint: () => ({ identity: options.identity, fromMs: this.#fromMs, state: this.#ledger.state() }),
      clock,
      random,
      notes,
    });
  }

  /** What the stream is called where a file has its name. */
  get name(): string {
    return this.#options.identity.stream;
  }

  /** Writes the first checkpoint. @throws as CheckpointWriter.first does */
  async begin(): Promise<void> {
    await this.#writer?.first();
  }

  /**
   * To be iterated once; ends when the stream is stopped.
   * @throws what the first LIST throws, refusals that last, CHECKPOINT_UNUSABLE where another process writes the checkpoint
   */
  async *documents(): AsyncGenerator<ReadDocument, void, void> {
    const left = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, left.signal]);
    const end = (): void => {
      this.#buffer.end();
    };
    this.#options.signal.addEventListener('abort', end, { once: true });
    const reading = this.#read(signal);
    try {
      while (!this.#options.signal.aborted) {
        const batch = await this.#buffer.take(() => mostOpen - this.#open.size);
        if (batch.length === 0) break;
        yield* this.#handOut(batch);
      }
    } finally {
      this.#options.signal.removeEventListener('abort', end);
      left.abort();
      end();
      await reading;
    }
    if (this.#failure !== undefined) throw this.#failure.cause;
  }

  /** How a document ended; `isCertain`: whoever goes on from the checkpoint need not take it again. */
  ended(document: number, isCertain: boolean): void {
    const taken = this.#open.get(document);
    if (taken === undefined) return;
    this.#open.delete(document);
    if (isCertain) this.#ledger.end(taken);
    else this.#ledger.leave(taken);
    this.#writer?.touch();
    this.#buffer.poke();
  }

  /** Writes the last checkpoint; resolves with why that failed. To be called when every document has ended. */
  async close(): Promise<RemedyError | undefined> {
    return this.#writer?.close();
  }

  /** Written down first; what nobody took of it is not in flight. */
  async *#handOut(batch: readonly Waiting[]): AsyncGenerator<ReadDocument, void, void> {
    for (const { taken, document } of batch) {
      this.#ledger.begin(taken);
      this.#open.set(document.document, taken);
    }
    let next = 0;
    try {
      await this.#writer?.save();
      for (const { document } of batch) {
        if (this.#options.signal.aborted) return;
        next += 1;
        yield document;
      }
    } finally {
      for (const { document } of batch.slice(next)) this.ended(document.document, false);
    }
  }

  /** Never rejects. */
  async #read(signal: AbortSignal): Promise<void> {
    try {
      const listing = new Set<string>();
      for await (const event of watchedEvents(this.#ledger.place, { ...this.#options, signal })) {
        await this.#take(event, listing);
        if (signal.aborted) break;
      }
    } catch (cause) {
      if (!signal.aborted) this.#failure = { cause };
    } finally {
      this.#buffer.end();
    }
  }

  async #take(event: ListWatchEvent, listing: Set<string>): Promise<void> {
    switch (event.type) {
      case 'LISTING':
        listing.clear();
        if (this.#hasListed) this.#tellForgotten();
        return;
      case 'PAGE':
        for (const object of event.items) await this.#listed(object, listing);
        return;
      case 'LISTED':
        this.#ledger.listed(new Set(listing), event.resourceVersion);
        listing.clear();
        this.#hasListed = true;
        this.#writer?.touch();
        return;
      case 'BOOKMARK':
        this.#ledger.mark(event.resourceVersion);
        this.#writer?.touch();
        return;
      default:
        await this.#watched(event.type, event.object);
    }
  }

  #tellForgotten(): void {
    const { notes } = this.#options;
    notes.detail('the API server does not remember the events since; they are listed again');
  }

  async #listed(object: KubeObject, listing: Set<string>): Promise<void> {
    const version = versionOf(object);
    listing.add(version.uid);
    if (this.#ledger.has(version)) return;
    const isOld = !this.#hasListed && this.#isFromBefore(object);
    if (isOld) this.#ledger.pass(version);
    else await this.#put(version, object);
  }

  /** Who asks for no older ones has those that the first listing shows for older, whatever the clocks say. */
  #isFromBefore(object: KubeObject): boolean {
    if (this.#options.sinceMs === undefined && !this.#isContinued) return true;
    return lastSeenMs(object) < this.#fromMs;
  }

  async #watched(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): Promise<void> {
    const version = versionOf(object);
    if (type === 'DELETED') this.#ledger.gone(version.uid, version.resourceVersion);
    else if (this.#ledger.has(version)) this.#ledger.again(version, version.resourceVersion);
    else await this.#put(version, object, version.resourceVersion);
  }

  async #put(version: EventVersion, object: KubeObject, place?: string): Promise<void> {
    const taken = this.#ledger.take(version, place);
    const value = asPrinted(object);
    const text = JSON.stringify(value);
    const document: ReadDocument = {
      kind: 'document',
      file: this.name,
      document: this.#next++,
      line: 1,
      value,
      text,
      warnings: [],
      cameMonotonicMs: this.#options.clock.monotonicMs(),
    };
    await this.#buffer.put({ taken, document, bytes: 2 * text.length });
  }
}

/** What is said of a checkpoint that a stream goes on from. */
export function resumedText({ state }: Checkpoint): { say: string; warn?: string } {
  const from = state.place === undefined ? 'its start' : `version ${state.place}`;
  const say = `going on from the checkpoint: ${from}, ${counted(state.seen.length, 'event')} remembered`;
  if (state.inFlight.length === 0) return { say };
  const signals = counted(state.inFlight.length, 'signal');
  const were = state.inFlight.length === 1 ? 'was' : 'were';
  return {
    say,
    warn: `${signals} ${were} in flight when the run before was killed: taken again, and counted twice where that had counted them`,
  };
}

function versionOf({ metadata: { uid = '', resourceVersion = '' } }: KubeObject): EventVersion {
  return { uid, resourceVersion };
}

/** As `kubectl get events -o json` prints it, whether it was listed or watched. */
function asPrinted(object: KubeObject): Record<string, unknown> {
  const metadata: Record<string, unknown> = { ...object.metadata };
  delete metadata['managedFields'];
  return { ...object, apiVersion: 'v1', kind: 'Event', metadata };
}

/** The latest time that the event names. Milliseconds since the epoch; in the far past where it names none. */
function lastSeenMs(event: KubeObject): number {
  const { series } = event;
  const observed =
    typeof series === 'object' && series !== null && 'lastObservedTime' in series
      ? series.lastObservedTime
      : undefined;
  const times = [
    event['lastTimestamp'],
    observed,
    event['eventTime'],
    event['firstTimestamp'],
    event.metadata.creationTimestamp,
  ];
  const known = times.flatMap((time) => (typeof time === 'string' ? [rfc3339Ms(time)] : []));
  return Math.max(Number.NEGATIVE_INFINITY, ...known.filter((ms) => !Number.isNaN(ms)));
}
