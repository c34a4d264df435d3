/** Reads times as Go does: one layout, no leniency, and the errors of Go's time.Parse. */
interface Element {
  text: string;
  pattern: RegExp;
}

const toSeconds: readonly Element[] = [
  { text: '2006', pattern: /^\d{4}/ },
  { text: '-', pattern: /^-/ },
  { text: '01', pattern: /^\d\d/ },
  { text: '-', pattern: /^-/ },
  { text: '02', pattern: /^\d\d/ },
  { text: 'T', pattern: /^T/ },
  { text: '15', pattern: /^\d\d/ },
  { text: ':', pattern: /^:/ },
  { text: '04', pattern: /^\d\d/ },
  { text: ':', pattern: /^:/ },
];
const zone: Element = { text: 'Z07:00', pattern: /^(?:Z|[+-]\d\d:\d\d)/ };

const microElements: readonly Element[] = [
  ...toSeconds,
  { text: '05', pattern: /^\d\d/ },
  { text: '.000000', pattern: /^[.,]\d{6}/ },
  zone,
];

/** Go takes fractions after the seconds even where the layout has none. */
const secondElements: readonly Element[] = [...toSeconds, { text: '05', pattern: /^\d\d(?:[.,]\d+)?/ }, zone];

export type TimeReading = { text: string } | { error: string };

/** A metav1.MicroTime: the instant in UTC with 6 digits, or Go's error text. */
export function readMicroTime(value: string): TimeReading {
  const error = parseError(value, '2006-01-02T15:04:05.000000Z07:00', microElements);
  if (error !== undefined) return { error };
  return { text: `${inUtc(value)}.${value.slice(20, 26)}Z` };
}

/** A metav1.Time: the instant in UTC to the second, or Go's error text. */
export function readTime(value: string): TimeReading {
  const error = parseError(value, '2006-01-02T15:04:05Z07:00', secondElements);
  return error === undefined ? { text: `${inUtc(value)}Z` } : { error };
}

function parseError(value: string, layout: string, elements: readonly Element[]): string | undefined {
  const lead = `parsing time ${JSON.stringify(value)}`;
  let rest = value;
  for (const element of elements) {
    const match = element.pattern.exec(rest);
    if (match === null) {
      return `${lead} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element.text)}`;
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return `${lead}: extra text: ${JSON.stringify(rest)}`;
  const range = outOfRange(value);
  return range === undefined ? undefined : `${lead}: ${range} out of range`;
}

function outOfRange(value: string): string | undefined {
  const part = (from: number, to: number): number => Number(value.slice(from, to));
  const [year, month, day] = [part(0, 4), part(5, 7), part(8, 10)];
  if (month < 1 || month > 12) return 'month';
  if (part(11, 13) > 23) return 'hour';
  if (part(14, 16) > 59) return 'minute';
  if (part(17, 19) > 59) return 'second';
  return day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate() ? 'day' : undefined;
}

function inUtc(value: string): string {
  const offset = /(?:Z|[+-]\d\d:\d\d)$/.exec(value)?.[0] ?? 'Z';
  return new Date(value.slice(0, 19) + offset).toISOString().slice(0, 19);
}
