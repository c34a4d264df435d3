/** The one reading of Retry-After and of HTTP's dates, for every client. */

/** What an answer says about its time. */
export interface AnswerTimes {
  /** `Retry-After`, as it came. */
  readonly retryAfter: string | undefined;
  /** `Date`, as it came. */
  readonly date: string | undefined;
}

/**
 * Seconds that an answer asks to wait, 0 for a date that has passed; undefined where it does not say. A date counts from
 * the answer's own Date, so that no clock of ours (and no skew) is in it; without one from `nowMs`, the wall clock, and
 * with neither it is ignored.
 */
export function retryAfterIn(
  { retryAfter, date }: AnswerTimes,
  nowMs: number | undefined,
): number | undefined {
  const asked = retryAfter?.trim() ?? '';
  // longer than any wait, and still a number to count with
  if (/^\d+(?:\.\d+)?$/.test(asked)) return Math.min(Number(asked), Number.MAX_SAFE_INTEGER);
  const sentMs = parseHttpDate(date, nowMs) ?? nowMs;
  const untilMs = parseHttpDate(asked, sentMs);
  if (untilMs === undefined || sentMs === undefined) return undefined;
  return Math.max(0, Math.ceil((untilMs - sentMs) / 1_000));
}

const rfc850 = /^[A-Z][a-z]{2,5}day, (\d{2}-[A-Z][a-z]{2}-)(\d{2})( \d{2}:\d{2}:\d{2} GMT)$/;
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds since the epoch of a date in one of HTTP's three forms (RFC 9110, 5.6.7). The two digits of a year of RFC
 * 850 mean the one that is not over 50 years after `nowMs`.
 */
export function parseHttpDate(text: string | undefined, nowMs: number | undefined): number | undefined {
  const given = text?.trim() ?? '';
  const [, day, shortYear, time] = rfc850.exec(given) ?? [];
  // Date.parse takes nearly anything; a date of HTTP begins with the name of its day
  const isDate = asctime.test(given) || /^[A-Z][a-z]{2}, /.test(given);
  if (day !== undefined && shortYear !== undefined && time !== undefined) {
    return milliseconds(`${day}${fullYear(Number(shortYear), nowMs)}${time}`);
  }
  return isDate ? milliseconds(asctime.test(given) ? `${given} GMT` : given) : undefined;
}

function fullYear(short: number, nowMs: number | undefined): number {
  if (nowMs === undefined) return short + (short < 50 ? 2_000 : 1_900);
  const thisYear = new Date(nowMs).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + short;
  if (year > thisYear + 50) return year - 100;
  return year <= thisYear - 50 ? year + 100 : year;
}

function milliseconds(text: string): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}
