import type { ApiStatus } from '../api/objects.ts';
import type { ApiResponse } from '../api/wire.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { retryAfterIn } from '../time/retry-after.ts';
import { isFields, isStatus, readStatus } from './answer-shape.ts';
import type { ApiCall } from './api-error.ts';
import { ApiError, NetworkError, describeCall } from './api-error.ts';
import { inBetween } from './refusal.ts';
import { withoutLongTexts } from './short-json.ts';

/** What of a foreign body (a proxy's page) goes into a message. */
const bodyExcerptChars = 200;
/** An error answer longer than this is not read to its end: it is no Status. */
export const maxErrorBodyBytes = 4 * 1024 * 1024;

export function header(response: Pick<ApiResponse, 'headers'>, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** An answer was longer than the reader takes, and was not read to its end. Never leaves the room. */
export class AnswerTooLarge extends Error {}

/** What a reader of a JSON answer needs of it, in bytes. */
interface AnswerLimits {
  /** Texts over it come back empty. */
  longestText?: number | undefined;
  /** An answer over it is refused. */
  maxBytes?: number | undefined;
}

export async function bodyText(response: ApiResponse, maxBytes = Infinity): Promise<string> {
  return (await bodyBytes(response, maxBytes)).toString('utf8');
}

export async function bodyBytes(response: ApiResponse, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > maxBytes) break;
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    : Buffer.concat(chunks);
}

/**
 * The JSON of a 2xx answer. A body that is no JSON (a proxy's log-in page) is an ApiError with that status; one
 * that is too long is AnswerTooLarge.
 */
export async function jsonAnswer<T>(
  response: ApiResponse,
  call: ApiCall,
  { longestText = Infinity, maxBytes = Infinity }: AnswerLimits = {},
): Promise<T> {
  const bytes = await bodyBytes(response, maxBytes);
  if (bytes.length > maxBytes) throw new AnswerTooLarge();
  const text = withoutLongTexts(bytes, longestText);
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ApiError({
      ...call,
      httpStatus: response.status,
      message: `the answer (HTTP ${response.status}) is not JSON: ${excerpt(response.mask?.(text) ?? text)}`,
      hint: inBetween,
      // the parser quotes the beginning of the text
      cause: response.mask === undefined ? cause : undefined,
    });
  }
}

/** Reads an answer that is not 2xx into the error it stands for. */
export async function errorAnswer(response: ApiResponse, call: ApiCall, now?: number): Promise<ApiError> {
  const text = await bodyText(response, maxErrorBodyBytes);
  const status = statusOf(text);
  return new ApiError({
    ...call,
    mask: response.mask,
    httpStatus: response.status,
    status,
    resent: response.resent,
    message: status?.message ?? foreignMessage(response, text),
    retryAfterSeconds: retryAfterSeconds(response, now) ?? status?.details?.retryAfterSeconds,
  });
}

/** An object that says of itself to be a Status, as an ApiError: the ERROR event of a watch. */
export function statusError(given: unknown, call: ApiCall): ApiError {
  const status = readStatus(isFields(given) ? given : {});
  return new ApiError({
    ...call,
    httpStatus: typeof status.code === 'number' ? status.code : 500,
    status,
    retryAfterSeconds: status.details?.retryAfterSeconds,
  });
}

/**
 * Puts the call into the sentence of an error that the transport raised without knowing it. What a Send throws
 * because the caller's signal aborted is ABORTED, however the Send puts it.
 */
export function describeNetworkError(thrown: unknown, call: ApiCall, signal?: AbortSignal): unknown {
  if (thrown instanceof ApiError) return thrown;
  if (!(thrown instanceof NetworkError)) {
    if (signal?.aborted !== true) return thrown;
    const text = `cannot ${describeCall(call)}: stopped: ${messageOf(signal.reason)}`;
    return new NetworkError('ABORTED', text, { cause: signal.reason });
  }
  return new NetworkError(thrown.code, `cannot ${describeCall(call)}: ${thrown.message}`, {
    errno: thrown.errno,
    hint: thrown.hint,
    cause: thrown.cause ?? thrown,
  });
}

/** Warning headers (`299 - "text"`), their texts unquoted. */
export function warningsOf(response: Pick<ApiResponse, 'headers'>): string[] {
  const raw = response.headers['warning'];
  if (raw === undefined) return [];
  const texts: string[] = [];
  for (const line of Array.isArray(raw) ? raw : [raw]) {
    for (const match of line.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)) {
      texts.push((match[1] ?? '').replace(/\\(.)/g, '$1'));
    }
  }
  return texts;
}

function statusOf(text: string): ApiStatus | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isStatus(parsed) ? readStatus(parsed) : undefined;
  } catch {
    return undefined;
  }
}

function foreignMessage(response: ApiResponse, text: string): string {
  if (response.status >= 300 && response.status < 400) {
    return `HTTP ${response.status}, a redirect to ${header(response, 'location') ?? 'nowhere'}, which is not followed`;
  }
  const shown = excerpt(text);
  return shown === '' ? `HTTP ${response.status} with an empty body` : `HTTP ${response.status}: ${shown}`;
}

function excerpt(text: string): string {
  const plain = /^\s*<(?:!doctype|html|\?xml)/i.test(text)
    ? text.replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')
    : text;
  const line = plain.replace(/\s+/g, ' ').trim();
  return line.length > bodyExcerptChars ? `${line.slice(0, bodyExcerptChars)}…` : line;
}

/** Retry-After in seconds, see `retryAfterIn`. */
function retryAfterSeconds(response: ApiResponse, now: number | undefined): number | undefined {
  const times = { retryAfter: header(response, 'retry-after'), date: header(response, 'date') };
  return retryAfterIn(times, now);
}
