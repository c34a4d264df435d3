import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../../../src/retry/circuit-breaker.ts';
import { creationRetry } from '../../../src/retry/retry-policy.ts';
import { retry } from '../../../src/retry/retry.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared } from '../../support/shared.ts';
import { readRetryVectors } from './gateway-vectors.ts';
import type { WireCase } from './gateway-vectors.ts';

type Call = WireCase['calls'][number];
type CallException = Partial<Pick<Call, 'httpRequests' | 'observer' | 'breakerState'>> & {
  /** The text as far as it is the loop's; `null` for success. */
  text?: RegExp | null;
};

interface Exception {
  because: string;
  /** By call; the last one stands for all that follow. */
  calls: CallException[];
}

const byStatus = 'classified by Status.code, so generic texts of 503 and 504 are known';
const oneEngine =
  'one retry engine: a request that is repeated for its Retry-After is an attempt like any other';

const exceptions = new Map<string, Exception>([
  [
    '503 plain text',
    { because: byStatus, calls: [{ httpRequests: 3, observer: [0, 1], text: /3\/3 .*service_unavailable/ }] },
  ],
  [
    '504 plain text',
    { because: byStatus, calls: [{ httpRequests: 3, observer: [0, 1], text: /3\/3 .*gateway_timeout/ }] },
  ],
  [
    '502 plain text',
    {
      because: "the sentence around a body that is no Status is the API client's, not the loop's",
      calls: [{ text: /^bad gateway$/ }],
    },
  ],
  [
    '503 with Retry-After, always: client-go repeats inside one attempt',
    { because: oneEngine, calls: [{ httpRequests: 3 }] },
  ],
  ['429 with Retry-After twice, then 201', { because: oneEngine, calls: [{ observer: [0, 1] }] }],
  ['500 with Retry-After then 201', { because: oneEngine, calls: [{ observer: [0] }] }],
  [
    'breaker: 422 counts as failure',
    {
      because: 'only retryable errors count as failures',
      calls: [{ httpRequests: 1, breakerState: 'closed', text: /Too long/ }],
    },
  ],
]);

const cases = hasShared ? readRetryVectors().wire : [];

type Response = WireCase['responses'][number];

const goErrnos = new Map([
  ['connection refused', 'ECONNREFUSED'],
  ['connection reset', 'ECONNRESET'],
]);

function answer(response: Response): Promise<'created' | 'exists'> {
  const { code, body, retryAfter, transportError } = response;
  if (transportError !== undefined) {
    const errno = [...goErrnos].find(([words]) => transportError.includes(words))?.[1];
    return Promise.reject(Object.assign(new Error(transportError), { errno }));
  }
  if (code === 201) return Promise.resolve('created');
  const { message, reason } = typeof body === 'object' ? body : {};
  // whose object it is that exists is for the creation to find out
  if (reason === 'AlreadyExists') return Promise.resolve('exists');
  return Promise.reject(
    Object.assign(new Error(message ?? (typeof body === 'string' ? body : 'no body')), {
      httpStatus: code,
      reason,
      ...(retryAfter === undefined ? {} : { retryAfterSeconds: Number(retryAfter) }),
    }),
  );
}

describe.skipIf(!hasShared)('the retry loop around the circuit breaker, over scripted answers', () => {
  it.each(cases)('$note', async ({ note, responses, calls }) => {
    const exception = exceptions.get(note);
    const clock = new MockClock();
    const breaker = new CircuitBreaker({ clock });
    let answered = 0;
    for (const [index, call] of calls.entries()) {
      const differs = exception?.calls[Math.min(index, exception.calls.length - 1)];
      await clock.advance(call.afterMs);
      const before = answered;
      const observer: number[] = [];
      const send = (): Promise<unknown> => answer(responses[Math.min(answered++, responses.length - 1)]!);
      const running = retry(() => breaker.run(send), {
        policy: creationRetry,
        clock,
        random: new SeededRandom(index),
        observer: ({ attempt }) => observer.push(attempt),
      });
      const error: unknown = await clock.runUntil(running).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(answered - before).toBe(differs?.httpRequests ?? call.httpRequests);
      expect(observer).toEqual(differs?.observer ?? call.observer);
      expect(breaker.state).toBe(differs?.breakerState ?? call.breakerState);
      checkText(call, differs, error);
    }
  });

  it('excepts only cases that there are', () => {
    const notes = new Set(cases.map(({ note }) => note));
    expect([...exceptions.keys()].filter((note) => !notes.has(note))).toEqual([]);
  });
});

function checkText(call: Call, differs: CallException | undefined, error: unknown): void {
  const text = error === null ? null : (error as Error).message;
  if (differs?.text !== undefined && differs.text !== null) expect(text).toMatch(differs.text);
  else if (call.error === null) expect(text).toBeNull();
  // a transport error of Go's carries the request before it
  else expect(withoutRequest(call.error)).toContain(`{name}: ${text ?? 'null'}, crd_name={name}`);
}

function withoutRequest(text: string): string {
  return text.replace(/Post "http[^"]*": /, '');
}
