const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/;

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
export function parseMicroTime(text: string | undefined): number | undefined {
  const match = pattern.exec(text ?? '');
  if (match === null) return undefined;
  const seconds = Date.parse(`${match[1] ?? ''}${match[3] ?? ''}`);
  if (Number.isNaN(seconds)) return undefined;
  return seconds * 1000 + Number((match[2] ?? '').slice(0, 6).padEnd(6, '0'));
}
