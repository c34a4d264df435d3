import { aDuration, parseDuration } from '../time/duration.ts';
import type { InputPlace } from '../documents/input-text.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { unavailable } from '../retry/outage.ts';
import type { Outage, OutagePlan } from '../retry/outage.ts';
import type { FailureFacts } from '../retry/recorded-failure.ts';
import type { Sequel } from '../retry/scripted-server.ts';

const window = /^([0-9.a-z\u00b5\u03bc]{1,40})\.\.([0-9.a-z\u00b5\u03bc]{1,40})(?:=(.{1,200}))?$/u;

/**
 * Outages by their notation: `0s..4s`, `0s..4s=429`, `1s..2s=ECONNRESET`, or a file; undefined where there are none.
 * `latency` is how long an answer takes, in place of what a file says (default 0).
 * @throws INVALID_OPTION; of a file INVALID_DOCUMENT, INPUT_NOT_FOUND, INPUT_UNREADABLE
 */
export async function readOutages(
  words: readonly string[],
  options: { latency: string | undefined; place: InputPlace },
): Promise<OutagePlan | undefined> {
  if (words.length === 0) return undefined;
  const plans = await Promise.all(
    words.map(async (word): Promise<{ outages: Outage[]; latencyMs?: number | undefined }> => {
      const outage = parseWindow(word);
      return outage === undefined ? readOutageFile(word, options.place) : { outages: [outage] };
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
  if (toMs <= fromMs)
    throw new RemedyError('INVALID_OPTION', `${optionName('outage')}: "${word}" ends before it begins`);
  return { fromMs, toMs, failure: failure === undefined ? unavailable : parseFailure(failure) };
}

/** A failure by a status (400 to 599), an errno, or any other text. @throws INVALID_OPTION */
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
  if (status < 400 || status > 599)
    throw new RemedyError('INVALID_OPTION', `${status} is no status of a failure`);
  return { status, ...(sentences.get(status) ?? { message: `HTTP status ${status}` }) };
}

/** What comes after the recorded outcomes: `repeat`, `ok`, or `error=503`. @throws INVALID_OPTION */
export function parseSequel(text: string): Sequel {
  if (text === 'repeat' || text === 'ok') return text;
  const failure = /^error=(.{1,200})$/.exec(text)?.[1];
  if (failure !== undefined) return { failure: parseFailure(failure) };
  throw new RemedyError(
    'INVALID_OPTION',
    `${optionName('then')}: "${text}" is none of repeat, ok, error=503`,
    {
      hint: 'error= takes a status, an errno or a text',
    },
  );
}

/** The milliseconds of an option's duration, not negative. @throws INVALID_OPTION */
export function durationOf(option: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 0) return ms;
  throw new RemedyError('INVALID_OPTION', `${optionName(option)} must be ${aDuration()}, not "${text}"`);
}

const hint = 'remedyctl retry schema outage prints what can stand there';

async function readOutageFile(
  file: string,
  place: InputPlace,
): Promise<{ outages: Outage[]; latencyMs: number | undefined }> {
  const [{ CheckedDocument }, { readChunks, readText }, { outageFileSchema }] = await Promise.all([
    import('../documents/checked-document.ts'),
    import('../documents/input-text.ts'),
    import('./trace-schema.ts'),
  ]);
  const text = await readText(readChunks(file, place), file);
  const document = await CheckedDocument.read({ text, file, hint, signal: place.signal });
  const { latency, outages } = await document.check(outageFileSchema);
  const backward = outages.findIndex(
    ({ from, to }) => (parseDuration(to) ?? 0) <= (parseDuration(from) ?? 0),
  );
  if (backward >= 0) {
    throw await document.invalid([{ path: ['outages', backward, 'to'], message: 'must be after from' }]);
  }
  return {
    latencyMs: latency === undefined ? undefined : (parseDuration(latency) ?? 0),
    outages: outages.map(({ from, to, retryAfter, ...facts }) => {
      const [fromMs, toMs] = [parseDuration(from) ?? 0, parseDuration(to) ?? 0];
      const known = Object.values(facts).some((value) => value !== undefined);
      return { fromMs, toMs, failure: withRetryAfter(known ? facts : unavailable, retryAfter) };
    }),
  };
}

/** The failure with what its server asks for: a duration such as `2s`. */
export function withRetryAfter(failure: FailureFacts, retryAfter: string | undefined): FailureFacts {
  if (retryAfter === undefined) return failure;
  return { ...failure, retryAfterSeconds: (parseDuration(retryAfter) ?? 0) / 1_000 };
}
