import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../../src/retry/classify.ts';
import { classifyText } from '../../../src/retry/classify-text.ts';
import type { Failure } from '../../../src/retry/failure.ts';
import { RetryError } from '../../../src/retry/retry-error.ts';
import type { RetryPolicy } from '../../../src/retry/retry-policy.ts';
import { retry } from '../../../src/retry/retry.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { hasShared } from '../../support/shared.ts';
import { hasFacts, raise, readRetryVectors } from './gateway-vectors.ts';
import type { LoopCase, RecordedError } from './gateway-vectors.ts';
import { exceptionOf, ruled, rules } from './vector-exceptions.ts';
import type { Exception, Expected } from './vector-exceptions.ts';

const cases = hasShared ? readRetryVectors().cases : [];
const recorded = new Map<string, RecordedError>(
  (hasShared ? readRetryVectors().errors : []).map((error) => [error.id, error]),
);

/** Milliseconds; waits are differences of sums of floating-point numbers. */
const rounding = 1e-7;

interface Run {
  calls: number;
  waitsMs: number[];
  observer: { attempt: number; error: string }[];
  error: unknown;
}

function policyOf({ config }: LoopCase): RetryPolicy {
  return {
    maxAttempts: config.maxAttempts,
    initialMs: config.initialBackoffNs / 1e6,
    // the gateway reads 0 as "no limit"
    maxMs: config.maxBackoffNs === 0 ? Number.POSITIVE_INFINITY : config.maxBackoffNs / 1e6,
    multiplier: 2,
    jitter: 0.1,
  };
}

function classify(error: unknown): Failure {
  const { source } = error as { source: RecordedError };
  return hasFacts(source) ? classifyFailure(error) : classifyText(source.text);
}

async function run(testCase: LoopCase, seed: number): Promise<Run> {
  const clock = new MockClock();
  const controller = new AbortController();
  const result: Run = { calls: 0, waitsMs: [], observer: [], error: undefined };
  let waitBegan: number | undefined;
  const cancel = (): void => {
    controller.abort(new Error('context canceled'));
  };
  if (testCase.cancelAfterMs === 0) cancel();
  else if (testCase.cancelAfterMs !== undefined) void clock.sleep(testCase.cancelAfterMs).then(cancel);
  const operation = (): Promise<void> => {
    if (waitBegan !== undefined) result.waitsMs.push(clock.monotonicMs() - waitBegan);
    const step = testCase.script[result.calls] ?? 'ok';
    result.calls += 1;
    const source = recorded.get(step);
    // that an object of this name is already there is the creation's to judge, not the loop's
    if (source === undefined || source.status?.reason === 'AlreadyExists') return Promise.resolve();
    return Promise.reject(Object.assign(raise(source), { source }));
  };
  const running = retry(operation, {
    policy: policyOf(testCase),
    clock,
    random: new SeededRandom(seed),
    classify,
    signal: controller.signal,
    observer: ({ attempt, error }) => {
      waitBegan = clock.monotonicMs();
      result.observer.push({ attempt, error: (error as Error).message });
    },
  });
  try {
    await clock.runUntil(running);
  } catch (error) {
    result.error = error;
  }
  return result;
}

function expectedWaits(testCase: LoopCase, exception: Exception | undefined): [number, number][] {
  return exception?.waits ?? testCase.waits.map(({ minNs, maxNs }) => [minNs / 1e6, maxNs / 1e6]);
}

/** How many calls fail before the loop gives up or succeeds is what the script says. */
function failureTexts({ script }: LoopCase, count: number): string[] {
  return script.slice(0, count).map((id) => recorded.get(id)?.text ?? id);
}

function checkEnd(testCase: LoopCase, exception: Exception | undefined, result: Run): void {
  if (exception?.refused !== undefined) {
    expect(result.error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect((result.error as Error).message).toMatch(exception.refused);
    return;
  }
  const lastText = failureTexts(testCase, result.calls).at(-1) ?? '';
  const ends = exception?.ends ?? testCase.retryError?.errorType;
  if (ends !== undefined && ends !== 'bare') {
    expect(result.error).toBeInstanceOf(RetryError);
    const { maxAttempts } = testCase.config;
    expect((result.error as Error).message).toBe(
      `operation failed after ${maxAttempts}/${maxAttempts} attempts (error_type=${ends}, retryable=true): ${lastText}`,
    );
  } else if (ends === 'bare') {
    expect((result.error as Error).message).toBe(lastText);
  } else {
    const text = result.error === undefined ? null : (result.error as Error).message;
    if (testCase.error === null) expect(text).toBeNull();
    else expect(testCase.error).toContain(`correlation={name}: ${text ?? 'null'}, crd_name={name}`);
    expect(result.error).not.toBeInstanceOf(RetryError);
  }
}

describe.skipIf(!hasShared)("the gateway's retry loop", () => {
  it.each(cases)('$id $note', async (testCase) => {
    const exception = exceptionOf(testCase);
    for (const seed of [1, 2, 3, 4, 5]) {
      const result = await run(testCase, seed);
      expect(result.calls).toBe(exception?.calls ?? testCase.createCalls);
      const waits = expectedWaits(testCase, exception);
      // a wait that was cut short by a cancellation is not among them
      expect(result.waitsMs).toHaveLength(waits.length);
      result.waitsMs.forEach((waited, index) => {
        const [min, max] = waits[index]!;
        expect(waited).toBeGreaterThanOrEqual(min - rounding);
        expect(waited).toBeLessThanOrEqual(max + rounding);
      });
      if (exception?.calls === undefined) expect(result.observer).toEqual(testCase.observer);
      else
        expect(result.observer).toEqual(
          failureTexts(testCase, Math.max(0, result.calls - 1)).map((error, attempt) => ({ attempt, error })),
        );
      checkEnd(testCase, exception, result);
    }
  });

  it.each(cases)('has an exception if, and only if, the rules want something else: $id $note', (testCase) => {
    const exception = exceptionOf(testCase);
    if (exception?.refused !== undefined) return;
    expect(exception !== undefined).toBe(!isSame(ruled(testCase), asRecorded(testCase)));
  });

  it.each(rules)('knows cases for: $because', ({ concerns }) => {
    expect(cases.some(concerns)).toBe(true);
  });
});

function asRecorded(testCase: LoopCase): Expected {
  const { createCalls: calls, created, retryError, cancelAfterMs } = testCase;
  const isBare = !created && retryError === undefined && cancelAfterMs === undefined;
  const ends = isBare ? 'bare' : retryError?.errorType;
  return { calls, waits: expectedWaits(testCase, undefined), ...(ends === undefined ? {} : { ends }) };
}

function isSame(one: Expected, other: Expected): boolean {
  const isClose = (a: number, b = -1): boolean => Math.abs(a - b) < 1e-5;
  return (
    one.calls === other.calls &&
    one.ends === other.ends &&
    one.waits.length === other.waits.length &&
    one.waits.flat().every((bound, index) => isClose(bound, other.waits.flat()[index]))
  );
}
