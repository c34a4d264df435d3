/** A point in time as a document wrote it. */
export interface WrittenTime {
  /** Milliseconds since the epoch. */
  ms: number;
  /** RFC 3339 with the offset of the input (a zero offset as Z), cut to seconds, never rounded. */
  text: string;
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Go's zero time, which stands for "not set" wherever a Go program writes a time. */
const goZeroMs = Date.UTC(2001, 0, 1) - daysOfYears1To2000() * 86_400_000;

function daysOfYears1To2000(): number {
  return 2000 * 365 + 2000 / 4 - 2000 / 100 + 2000 / 400;
}

/**
 * Reads a time that both RFC 3339 and Go's time.Time accept: upper-case T and Z, two-digit fields, a dot
 * before the fraction, hours to 23, seconds to 59, days that exist. Undefined for everything else.
 */
export function parseRfc3339(text: string): WrittenTime | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const numbers = match.slice(1, 7).map(Number);
  if (!isDate(numbers) || !isTimeOfDay(numbers)) return undefined;
  const offset = offsetOf(match);
  if (offset === undefined) return undefined;
  const local = text.slice(0, 19);
  const fractionMs = Math.floor(Number(`0${match[7] ?? ''}`) * 1000);
  const ms = Date.parse(`${local}Z`) - offset.minutes * 60_000 + fractionMs;
  return { ms, text: `${local}${offset.text}` };
}

/** Milliseconds since the epoch of a time that `parseRfc3339` takes; NaN for everything else, days that do not exist too. */
export function rfc3339Ms(text: string): number {
  return parseRfc3339(text)?.ms ?? Number.NaN;
}

/** Whether a time is Go's zero time, 0001-01-01T00:00:00Z: no time at all. */
export function isUnsetTime(time: WrittenTime): boolean {
  return time.ms === goZeroMs;
}

/** RFC 3339 in UTC, cut to seconds. */
export function formatUtcSeconds(ms: number): string {
  return `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, -5)}Z`;
}

/** Whether the day is in the calendar: one that is not comes back as another day. */
function isDate([year = 0, month = 0, day = 0]: number[]): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  // A year that the Gregorian calendar repeats, for Date.UTC takes years below 100 for the 20th century.
  const date = new Date(Date.UTC(2000 + (year % 400), month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isTimeOfDay([, , , hour = 0, minute = 0, second = 0]: number[]): boolean {
  return hour <= 23 && minute <= 59 && second <= 59;
}

function offsetOf(match: RegExpExecArray): { minutes: number; text: string } | undefined {
  const [, , , , , , , , sign, hourText = '', minuteText = ''] = match;
  if (sign === undefined) return { minutes: 0, text: 'Z' };
  const [hours, minutes] = [Number(hourText), Number(minuteText)];
  if (hours > 23 || minutes > 59) return undefined;
  const total = hours * 60 + minutes;
  if (total === 0) return { minutes: 0, text: 'Z' };
  return { minutes: sign === '-' ? -total : total, text: `${sign}${hourText}:${minuteText}` };
}
