import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasShared } from '../../support/shared.ts';
import { CommandLine } from '../cli/command-line.ts';
import { hasFacts, readRetryVectors } from './gateway-vectors.ts';
import type { LoopCase, RecordedError } from './gateway-vectors.ts';
import { exceptionOf } from './vector-exceptions.ts';

const line = new CommandLine();
afterAll(() => {
  line.remove();
});

const vectors = hasShared ? readRetryVectors() : undefined;
const errors = new Map((vectors?.errors ?? []).map((error) => [error.id, error]));

interface Side {
  attempts: { error?: { type: string; message: string }; retryable?: boolean; waitSeconds?: number }[];
  result: string;
  error?: { message: string };
  observerCalls: number[];
}

/** As somebody writes it by hand: facts where there are any, else the text alone. */
function outcome(id: string): object | string {
  const source = errors.get(id);
  // whose object it is that is there already is the creation's to judge
  if (source === undefined || source.status?.reason === 'AlreadyExists') return 'ok';
  return attemptOf(source);
}

function attemptOf(source: RecordedError): object {
  const { status, errno, context, text } = source;
  if (!hasFacts(source)) return { error: text };
  const type = context === undefined ? undefined : context === 'DeadlineExceeded' ? 'timeout' : 'unknown';
  const facts = { status: status?.code, reason: status?.reason, errno, message: text };
  return {
    error: { ...facts, ...(status === undefined && errno === undefined ? { type } : {}) },
    ...(status?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: status.retryAfterSeconds }),
  };
}

function traceOf({ config, script, cancelAfterMs }: LoopCase): object {
  const { maxAttempts, initialBackoffNs, maxBackoffNs } = config;
  const policy = {
    maxAttempts,
    initialSeconds: initialBackoffNs / 1e9,
    // the gateway reads 0 as "no limit"
    ...(maxBackoffNs === 0 ? {} : { maxSeconds: maxBackoffNs / 1e9 }),
    ...{ multiplier: 2, jitter: 0.1, growth: 'exponential', spread: 'around' },
  };
  const attempts = script.map(outcome);
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'RetryTrace',
    policies: { it: policy },
    operations: [
      {
        operation: 'create_remediation_request',
        policy: 'it',
        // the gateway's script goes on with success
        attempts: attempts.length < maxAttempts ? [...attempts, 'ok'] : attempts,
        ...(cancelAfterMs === undefined ? {} : { cancelAtSeconds: cancelAfterMs / 1_000 }),
      },
    ],
  };
}

async function replay(trace: object, ...flags: string[]): Promise<{ code: number; stdout: string }> {
  const file = path.join(line.home, 'trace.json');
  writeFileSync(file, JSON.stringify(trace));
  return line.run(['retry', 'replay', file, '-o', 'json', ...flags]);
}

function sideOf(stdout: string): Side {
  return (JSON.parse(stdout) as { operations: { replayed: Side }[] }).operations[0]!.replayed;
}

describe.skipIf(!hasShared)("retry replay of the gateway's own runs", () => {
  it.each(vectors?.cases ?? [])('$id $note', async (testCase) => {
    const exception = exceptionOf(testCase);
    for (const seed of ['1', '2', '3']) {
      const { code, stdout } = await replay(traceOf(testCase), '--seed', seed);
      if (exception?.refused !== undefined) {
        const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
        expect({ code, is: error.code }).toEqual({ code: 2, is: 'INVALID_DOCUMENT' });
        expect(error.message).toMatch(/maxAttempts: must be at least 1|initial .* must not exceed max/);
        continue;
      }
      expect(code).toBe(0);
      checkSide(testCase, sideOf(stdout));
    }
  });

  it.each(vectors?.errors ?? [])('classifies $id $note', async (source) => {
    const trace = {
      ...{ apiVersion: 'remedyctl.dev/v1', kind: 'RetryTrace' },
      operations: [{ operation: 'x', policy: 'creation', attempts: [attemptOf(source)] }],
    };
    const { stdout } = await replay(trace, '--max-attempts', '1');
    const [attempt] = sideOf(stdout).attempts;
    expect(attempt?.error?.type).toBe(hasFacts(source) ? source.byCode : source.errorType);
    expect(attempt?.error?.message).toBe(source.text);
    if (!hasFacts(source)) expect(attempt?.retryable).toBe(source.retryable);
  });
});

