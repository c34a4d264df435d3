import { describe, expect, it } from 'vitest';
import {
  creationPolicyProblems,
  creationRetry,
  creationRetryLimits,
  creationRetryWith,
  lockContention,
  policyProblems,
  statusUpdate,
  withoutLastAttempt,
} from '../../../src/retry/retry-policy.ts';
import type { RetryPolicy } from '../../../src/retry/retry-policy.ts';
import { settings } from '../../../src/config/settings.ts';

describe('the named policies', () => {
  it.each([
    ['creation', creationRetry],
    ['lock contention', lockContention],
    ['status update', statusUpdate],
    ['without a last attempt', withoutLastAttempt(statusUpdate)],
  ])('%s is valid', (_name, policy) => {
    expect(policyProblems(policy)).toEqual([]);
  });

  it('are what the gateway uses', () => {
    expect(creationRetry).toMatchObject({ maxAttempts: 3, initialMs: 100, maxMs: 5_000, jitter: 0.1 });
    expect(lockContention).toMatchObject({ maxAttempts: 10, initialMs: 100, maxMs: 1_000, jitter: 0.1 });
  });

  it('are what the configuration allows and defaults to', () => {
    expect(settings['retry.creation.maxAttempts']).toMatchObject({
      default: creationRetry.maxAttempts,
      type: creationRetryLimits.maxAttempts,
    });
    expect(settings['retry.creation.initial']).toMatchObject({
      default: creationRetry.initialMs,
      type: { maxMs: creationRetryLimits.initialMs.max },
    });
    expect(settings['retry.creation.max']).toMatchObject({
      default: creationRetry.maxMs,
      type: { maxMs: creationRetryLimits.maxMs.max },
    });
  });
});

describe('what is wrong with a policy', () => {
  const cases: [string, Partial<RetryPolicy>, RegExp[]][] = [
    ['nothing', {}, []],
    ['no attempt', { maxAttempts: 0 }, [/maxAttempts .* not 0$/]],
    ['half an attempt', { maxAttempts: 2.5 }, [/maxAttempts .* not 2.5$/]],
    ['no number of attempts', { maxAttempts: Number.NaN }, [/maxAttempts .* not NaN$/]],
    ['a negative initial wait', { initialMs: -1 }, [/^initial must be/]],
    ['an endless initial wait', { initialMs: Infinity }, [/^initial must be/, /must not exceed/]],
    [
      'initial above max',
      { initialMs: 200, maxMs: 100 },
      [/initial \(200 ms\) must not exceed max \(100 ms\)/],
    ],
    ['a shrinking wait', { multiplier: 0.5 }, [/multiplier/]],
    ['more jitter than wait', { jitter: 1.1 }, [/jitter/]],
    [
      'several things',
      { maxAttempts: 0, jitter: -1, multiplier: 0 },
      [/maxAttempts/, /multiplier/, /jitter/],
    ],
  ];

  it.each(cases)('%s', (_name, change, expected) => {
    const problems = policyProblems({ ...lockContention, ...change });
    expect(problems).toHaveLength(expected.length);
    expected.forEach((pattern, index) => {
      expect(problems[index]).toMatch(pattern);
    });
  });

  it.each([
    [{ maxAttempts: 10, initialMs: 5_000, maxMs: 30_000 }, 0],
    [{ maxAttempts: 1, initialMs: 0, maxMs: 0 }, 0],
    [{ maxAttempts: 11 }, 1],
    [{ initialMs: 5_001, maxMs: 30_000 }, 1],
    [{ maxMs: 30_001 }, 1],
    [{ maxAttempts: Infinity, initialMs: 6_000, maxMs: 40_000 }, 3],
  ])('the limits of creation: %o has %d', (change, count) => {
    expect(creationPolicyProblems({ ...creationRetry, ...change })).toHaveLength(count);
  });

  it('refuses a creation policy with every problem in one error', () => {
    expect(creationRetryWith({ maxAttempts: 5 })).toEqual({ ...creationRetry, maxAttempts: 5 });
    expect(() => creationRetryWith({ maxAttempts: 11, initialMs: 6_000 })).toThrow(
      /maxAttempts must be at most 10.*initial must be at most 5000 ms/s,
    );
  });
});
