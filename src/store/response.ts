import type { ApiResponse } from '../api/wire.ts';
import type { Clock } from '../time/clock.ts';
import type { Answer } from './answer.ts';

/** An answer as it would come over HTTP. */
export function toResponse(answer: Answer, clock: Clock): ApiResponse {
  const headers: Record<string, string | string[]> = {
    'cache-control': 'no-cache, private',
    'content-type': answer.contentType ?? 'application/json',
    date: new Date(clock.now()).toUTCString(),
  };
  const warnings = answer.warnings ?? [];
  if (warnings.length > 0) headers['warning'] = warnings.map((text) => `299 - ${JSON.stringify(text)}`);
  if (answer.retryAfterSeconds !== undefined) headers['retry-after'] = String(answer.retryAfterSeconds);
  return { status: answer.status, headers, body: bytesOf(answer.body) };
}

function bytesOf(body: Answer['body']): AsyncIterable<Uint8Array> {
  return typeof body === 'string' ? once(Buffer.from(body)) : body;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
