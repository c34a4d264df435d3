import type { ApiRequest, ApiResponse, Send } from '../api/wire.ts';
import type { Clock } from '../time/clock.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { NetworkError } from './api-error.ts';
import { header } from './answer.ts';
import { shownHeaders } from '../retry/redact.ts';

/**
 * One HTTP attempt as it went, without bodies. Nothing secret is in it: credentials are added below this seam, and what an
 * answer repeats of them is masked.
 */
export interface Attempt {
  method: ApiRequest['method'];
  path: string;
  /** Wall clock, milliseconds since the epoch. */
  startedAt: number;
  /** Until the body's end; of a watch until its headers. */
  durationMs: number;
  /** As they were given to the transport, which adds credentials and names of its own. */
  sentHeaders: Headers;
  /** Absent when no answer came. */
  status?: number;
  receivedHeaders?: Headers;
  /** The Retry-After header, as it was. */
  retryAfter?: string;
  /** Of a failure that had one; with `status` the body broke off. */
  errno?: string;
  /** UNREACHABLE, TIMEOUT, ABORTED, or the store's code. */
  error?: string;
  /** Status.reason and Status.message of an error answer. */
  reason?: string;
  message?: string;
}

/** Lower-case names; cookies and challenges are left out. */
export type Headers = Readonly<Record<string, string>>;

/** The server's clock against ours: its Date header (whole seconds) and our wall clock around the exchange. */
export interface ServerDate {
  serverDateMs: number;
  sentAtMs: number;
  receivedAtMs: number;
}

/** Error answers up to this size are looked into for reason and message. */
const maxStatusBytes = 64 * 1024;

/** A Send that reports each attempt once, when it has ended. A body that is never read is never reported. */
export function recordedSend(send: Send, clock: Clock, onAttempt: (attempt: Attempt) => void): Send {
  return async (request) => {
    const startedAt = clock.now();
    const startedMs = clock.monotonicMs();
    const { method, path } = request;
    const report = (facts: Partial<Attempt>): void => {
      const durationMs = clock.monotonicMs() - startedMs;
      onAttempt({ method, path, startedAt, durationMs, sentHeaders: request.headers ?? {}, ...facts });
    };
    try {
      const response = await send(request);
      const facts = answerFacts(response);
      if (request.stream === true && response.status < 300) {
        report(facts);
        return response;
      }
      return { ...response, body: reportedBody(response, facts, report) };
    } catch (thrown) {
      report(failureFacts(thrown));
      throw thrown;
    }
  };
}

/** A Send that hands on what the answers' Date headers say, for measuring clock skew. */
export function datedSend(send: Send, clock: Clock, onServerDate: (date: ServerDate) => void): Send {
  return async (request) => {
    const sentAtMs = clock.now();
    const response = await send(request);
    const serverDateMs = Date.parse(header(response, 'date') ?? '');
    if (!Number.isNaN(serverDateMs)) onServerDate({ serverDateMs, sentAtMs, receivedAtMs: clock.now() });
    return response;
  };
}

async function* reportedBody(
  response: ApiResponse,
  facts: Partial<Attempt>,
  report: (facts: Partial<Attempt>) => void,
): AsyncGenerator<Uint8Array> {
  const seen: Uint8Array[] = [];
  let seenBytes = 0;
  let failure: Partial<Attempt> = {};
  try {
    for await (const chunk of response.body) {
      seenBytes += chunk.byteLength;
      if (response.status >= 400 && seenBytes <= maxStatusBytes) seen.push(chunk);
      yield chunk;
    }
  } catch (thrown) {
    failure = failureFacts(thrown);
    throw thrown;
  } finally {
    report({ ...facts, ...statusFacts(seen), ...failure });
  }
}

function answerFacts(response: ApiResponse): Partial<Attempt> {
  const retryAfter = header(response, 'retry-after');
  return {
    status: response.status,
    receivedHeaders: shownHeaders(response.headers, response.mask ?? ((text) => text)),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

function failureFacts(thrown: unknown): Partial<Attempt> {
  if (!(thrown instanceof RemedyError)) return { error: 'ABORTED' };
  const errno = thrown instanceof NetworkError ? thrown.errno : undefined;
  return { error: thrown.code, ...(errno === undefined ? {} : { errno }) };
}

function statusFacts(chunks: Uint8Array[]): Partial<Attempt> {
  if (chunks.length === 0) return {};
  try {
    const { reason, message } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    return {
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    return {};
  }
}
