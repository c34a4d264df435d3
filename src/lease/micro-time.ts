import { rfc3339Ms } from '../time/rfc3339.ts';

/** metav1.MicroTime as the API server demands it: UTC with exactly six fractional digits. */
export function formatMicroTime(epochMs: number): string {
  return formatMicroseconds(Math.floor(epochMs) * 1000 + Math.floor((epochMs - Math.floor(epochMs)) * 1000));
}

/** The same of whole microseconds since the epoch, to the last one. */
export function formatMicroseconds(epochMicroseconds: number): string {
  const wholeMs = Math.floor(epochMicroseconds / 1000);
  const rest = epochMicroseconds - wholeMs * 1000;
  return new Date(wholeMs).toISOString().replace('Z', `${String(rest).padStart(3, '0')}Z`);
}

/** Microseconds since the epoch, or undefined for anything that is no RFC 3339 time; finer digits are cut. */
export function parseMicroTime(text = ''): number | undefined {
  const wholeMs = rfc3339Ms(text);
  if (Number.isNaN(wholeMs)) return undefined;
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
  return Math.floor(wholeMs / 1000) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}
