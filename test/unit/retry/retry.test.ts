import { describe, expect, it } from 'vitest';
import { CircuitOpenError } from '../../../src/retry/circuit-breaker.ts';
import { RetryError } from '../../../src/retry/retry-error.ts';
import { creationRetry, statusUpdate, withoutLastAttempt } from '../../../src/retry/retry-policy.ts';
import { retry } from '../../../src/retry/retry.ts';
import type { RetryEvent, RetryOptions } from '../../../src/retry/retry.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

function failure(facts: object, text = 'failed'): Error {
  return Object.assign(new Error(text), facts);
}

function setUp(overrides: Partial<RetryOptions> = {}): {
  clock: MockClock;
  events: RetryEvent[];
  options: RetryOptions;
} {
  const clock = new MockClock();
  const events: RetryEvent[] = [];
  const options = {
    policy: creationRetry,
    clock,
    random: new SeededRandom(1),
    observer: (event: RetryEvent) => events.push(event),
    ...overrides,
  };
  return { clock, events, options };
}

describe('retry', () => {
  it('numbers attempts from 1 for the operation and from 0 for the observer', async () => {
    const { clock, events, options } = setUp();
    const attempts: number[] = [];
    const running = retry((attempt) => {
      attempts.push(attempt);
      return Promise.reject(failure({ httpStatus: 503 }));
    }, options);
    await expect(clock.runUntil(running)).rejects.toBeInstanceOf(RetryError);
    expect(attempts).toEqual([1, 2, 3]);
    expect(events.map(({ attempt }) => attempt)).toEqual([0, 1]);
  });

  it('says exactly what the gateway says when attempts are used up, and keeps the cause', async () => {
    const { clock, options } = setUp();
    const last = failure({ httpStatus: 503 }, 'service unavailable');
    const error: unknown = await clock
      .runUntil(retry(() => Promise.reject(last), options))
      .catch((e: unknown) => e);
    expect(error).toMatchObject({
      message:
        'operation failed after 3/3 attempts (error_type=service_unavailable, retryable=true): service unavailable',
      code: 'RETRIES_EXHAUSTED',
      attempt: 3,
      maxAttempts: 3,
      errorType: 'service_unavailable',
      isRetryable: true,
      originalError: last,
      cause: last,
    });
  });

  it.each([
    ['a refusal', failure({ httpStatus: 403 })],
    ['an open breaker', new CircuitOpenError('open')],
    ['what is no error', 'text'],
  ])('throws %s as it is, unobserved', async (_name, thrown) => {
    const { clock, events, options } = setUp();
    let calls = 0;
    const running = retry(() => {
      calls += 1;
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- one of the cases is no error
      return Promise.reject(thrown);
    }, options);
    await expect(clock.runUntil(running)).rejects.toBe(thrown);
    expect([calls, events.length]).toEqual([1, 0]);
  });

  it('tries again after the half-open breaker refused', async () => {
    const { clock, options } = setUp();
    let calls = 0;
    const running = retry(
      () => ((calls += 1) === 1 ? Promise.reject(new CircuitOpenError('half-open')) : Promise.resolve('in')),
      options,
    );
    expect(await clock.runUntil(running)).toBe('in');
  });

  it.each([
    ['longer than the backoff', 7, 7_000],
    ['shorter than the backoff', 0.001, undefined],
  ])('waits as the server asks where that is %s', async (_name, retryAfterSeconds, expected) => {
    const { clock, events, options } = setUp();
    let calls = 0;
    const running = retry(
      () =>
        (calls += 1) === 1
          ? Promise.reject(failure({ httpStatus: 503, retryAfterSeconds }))
          : Promise.resolve(clock.monotonicMs()),
      options,
    );
    const waited = await clock.runUntil(running);
    expect(events[0]?.waitMs).toBe(waited);
    if (expected === undefined) expect(waited).toBeGreaterThanOrEqual(100);
    else expect(waited).toBe(expected);
  });

  it('stops waiting as soon as it is cancelled, and throws the reason itself', async () => {
    const controller = new AbortController();
    const { clock, options } = setUp({ signal: controller.signal });
    const reason = new Error('interrupted');
    const running = retry(() => Promise.reject(failure({ httpStatus: 503, retryAfterSeconds: 60 })), options);
    const settled = running.catch((error: unknown) => error);
    await clock.advance(50);
    expect(clock.sleepers).toBe(1);
    controller.abort(reason);
    expect(await settled).toBe(reason);
    expect([clock.monotonicMs(), clock.sleepers]).toEqual([50, 0]);
  });

  it('lets a deadline stand bare, though it looks like a time-out that may pass', async () => {
    const controller = new AbortController();
    const { clock, events, options } = setUp({
      policy: { ...creationRetry, maxAttempts: 1 },
      signal: controller.signal,
    });
    const reason = Object.assign(new Error('deadline'), { name: 'TimeoutError' });
    const running = retry(() => {
      controller.abort(reason);
      return Promise.reject(reason);
    }, options);
    await expect(clock.runUntil(running)).rejects.toBe(reason);
    expect(events).toEqual([]);
  });

  it('keeps what an attempt achieved although it was cancelled meanwhile', async () => {
    const controller = new AbortController();
    const { clock, options } = setUp({ signal: controller.signal });
    const running = retry(() => {
      controller.abort();
      return Promise.resolve('made');
    }, options);
    expect(await clock.runUntil(running)).toBe('made');
  });

  it('goes on without a last attempt until it is cancelled', async () => {
    const controller = new AbortController();
    const { clock, events, options } = setUp({
      policy: withoutLastAttempt(statusUpdate),
      signal: controller.signal,
      classify: () => ({ type: 'conflict', retryable: true }),
    });
    const settled = retry(() => Promise.reject(failure({ httpStatus: 409 })), options).catch(() => 'ended');
    await clock.advance(30_000);
    expect(events.length).toBeGreaterThan(100);
    expect(Math.max(...events.map(({ waitMs }) => waitMs))).toBeLessThanOrEqual(275);
    controller.abort();
    expect(await settled).toBe('ended');
  });

  it('refuses a policy that contradicts itself before the first call', async () => {
    const { options } = setUp({ policy: { ...creationRetry, initialMs: 10_000 } });
    let called = false;
    const running = retry(() => {
      called = true;
      return Promise.resolve();
    }, options);
    await expect(running).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(called).toBe(false);
  });
});
