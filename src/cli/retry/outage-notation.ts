import { parseDuration } from '../../config/duration.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { unavailable } from '../../retry/outage.ts';
import type { Outage, OutagePlan } from '../../retry/outage.ts';
import type { FailureFacts } from '../../retry/recorded-failure.ts';
import type { Sequel } from '../../retry/scripted-server.ts';
import type { Runtime } from '../runtime.ts';

const window = /^([0-9.a-z\u00b5\u03bc]{1,40})\.\.([0-9.a-z\u00b5\u03bc]{1,40})(?:=(.{1,200}))?$/u;

/**
 * Outages as flags have them: `0s..4s`, `0s..4s=429`, `1s..2s=ECONNRESET`, or a file. Throws USAGE, and of a file
 * INVALID_DOCUMENT.
 */
export async function readOutages(
  words: readonly string[],
  options: { latency: string | undefined; runtime: Runtime },
): Promise<OutagePlan | undefined> {
  if (words.length === 0) return undefined;
  const plans = await Promise.all(
    words.map(async (word): Promise<{ outages: Outage[]; latencyMs?: number | undefined }> => {
      const outage = parseWindow(word);
      return outage === undefined ? readOutageFile(word, options.runtime) : { outages: [outage] };
    }),
  );
  const given = options.latency === undefined ? undefined : durationOf('latency', options.latency);
  return {
    outages: plans.flatMap(({ outages }) => outages),
    latencyMs: given ?? plans.find(({ latencyMs }) => latencyMs !== undefined)?.latencyMs ?? 0,
  };
}

/** Undefined for what is no window, and so the name of a file. */
function parseWindow(word: string): Outage | undefined {
  const match = window.exec(word);
  if (match === null) return undefined;
  const [, from = '', to = '', failure] = match;
  const fromMs = durationOf('outage', from);
  const toMs = durationOf('outage', to);
  if (toMs <= fromMs) throw new RemedyError('USAGE', `--outage: "${word}" ends before it begins`);
  return { fromMs, toMs, failure: failure === undefined ? unavailable : parseFailure(failure) };
}

/** A status, an errno, or any other text. */
export function parseFailure(text: string): FailureFacts {
  if (/^\d{3}$/.test(text)) return failureOfStatus(Number(text));
  return /^E[A-Z_]{2,40}$/.test(text) ? { errno: text, message: text } : { message: text };
}

const sentences: ReadonlyMap<number, { reason: string; message: string }> = new Map([
  [429, { reason: 'TooManyRequests', message: 'too many requests' }],
  [503, { reason: 'ServiceUnavailable', message: 'service unavailable' }],
  [504, { reason: 'Timeout', message: 'gateway timeout' }],
]);

function failureOfStatus(status: number): FailureFacts {
  if (status < 400 || status > 599) throw new RemedyError('USAGE', `${status} is no status of a failure`);
  return { status, ...(sentences.get(status) ?? { message: `HTTP status ${status}` }) };
}

/** `--then`: `repeat`, `ok`, or `error=503`. */
export function parseSequel(text: string): Sequel {
  if (text === 'repeat' || text === 'ok') return text;
  const failure = /^error=(.{1,200})$/.exec(text)?.[1];
  if (failure !== undefined) return { failure: parseFailure(failure) };
  throw new RemedyError('USAGE', `--then: "${text}" is none of repeat, ok, error=503`, {
    hint: 'error= takes a status, an errno or a text',
  });
}

/** A duration of a flag, not negative. USAGE. */
export function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0) return ms;
  throw new RemedyError('USAGE', `--${flag}: "${text}" is no duration such as 500ms or 4s`);
}

async function readOutageFile(
  file: string,
  runtime: Runtime,
): Promise<{ outages: Outage[]; latencyMs: number | undefined }> {
  const [{ CheckedDocument }, { readChunks, readText }, { outageFileSchema }] = await Promise.all([
    import('./checked-document.ts'),
    import('./input-text.ts'),
    import('./trace-schema.ts'),
  ]);
  const document = new CheckedDocument(await readText(readChunks(file, runtime), file), file, 'outage');
  const { latency, outages } = document.check(outageFileSchema);
  return {
    latencyMs: latency === undefined ? undefined : (parseDuration(latency) ?? 0),
    outages: outages.map(({ from, to, retryAfter, ...facts }, index) => {
      const [fromMs, toMs] = [parseDuration(from) ?? 0, parseDuration(to) ?? 0];
      if (toMs <= fromMs) {
        throw document.invalid([{ path: ['outages', index, 'to'], message: 'must be after from' }]);
      }
      const known = Object.values(facts).some((value) => value !== undefined);
      return { fromMs, toMs, failure: withRetryAfter(known ? facts : unavailable, retryAfter) };
    }),
  };
}

export function withRetryAfter(failure: FailureFacts, retryAfter: string | undefined): FailureFacts {
  if (retryAfter === undefined) return failure;
  return { ...failure, retryAfterSeconds: (parseDuration(retryAfter) ?? 0) / 1_000 };
}
