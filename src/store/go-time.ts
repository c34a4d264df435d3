/** Reads a metav1.MicroTime as Go does: one layout, no leniency, and the errors of Go's time.Parse. */
const layout = '2006-01-02T15:04:05.000000Z07:00';

interface Element {
  text: string;
  pattern: RegExp;
}

const elements: Element[] = [
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
  { text: '05', pattern: /^\d\d/ },
  { text: '.000000', pattern: /^[.,]\d{6}/ },
  { text: 'Z07:00', pattern: /^(?:Z|[+-]\d\d:\d\d)/ },
];

export type MicroTimeReading = { text: string } | { error: string };

/** The instant in UTC with 6 digits, or Go's error text. */
export function readMicroTime(value: string): MicroTimeReading {
  let rest = value;
  for (const element of elements) {
    const match = element.pattern.exec(rest);
    if (match === null) return { error: cannotParse(value, rest, element.text) };
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') return { error: `${lead(value)}: extra text: ${JSON.stringify(rest)}` };
  const range = outOfRange(value);
  if (range !== undefined) return { error: `parsing time ${JSON.stringify(value)}: ${range} out of range` };
  return { text: inUtc(value) };
}

function lead(value: string): string {
  return `parsing time ${JSON.stringify(value)}`;
}

function cannotParse(value: string, rest: string, element: string): string {
  return `${lead(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`;
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
  const whole = new Date(value.slice(0, 19) + value.slice(26)).toISOString().slice(0, 19);
  return `${whole}.${value.slice(20, 26)}Z`;
}
