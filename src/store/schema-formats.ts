import { parseDuration } from '../time/duration.ts';

/** The string formats that the API server checks; one that is not listed is not checked, as there. */
const checks: Record<string, (text: string) => boolean> = {
  'date-time': isDateTime,
  date: isDate,
  duration: isDuration,
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  byte: (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  ipv4: (text) => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/.test(text),
};

export function isKnownFormat(format: string): boolean {
  return Object.hasOwn(checks, format);
}

export function matchesFormat(format: string, text: string): boolean {
  const check = Object.hasOwn(checks, format) ? checks[format] : undefined;
  return check === undefined || check(text);
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (match === null) return false;
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** RFC 3339 as k8s.io/kube-openapi reads it: lower case allowed, hours to 23, minutes and seconds to 59. */
function isDateTime(text: string): boolean {
  const match = /^([^t]+)t(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|[+-]\d\d:\d\d)$/.exec(text.toLowerCase());
  if (match === null) return false;
  const [date = '', hour = '', minute = '', second = ''] = match.slice(1);
  return isDate(date) && hour <= '23' && minute <= '59' && second <= '59';
}

const quantity = /\d+\s*([A-Za-z\u00b5]+)/g;
const unit = /^(?:ns|nano.*|us|\u00b5s|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i;

/** Go's durations; and, as k8s.io/kube-openapi has it, any text with a number and a unit in it. */
function isDuration(text: string): boolean {
  if (parseDuration(text) !== undefined) return true;
  return [...text.matchAll(quantity)].some(([, name = '']) => unit.test(name));
}
