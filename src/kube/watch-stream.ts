/**
 * One watch: newline-delimited JSON events out of a streaming body.
 *
 * Guarantees: events arrive in the server's order, exactly once, however the bytes are cut; memory is bounded
 * by one event; an ERROR event ends the loop with an ApiError (410 for an expired version), a lost connection
 * with a NetworkError; an ordinary end of the stream ends the loop. Leaving the loop, `close()` or the abort
 * signal close the connection.
 * Non-guarantees: it never reconnects. `resourceVersion` is where to resume after an ordinary end.
 */
import type { KubeObject } from '../api/objects.ts';
import type { ApiResponse } from '../api/wire.ts';
import { describeNetworkError, statusError, warningsOf } from './answer.ts';
import { asEventObject, isFields } from './answer-shape.ts';
import type { ApiCall } from './api-error.ts';
import { ApiError, NetworkError } from './api-error.ts';
import { withoutLongTexts } from './short-json.ts';

/** One event of a watch. */
export interface WatchEvent<T extends KubeObject = KubeObject> {
  /** A BOOKMARK's object carries kind and metadata.resourceVersion only. */
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}

/** `closed`: the server ended it in order; `expired`: 410, list again; `left`: the reader went away. */
type WatchCloseReason = 'open' | 'closed' | 'expired' | 'error' | 'left';

interface WatchCall extends ApiCall {
  resourceVersion?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Bytes; texts over this come back empty. Default: none do. */
  longestText?: number | undefined;
}

/** The largest event that is read, in bytes; etcd's own limit is 1.5 MiB. */
const maxEventBytes = 32 * 1024 * 1024;
const newline = 0x0a;

/** The events of one WATCH, until it ends; `closeReason` then tells why. To be read once. */
export class WatchStream<T extends KubeObject = KubeObject> implements AsyncIterable<WatchEvent<T>> {
  /** Of the last event or bookmark handed out; before the first one, the version the watch began at. */
  resourceVersion: string | undefined;
  closeReason: WatchCloseReason = 'open';
  /** Texts of the answer's Warning headers. */
  readonly warnings: string[];
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #call: WatchCall;
  #taken = false;

  constructor(response: ApiResponse, call: WatchCall) {
    this.#body = response.body[Symbol.asyncIterator]();
    this.#call = call;
    this.resourceVersion = call.resourceVersion;
    this.warnings = warningsOf(response);
  }

  /** Closes the connection; a loop that waits ends. Idempotent. */
  async close(): Promise<void> {
    if (this.closeReason === 'open') this.closeReason = 'left';
    await this.#body.return?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<WatchEvent<T>, void, undefined> {
    if (this.#taken) throw new TypeError('a watch can be read once');
    this.#taken = true;
    try {
      for await (const line of this.#lines()) {
        const event = this.#parse(line);
        this.resourceVersion = event.object.metadata.resourceVersion ?? this.resourceVersion;
        yield event;
      }
      if (this.closeReason === 'open') this.closeReason = 'closed';
    } catch (thrown) {
      if (this.#isLeft()) return;
      this.closeReason = thrown instanceof ApiError && thrown.httpStatus === 410 ? 'expired' : 'error';
      throw describeNetworkError(thrown, this.#call, this.#call.signal);
    } finally {
      await this.close();
    }
  }

  #isLeft(): boolean {
    return this.closeReason === 'left';
  }

  async *#lines(): AsyncGenerator<Buffer, void, undefined> {
    const pending = new PendingLine();
    for (;;) {
      const step = await this.#body.next();
      if (step.done === true) break;
      const chunk = Buffer.from(step.value.buffer, step.value.byteOffset, step.value.byteLength);
      yield* pending.take(chunk);
    }
    const rest = pending.rest();
    // The API server ends every event with a newline: a rest is the torn half of one.
    if (rest.length > 0 && !isJson(rest)) throw torn();
    if (rest.length > 0) yield rest;
  }

  #parse(line: Buffer): WatchEvent<T> {
    let event: unknown;
    try {
      event = JSON.parse(withoutLongTexts(line, this.#call.longestText ?? Infinity));
    } catch (cause) {
      // the parser quotes the beginning of the text
      const shown = this.#call.mask === undefined ? { cause } : {};
      throw new NetworkError('UNREACHABLE', 'the watch sent something that is not JSON', shown);
    }
    const { type, object } = isFields(event) ? event : {};
    if (type === 'ERROR') throw statusError(object, this.#call);
    const { resource } = this.#call;
    const taken = isEventType(type)
      ? asEventObject(object, { resource, isBookmark: type === 'BOOKMARK' })
      : undefined;
    if (!isEventType(type) || taken === undefined) {
      throw new NetworkError('UNREACHABLE', 'the watch sent something that is no event of an object');
    }
    return { type, object: taken as T };
  }
}

const eventTypes: readonly unknown[] = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'];

function isEventType(type: unknown): type is WatchEvent['type'] {
  return eventTypes.includes(type);
}

/** Cuts chunks at newlines; a newline byte never lies inside a UTF-8 sequence. */
class PendingLine {
  #pieces: Buffer[] = [];
  #bytes = 0;

  *take(chunk: Buffer): Generator<Buffer, void, undefined> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end === -1) break;
      this.#push(chunk.subarray(start, end));
      start = end + 1;
      const line = this.rest();
      if (line.length > 0) yield line;
    }
    this.#push(chunk.subarray(start));
  }

  rest(): Buffer {
    const whole = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return whole ?? Buffer.alloc(0);
  }

  #push(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes > maxEventBytes) {
      throw new NetworkError('UNREACHABLE', `the watch sent an event of more than ${maxEventBytes} bytes`);
    }
  }
}

function isJson(rest: Buffer): boolean {
  try {
    JSON.parse(rest.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

function torn(): NetworkError {
  return new NetworkError('UNREACHABLE', 'the watch ended in the middle of an event', {
    errno: 'ECONNRESET',
  });
}
