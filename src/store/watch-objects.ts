/**
 * WATCH: the changes of one kind in the order in which they were committed, each once, none left out, as lines
 * of JSON. Pulled by the reader: a slow one costs no memory, and gets `410 Expired` when the history that it has
 * not read yet was trimmed.
 */
import { apiVersionOf } from '../api/objects.ts';
import type { Clock } from '../time/clock.ts';
import { failureStatus, Refusal, type Answer } from './answer.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { DatabaseGuard } from '../sqlite/database-guard.ts';
import { fromStored } from './event-views.ts';
import { changesAfter, type PastChange } from './history.ts';
import { readVersion, type ListOptions } from './list-options.ts';
import { isSelective, matches, queryObjects, type ObjectQuery, type Position } from './object-query.ts';
import type { ObjectTable } from './object-table.ts';
import { tooLargeResourceVersion } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';
import { readBody } from './stored-object.ts';

export interface WatchContext {
  table: ObjectTable;
  feed: ChangeFeed;
  guard: Pick<DatabaseGuard, 'requireThere'>;
  clock: Clock;
  /** Aborts when the store closes or the client gives up. */
  signal: AbortSignal;
}

export interface WatchRequest {
  kind: ServedKind;
  ns: string;
  options: ListOptions;
}

/** An API server ends a watch without timeoutSeconds after 30 to 60 minutes. */
const defaultTimeoutSeconds = 1800;
const bookmarkEveryMs = 60_000;
const changesAtOnce = 64;
/** A chunk ends with the change that makes it longer than this. */
const chunkLength = 64 * 1024;

/**
 * @throws refusals; the stream itself ends quietly at its time-out, with an ERROR event when it is too old, and throws
 * STORE_LOST once the database's files are gone
 */
export function watchObjects(context: WatchContext, request: WatchRequest): Answer {
  const { table } = context;
  const newest = table.newestVersion();
  const asked = readVersion(request.options.resourceVersion, refuseVersion);
  if (asked !== undefined && asked > newest) throw tooLargeResourceVersion(asked, newest);
  const stream = new WatchStream(context, request, { asked, newest });
  return { status: 200, body: stream.lines(), contentType: 'application/json' };
}

/** Watches pass the storage layer's error on as it is. */
function refuseVersion(why: string): Error {
  return new Refusal({ code: 500, message: why });
}

interface ReadChanges {
  text: string;
  expired: boolean;
  /** There are more at once. */
  more: boolean;
}

class WatchStream {
  readonly #context: WatchContext;
  readonly #request: WatchRequest;
  readonly #query: ObjectQuery;
  readonly #initial: boolean;
  readonly #endsAtMs: number;
  /** Everything up to here has been sent. */
  #version: number;
  #lastSentMs = 0;

  constructor(
    context: WatchContext,
    request: WatchRequest,
    start: { asked: number | undefined; newest: number },
  ) {
    const { options, kind, ns } = request;
    this.#context = context;
    this.#request = request;
    const fromNow = start.asked === undefined || start.asked === 0;
    this.#initial = options.sendInitialEvents ?? fromNow;
    this.#version = fromNow || options.sendInitialEvents !== undefined ? start.newest : (start.asked ?? 0);
    this.#query = { kind, ns, fields: options.fields, labels: options.labels, atVersion: this.#version };
    const seconds = options.timeoutSeconds > 0 ? options.timeoutSeconds : defaultTimeoutSeconds;
    this.#endsAtMs = context.clock.monotonicMs() + seconds * 1000;
  }

