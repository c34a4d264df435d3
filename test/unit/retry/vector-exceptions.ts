/** What differs from the gateway, and the rule that says so. Absent parts are as the gateway has them. */
export interface Exception {
  because: string;
  calls?: number;
  /** Bounds of the waits, milliseconds. */
  waits?: [number, number][];
  /** The type in the RetryError; `bare` for the error as it was raised. */
  ends?: string;
  /** The policy is refused before the first call. */
  refused?: RegExp;
}

const byStatus = 'classified by Status.code, not by substrings';
const byReason = 'classified by Status.reason, not by substrings';
const byErrno = 'classified by errno, not by substrings';
const misread = 'digits in names and ports, and words of others in a message, are no status';
const retryAfter = 'Retry-After is honoured, and makes a 429 or 5xx retryable';
const together = 'limits are validated together, 1 to 10 attempts';
const usual: [number, number][] = [
  [100, 110],
  [180, 220],
];
const thrice = (waits = usual): Pick<Exception, 'calls' | 'waits'> => ({ calls: 3, waits });
const once: Pick<Exception, 'calls' | 'waits' | 'ends'> = { calls: 1, waits: [], ends: 'bare' };
const exactly = (...waits: number[]): [number, number][] => waits.map((ms) => [ms, ms]);

/** By case: where remedyctl differs, held by the library and by the command alike. */
export const exceptions = new Map<string, Exception>([
  [
    'retry-005',
    {
      because: retryAfter,
      waits: [
        [1_000, 1_000],
        [180, 220],
      ],
    },
  ],
  ['retry-022', { because: byStatus, ...thrice(), ends: 'service_unavailable' }],
  ['retry-023', { because: byStatus, ...thrice(), ends: 'gateway_timeout' }],
  ['retry-025', { because: retryAfter, waits: exactly(1_000, 1_000) }],
  ['retry-026', { because: byStatus, ...thrice(exactly(3_000, 3_000)), ends: 'rate_limited' }],
  ['retry-029', { because: byStatus, ...thrice(), ends: 'service_unavailable' }],
  ['retry-031', { because: byStatus, ends: 'gateway_timeout' }],
  ['retry-032', { because: byReason, ...thrice(exactly(2_000, 2_000)), ends: 'timeout' }],
  ['retry-034', { because: misread, ...once }],
  ['retry-040', { because: misread, ...once }],
  ['retry-041', { because: misread, ...once }],
  ['retry-043', { because: misread, ...once }],
  ['retry-046', { because: misread, ...thrice(), ends: 'network_error' }],
  ['retry-047', { because: byErrno, ...thrice(), ends: 'timeout' }],
  ['retry-067', { because: together, calls: 0, waits: [], refused: /maxAttempts must be/ }],
  ['retry-068', { because: together, calls: 0, waits: [], refused: /initial .* must not exceed max/ }],
  ['retry-076', { because: byStatus, ends: 'gateway_timeout' }],
  [
    'retry-077',
    {
      because: retryAfter,
      waits: [
        [53, 58.3],
        [1_000, 1_000],
        [1_000, 1_000],
        [381.6, 466.4],
      ],
      ends: 'timeout',
    },
  ],
]);
