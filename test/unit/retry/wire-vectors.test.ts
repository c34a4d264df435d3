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
type Response = WireCase['responses'][number];

/** What is to be seen of a call where the gateway's stack does otherwise. */
type CallException = Partial<Pick<Call, 'httpRequests' | 'observer' | 'breakerState'>> & {
  /** The text as far as it is the loop's; `null` for success. */
  text?: RegExp | null;
};

/**
 * Where remedyctl does otherwise: each rule of docs/gateway-semantics.md finds its cases by the answers in them, and the
 * answers say what then happens.
 */
const rules: { because: string; concerns: (one: WireCase) => boolean }[] = [
  {
    because: '§7.2: classified by the status, so a 503 or 504 is known without its words',
    concerns: ({ responses }) => responses.some((one) => isPlain(one) && isPassing(one)),
  },
  {
    because: "§7.2: the sentence around a body that is no Status is the API client's, not the loop's",
    concerns: ({ responses }) => responses.some((one) => isPlain(one) && !isPassing(one)),
  },
  {
    because:
      '§7.3: one retry engine, a request that is repeated for its Retry-After is an attempt like any other',
    concerns: ({ responses }) => responses.some(({ retryAfter }) => retryAfter !== undefined),
  },
  {
    because: '§11: only retryable errors count as failures of the circuit breaker',
    concerns: ({ responses, calls }) =>
      !responses.some(isPassing) && calls.some(({ breakerState }) => breakerState !== 'closed'),
  },
];

/** A body that is no Status. */
function isPlain({ body }: Response): boolean {
  return typeof body === 'string';
}

function typeOf({ code = 0, transportError }: Response): string | undefined {
  if (transportError !== undefined) return 'network_error';
  return { 429: 'rate_limited', 503: 'service_unavailable', 504: 'gateway_timeout' }[code];
}

function isPassing(response: Response): boolean {
  const { code = 0, retryAfter } = response;
  return typeOf(response) !== undefined || (retryAfter !== undefined && code >= 500);
}

/** What the rules make of each call of a case that they concern; too few failures for the breaker to open. */
function ruled({ responses, calls }: WireCase): CallException[] {
  let answered = 0;
  return calls.map(() => {
    const observer: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const response = responses[Math.min(answered++, responses.length - 1)]!;
      const seen = { httpRequests: attempt, observer, breakerState: 'closed' };
      if (response.code === 201) return { ...seen, text: null };
      const message = messageOf(response);
      if (!isPassing(response)) return { ...seen, text: exactly(message) };
      if (attempt === 3) {
        return { ...seen, text: new RegExp(`3/3 .*error_type=${typeOf(response) ?? 'unknown'}`) };
      }
      observer.push(attempt - 1);
    }
  });
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`);
}

function messageOf({ body }: Response): string {
  return typeof body === 'string' ? body : (body?.message ?? 'no body');
}

const cases = hasShared ? readRetryVectors().wire : [];

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
  const { reason } = typeof body === 'object' ? body : {};
  // whose object it is that exists is for the creation to find out
  if (reason === 'AlreadyExists') return Promise.resolve('exists');
  return Promise.reject(
    Object.assign(new Error(messageOf(response)), {
      httpStatus: code,
      reason,
      ...(retryAfter === undefined ? {} : { retryAfterSeconds: Number(retryAfter) }),
    }),
  );
}

describe.skipIf(!hasShared)('the retry loop around the circuit breaker, over scripted answers', () => {
  it.each(cases)('$note', async (one) => {
    const { responses, calls } = one;
    const exceptions = rules.some(({ concerns }) => concerns(one)) ? ruled(one) : [];
    const clock = new MockClock();
    const breaker = new CircuitBreaker({ clock });
    let answered = 0;
    for (const [index, call] of calls.entries()) {
      const differs = exceptions[index];
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

  it.each(rules)('knows cases for: $because', ({ concerns }) => {
    expect(cases.some(concerns)).toBe(true);
  });
});

function checkText(call: Call, differs: CallException | undefined, error: unknown): void {
  const text = error === null ? null : (error as Error).message;
  if (differs?.text === null) expect(text).toBeNull();
  else if (differs?.text !== undefined) expect(text).toMatch(differs.text);
  else if (call.error === null) expect(text).toBeNull();
  // a transport error of Go's carries the request before it
  else expect(withoutRequest(call.error)).toContain(`{name}: ${text ?? 'null'}, crd_name={name}`);
}

function withoutRequest(text: string): string {
  return text.replace(/Post "http[^"]*": /, '');
}