function checkSide(testCase: LoopCase, side: Side): void {
  const exception = exceptionOf(testCase);
  const calls = exception?.calls ?? testCase.createCalls;
  expect(side.attempts).toHaveLength(calls);
  const waits =
    exception?.waits ??
    testCase.waits.map(({ minNs, maxNs }): [number, number] => [minNs / 1e6, maxNs / 1e6]);
  const planned = side.attempts.map(({ waitSeconds }) => waitSeconds).filter((wait) => wait !== undefined);
  // a wait that a cancellation cut short is planned, and not among the gateway's
  expect(planned.length - waits.length).toBe(
    testCase.cancelAfterMs !== undefined && side.result === 'error' ? 1 : 0,
  );
  waits.forEach(([min, max], index) => {
    expect(planned[index]! * 1_000).toBeGreaterThanOrEqual(min - 0.001);
    expect(planned[index]! * 1_000).toBeLessThanOrEqual(max + 0.001);
  });
  expect(side.observerCalls).toEqual(
    exception?.calls === undefined
      ? testCase.observer.map(({ attempt }) => attempt)
      : Array.from({ length: calls - 1 }, (_, index) => index),
  );
  checkEnd(testCase, side);
}

function checkEnd(testCase: LoopCase, side: Side): void {
  const ends = exceptionOf(testCase)?.ends ?? testCase.retryError?.errorType;
  const last = side.attempts.at(-1)?.error?.message ?? '';
  if (ends !== undefined && ends !== 'bare') {
    const { maxAttempts } = testCase.config;
    expect(side.error?.message).toBe(
      `operation failed after ${maxAttempts}/${maxAttempts} attempts (error_type=${ends}, retryable=true): ${last}`,
    );
  } else if (ends === 'bare') expect(side.error?.message).toBe(last);
  else if (testCase.error === null) expect(side.error).toBeUndefined();
  else expect(testCase.error).toContain(`correlation={name}: ${side.error?.message ?? '?'}, crd_name={name}`);
}

describe.skipIf(!hasShared)("retry schedule of the gateway's own configurations", () => {
  const configs = grouped(vectors?.backoff ?? []);

  it.each([...configs.values()].map((points) => [points[0]!.config, points] as const))(
    '%j',
    async (config, points) => {
      const { basePeriodNs, maxPeriodNs, multiplier, jitterPercent } = config;
      const last = Math.max(...points.map(({ attempt }) => attempt));
      const flags = {
        initial: `${basePeriodNs}ns`,
        // the gateway reads 0 as "no limit"
        max: maxPeriodNs === 0 ? 'none' : `${maxPeriodNs}ns`,
        // and a multiplier of 0 as the usual one
        multiplier: String(multiplier === 0 ? 2 : multiplier),
        jitter: `${jitterPercent}%`,
        'max-attempts': String(Math.max(last, 1) + 1),
      };
      const words = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
      const { code, stdout } = await line.run(['retry', 'schedule', '-o', 'json', ...words]);
      if (basePeriodNs > maxPeriodNs && maxPeriodNs > 0) {
        expect({ code, stdout: JSON.parse(stdout) as unknown }).toMatchObject({
          code: 2,
          stdout: { error: { code: 'USAGE' } },
        });
        return;
      }
      expect(code).toBe(0);
      const { attempts } = JSON.parse(stdout) as {
        attempts: { waitSeconds?: { min: number; nominal: number; max: number } }[];
      };
      for (const { attempt, minNs, maxNs } of points.filter((point) => point.attempt >= 1)) {
        const wait = attempts[attempt - 1]!.waitSeconds!;
        // the gateway's bounds leave out the upper end of jitter by a nanosecond
        expect(Math.abs(wait.min * 1e9 - minNs)).toBeLessThanOrEqual(2);
        expect(Math.abs(wait.max * 1e9 - maxNs)).toBeLessThanOrEqual(2);
      }
    },
  );

  it('has the waits of status updates', async () => {
    const { stdout } = await line.run(['retry', 'schedule', 'status', '-o', 'json']);
    const { attempts } = JSON.parse(stdout) as { attempts: { waitSeconds?: { min: number; max: number } }[] };
    const { sleepsNs, steps } = vectors!.statusUpdaterBackoff;
    expect(attempts).toHaveLength(steps);
    expect(
      attempts.slice(0, -1).map(({ waitSeconds }) => [waitSeconds!.min * 1e9, waitSeconds!.max * 1e9]),
    ).toEqual(
      sleepsNs.map(({ minNs, maxNs }) => [
        expect.closeTo(minNs, 0) as number,
        expect.closeTo(maxNs, 0) as number,
      ]),
    );
  });
});

function grouped<T extends { config: object }>(points: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const point of points) {
    const key = JSON.stringify(point.config);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return groups;
}
