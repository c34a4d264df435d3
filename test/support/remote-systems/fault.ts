/**
 * What a fake does instead of answering well. `effect`: whether the write takes place all the same. Of the answers
 * only those of kind `status` are whole.
 */
export type Fault = { readonly effect?: boolean } & (
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Headers; readonly body?: unknown }
  /** An error page of a proxy, with this status. */
  | { readonly kind: 'html'; readonly status: number; readonly headers?: Headers }
  /** The right status and headers, and then the connection ends in the middle of the body. */
  | { readonly kind: 'truncated' }
  /** The right answer as text/plain. */
  | { readonly kind: 'wrong content type' }
  /** The right status with nothing behind it. */
  | { readonly kind: 'no body' }
  /** The connection is reset without an answer. */
  | { readonly kind: 'reset' }
  /** Nothing comes, for ever. */
  | { readonly kind: 'stall' }
  /** Status and headers come, the body never. */
  | { readonly kind: 'stalled body' }
);

/** Whether the client gets an answer with an end; the others are done to the connection. */
export function isWhole({ kind }: Fault): boolean {
  return !['reset', 'stall', 'truncated', 'stalled body'].includes(kind);
}

/**
 * Whether prism hands on what the fault makes of an answer. It answers a reset and a stall itself, waits for ever for
 * the end of a truncated body, follows redirects, and makes a 501 an error of its own.
 */
export function passesPrism(fault: Fault): boolean {
  if (fault.kind !== 'status' && fault.kind !== 'html') return isWhole(fault);
  return fault.status !== 501 && !(fault.status >= 300 && fault.status < 400);
}

/** Whether the answer is to break its document: its type, its body, or a 2xx with an error in it. */
export function breaksDocument(fault: Fault): boolean {
  if (fault.kind !== 'status') return isWhole(fault);
  return fault.body !== undefined || fault.status < 300;
}

type Headers = Readonly<Record<string, string>>;

const rateLimitedWithReset: Fault = {
  kind: 'status',
  status: 429,
  headers: { 'ratelimit-limit': '960', 'ratelimit-remaining': '0', 'ratelimit-reset': '7' },
};

/** By name, for tables. Those with `after` come when the write has taken place. */
export const faults = {
  '429 with reset': rateLimitedWithReset,
  '429 without reset': { kind: 'status', status: 429 },
  '500 before the effect': { kind: 'status', status: 500 },
  '500 after the effect': { kind: 'status', status: 500, effect: true },
  '502 HTML page': { kind: 'html', status: 502 },
  '503': { kind: 'status', status: 503 },
  '503 with Retry-After': { kind: 'status', status: 503, headers: { 'retry-after': '3' } },
  'reset before the effect': { kind: 'reset' },
  'reset after the effect': { kind: 'reset', effect: true },
  'stall before the effect': { kind: 'stall' },
  'stall after the effect': { kind: 'stall', effect: true },
  'truncated body': { kind: 'truncated', effect: true },
  'stalled body': { kind: 'stalled body', effect: true },
  'wrong content type': { kind: 'wrong content type', effect: true },
  'HTML instead of JSON': { kind: 'html', status: 200, effect: true },
  'no body': { kind: 'no body', effect: true },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
