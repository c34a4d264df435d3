/** Milliseconds per unit, as Go's time.ParseDuration knows them. */
const unitMs = new Map<string, number>([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3], // U+00B5
  ['μs', 1e-3], // U+03BC
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** What Go's int64 of nanoseconds holds, about 292 years. */
const longestMs = 9_223_372_036_854;

/** What a duration is, to follow "must be"; `bounds` in milliseconds. */
export function aDuration(bounds?: { minMs: number; maxMs: number }): string {
  const within =
    bounds === undefined ? '' : ` from ${formatDuration(bounds.minMs)} to ${formatDuration(bounds.maxMs)},`;
  return `a duration${within} such as 500ms or 1m30s`;
}

/** The notation of durations that are not negative, for schemas. */
export const durationPattern = /^(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;

const signedPattern = /^[-+]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;

/**
 * Milliseconds of a duration as Go writes it: `1m30s`, `500ms`, `1.5h`, `0`. `undefined` when it is none:
 * a number without a unit, a day, a blank.
 */
export function parseDuration(text: string): number | undefined {
  if (text.length > 100 || !signedPattern.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/([\d.]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g))
    totalMs += Number(amount) * (unitMs.get(unit) ?? Number.NaN);
  if (totalMs > longestMs) return undefined;
  return text.startsWith('-') && totalMs !== 0 ? -totalMs : totalMs;
}

/**
 * Milliseconds of a time-out as kubectl reads `--request-timeout`: a duration, or whole seconds without a
 * unit. 0 is no time-out.
 */
export function parseTimeout(text: string): number | undefined {
  if (/^\+?\d{1,9}$/.test(text)) return Number(text) * 1_000;
  return parseDuration(text);
}

/** The notation of ages: durations that may begin with days. */
export const agePattern = /^(?=.)(?:\d{1,5}d)?(?:(?:\d{1,9}\.?\d{0,9}|\.\d{1,9})(?:s|m|h))*$/;

/** Milliseconds of an age: `7d`, `1d12h`, `36h`, `0s`. `undefined` when it is none. */
export function parseAge(text: string): number | undefined {
  if (!agePattern.test(text)) return undefined;
  const [, days = '0', rest = ''] = /^(?:(\d+)d)?(.*)$/.exec(text) ?? [];
  const restMs = rest === '' ? 0 : parseDuration(rest);
  return restMs === undefined ? undefined : Number(days) * 86_400_000 + restMs;
}

/** The shortest notation that `parseDuration` reads back: `1m30s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms === 0) return '0s';
  if (ms < 1_000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1_000;
  return [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    seconds > 0 ? `${Number(seconds.toFixed(9))}s` : '',
  ].join('');
}
