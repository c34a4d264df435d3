import { parseDuration } from '../../time/duration.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { parseRfc3339 } from '../../time/rfc3339.ts';

const dayMs = 24 * 3_600_000;

/**
 * The moment that an age (`90m`, `12h`, `7d`, `1w`, `1d12h`) or an RFC 3339 time names, milliseconds since the epoch.
 * Throws USAGE.
 */
export function momentOf(flag: string, text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const atMs = parseRfc3339(text)?.ms ?? nowMs - ageMs(text);
  if (!Number.isNaN(atMs)) return atMs;
  throw new RemedyError('USAGE', `--${flag}: "${text}" is neither an age nor an RFC 3339 time`, {
    hint: `for example --${flag} 90m, --${flag} 7d or --${flag} 2026-03-01T12:00:00Z`,
  });
}

/** NaN for what is no age. */
function ageMs(text: string): number {
  const [, weeks, days, rest = ''] = /^(?:(\d+)w)?(?:(\d+)d)?(.*)$/.exec(text) ?? [];
  const wholeMs = (Number(weeks ?? 0) * 7 + Number(days ?? 0)) * dayMs;
  if (rest === '') return weeks === undefined && days === undefined ? Number.NaN : wholeMs;
  const restMs = parseDuration(rest) ?? Number.NaN;
  return restMs < 0 ? Number.NaN : wholeMs + restMs;
}