  async *lines(): AsyncGenerator<Uint8Array> {
    if (this.#initial) yield* this.#initialLines();
    this.#lastSentMs = this.#context.clock.monotonicMs();
    while (!this.#context.signal.aborted) {
      this.#context.guard.requireThere();
      const { text, expired, more } = this.#nextChanges();
      if (text !== '') yield Buffer.from(text);
      if (expired) return;
      const nowMs = this.#context.clock.monotonicMs();
      if (nowMs >= this.#endsAtMs) break;
      if (text !== '') this.#lastSentMs = nowMs;
      if (this.#isBookmarkDue(nowMs)) yield Buffer.from(this.#bookmark(false));
      if (text === '' && !more)
        await this.#wait(Math.min(this.#endsAtMs, this.#lastSentMs + bookmarkEveryMs) - nowMs);
    }
    yield* this.#farewell();
  }

  *#farewell(): Generator<Uint8Array> {
    if (!this.#request.options.allowBookmarks || this.#context.signal.aborted) return;
    yield Buffer.from(this.#bookmark(false));
  }

  #isBookmarkDue(nowMs: number): boolean {
    if (nowMs < this.#lastSentMs + bookmarkEveryMs) return false;
    this.#lastSentMs = nowMs;
    return this.#request.options.allowBookmarks;
  }

  async *#initialLines(): AsyncGenerator<Uint8Array> {
    let from: Position | undefined;
    do {
      const position = from;
      const chunk = this.#context.table.snapshot(() => this.#initialChunk(position));
      if (chunk.text !== '') yield Buffer.from(chunk.text);
      from = chunk.next;
      if (from !== undefined) await new Promise((resolve) => setImmediate(resolve));
    } while (from !== undefined && !this.#context.signal.aborted);
    const { sendInitialEvents, allowBookmarks } = this.#request.options;
    if (sendInitialEvents === true && allowBookmarks) yield Buffer.from(this.#bookmark(true));
  }

  #initialChunk(from: Position | undefined): { text: string; next: Position | undefined } {
    let text = '';
    for (const row of queryObjects(this.#context.table, this.#query, from)) {
      text += eventLine('ADDED', this.#shown(row.body));
      if (text.length > chunkLength) return { text, next: { ns: row.ns, after: row.name } };
    }
    return { text, next: undefined };
  }

  /** What this process has just written need not be read back; which objects came into view then has to be. */
  #nextChanges(): ReadChanges {
    const recent = isSelective(this.#query) ? undefined : this.#context.feed.recentAfter(this.#version);
    if (recent === undefined) return this.#readChanges();
    const { kind, ns } = this.#request;
    let text = '';
    for (const change of recent) {
      this.#version = change.rv;
      if (change.res !== kind.res || (ns !== '' && change.ns !== ns)) continue;
      text += eventLine(change.type, this.#shown(change.after));
      if (text.length > chunkLength) return { text, expired: false, more: true };
    }
    return { text, expired: false, more: false };
  }

  #readChanges(): ReadChanges {
    const { table } = this.#context;
    return table.snapshot(() => {
      const floor = table.historyFloor();
      if (this.#version < floor) return { text: this.#expiry(floor), expired: true, more: false };
      const { kind, ns } = this.#request;
      const before = isSelective(this.#query);
      const range = { res: kind.res, ns, after: this.#version, limit: changesAtOnce, before };
      let text = '';
      let taken = 0;
      for (const change of changesAfter(table, range)) {
        text += before ? this.#selectedEventOf(change) : eventLine(change.type, this.#shown(change.after));
        this.#version = change.rv;
        taken += 1;
        if (text.length > chunkLength) return { text, expired: false, more: true };
      }
      const more = taken === changesAtOnce;
      if (!more) this.#version = table.newestVersion();
      return { text, expired: false, more };
    });
  }

  /** With a selector, a change may bring an object into view or take it out of it. */
  #selectedEventOf(change: PastChange): string {
    const sees = (body: string | null): boolean => body !== null && matches(body, this.#query);
    const before = sees(change.before);
    if (change.type === 'DELETED') return before ? eventLine('DELETED', this.#shown(change.after)) : '';
    const after = sees(change.after);
    if (after) return eventLine(before ? 'MODIFIED' : 'ADDED', this.#shown(change.after));
    if (!before || change.before === null) return '';
    return eventLine('DELETED', this.#shown(atVersion(change.before, change.rv)));
  }

  #shown(body: string): string {
    return fromStored(body, this.#request.kind);
  }

  #expiry(floor: number): string {
    const status = failureStatus({
      code: 410,
      reason: 'Expired',
      message: `too old resource version: ${this.#version} (${floor})`,
    });
    return eventLine('ERROR', JSON.stringify(status));
  }

  #bookmark(initialEventsEnd: boolean): string {
    const { kind } = this.#request;
    const end = { annotations: { 'k8s.io/initial-events-end': 'true' } };
    const object = {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: {
        resourceVersion: String(this.#version),
        ...(kind.custom === undefined ? { creationTimestamp: null } : {}),
        ...(initialEventsEnd ? end : {}),
      },
    };
    return eventLine('BOOKMARK', JSON.stringify(object));
  }

  /** Until something was committed, the time is over, or the watch is ended from outside. */
  async #wait(ms: number): Promise<void> {
    const { feed, clock, signal } = this.#context;
    const over = new AbortController();
    const stop = (): void => {
      over.abort(changed);
    };
    const forget = feed.onceChanged(stop);
    signal.addEventListener('abort', stop, { once: true });
    try {
      if (!signal.aborted) await clock.sleep(ms, over.signal);
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      forget();
      signal.removeEventListener('abort', stop);
    }
  }
}

/** A reason of one's own spares a DOMException with its stack for every change. */
const changed = new Error('there is something new');

function eventLine(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

function atVersion(body: string, version: number): string {
  const object = readBody(body);
  object.metadata.resourceVersion = String(version);
  return JSON.stringify(object);
}
