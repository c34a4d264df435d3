import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { creationRetry, statusUpdate, withoutLastAttempt } from '../../../src/retry/retry-policy.ts';
import { retry } from '../../../src/retry/retry.ts';
import { TraceWriter } from '../../../src/retry/trace.ts';
import type { TracedOperation, TraceHeader } from '../../../src/retry/trace-format.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

const steady = { ...creationRetry, jitter: 0 };

function setUp(): { clock: MockClock; lines: string[]; trace: TraceWriter } {
  const clock = new MockClock();
  const lines: string[] = [];
  const trace = new TraceWriter({
    clock,
    sink: (line) => lines.push(line),
    program: 'remedyctl/0.1.0',
    policies: { creation: steady, conflicts: withoutLastAttempt(statusUpdate) },
  });
  return { clock, lines, trace };
}

function operationsOf(lines: readonly string[]): TracedOperation[] {
  return lines.slice(1).map((line) => JSON.parse(line) as TracedOperation);
}

function unavailable(facts: object = {}): Error {
  return Object.assign(new Error('service unavailable'), {
    httpStatus: 503,
    reason: 'ServiceUnavailable',
    ...facts,
  });
}

/** A creation as the program runs it: retried, observed, traced. */
function traced<T>(
  trace: TraceWriter,
  clock: MockClock,
  call: (attempt: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const operation = trace.begin('create_remediation_request', { policy: 'creation', object: 'ns/rr-1' });
  return operation.finish(
    retry((attempt) => operation.attempt(() => call(attempt)), {
      policy: steady,
      clock,
      random: new SeededRandom(1),
      observer: ({ waitMs }) => {
        operation.waiting(waitMs);
      },
      signal,
    }),
  );
}

describe('a trace', () => {
  it('begins with a versioned header that holds the policies', () => {
    const { lines } = setUp();
    expect(JSON.parse(lines[0]!) as TraceHeader).toEqual({
      apiVersion: 'remedyctl.dev/v1',
      kind: 'RetryTrace',
      startedAt: '2026-08-22T12:00:00.000Z',
      program: 'remedyctl/0.1.0',
      policies: {
        creation: {
          maxAttempts: 3,
          initialSeconds: 0.1,
          maxSeconds: 5,
          multiplier: 2,
          jitter: 0,
          growth: 'exponential',
          spread: 'around',
        },
        conflicts: {
          initialSeconds: 0.01,
          maxSeconds: 0.275,
          multiplier: 5,
          jitter: 0.1,
          growth: 'exponential',
          spread: 'above',
        },
      },
    });
  });

  it('records every attempt with its times, its error and the wait after it', async () => {
    const { clock, lines, trace } = setUp();
    await clock.advance(500);
    const running = traced(trace, clock, async (attempt) => {
      await clock.sleep(20);
      if (attempt === 1) throw unavailable({ retryAfterSeconds: 1 });
      if (attempt === 2) throw Object.assign(new Error('reset'), { errno: 'ECONNRESET' });
      return 'created';
    });
    expect(await clock.runUntil(running)).toBe('created');
    expect(operationsOf(lines)).toEqual([
      {
        id: 1,
        operation: 'create_remediation_request',
        object: 'ns/rr-1',
        policy: 'creation',
        startedAt: '2026-08-22T12:00:00.500Z',
        attempts: [
          {
            attempt: 1,
            atSeconds: 0,
            durationSeconds: 0.02,
            outcome: 'error',
            error: {
              type: 'service_unavailable',
              status: 503,
              reason: 'ServiceUnavailable',
              message: 'service unavailable',
            },
            retryable: true,
            retryAfterSeconds: 1,
            waitSeconds: 1,
          },
          {
            attempt: 2,
            atSeconds: 1.02,
            durationSeconds: 0.02,
            outcome: 'error',
            error: { type: 'network_error', errno: 'ECONNRESET', message: 'reset' },
            retryable: true,
            waitSeconds: 0.2,
          },
          { attempt: 3, atSeconds: 1.24, durationSeconds: 0.02, outcome: 'ok' },
        ],
        result: 'ok',
        totalSeconds: 1.26,
      },
    ]);
  });

  it('says why an operation ended where the last attempt does not say it', async () => {
    const { clock, lines, trace } = setUp();
    const controller = new AbortController();
    const exhausted = traced(trace, clock, () => Promise.reject(unavailable()));
    await expect(clock.runUntil(exhausted)).rejects.toMatchObject({ code: 'RETRIES_EXHAUSTED' });
    const cancelled = traced(trace, clock, () => Promise.reject(unavailable()), controller.signal).catch(
      () => 0,
    );
    await clock.advance(50);
    controller.abort(new Error('interrupted'));
    await cancelled;
    const refused = traced(trace, clock, () =>
      Promise.reject(Object.assign(new Error('no'), { httpStatus: 403 })),
    );
    await expect(refused).rejects.toThrow('no');
    const [first, second, third] = operationsOf(lines);
    expect(first?.error?.message).toMatch(/^operation failed after 3\/3/);
    expect(first?.attempts.map(({ waitSeconds }) => waitSeconds)).toEqual([0.1, 0.2, undefined]);
    expect(second).toMatchObject({ result: 'error', error: { type: 'unknown', message: 'interrupted' } });
    expect(third?.error).toBeUndefined();
    expect(third).toMatchObject({
      result: 'error',
      attempts: [{ retryable: false, error: { type: 'forbidden' } }],
    });
  });

  it('records single calls, numbered in the order in which they began', async () => {
    const { clock, lines, trace } = setUp();
    const slow = trace.call('list', () => clock.sleep(100), 'remediationrequests');
    const quick = trace.call('get', () => Promise.resolve(1));
    await quick;
    await clock.runUntil(slow);
    expect(operationsOf(lines).map(({ id, operation, object }) => [id, operation, object])).toEqual([
      [2, 'get', undefined],
      [1, 'list', 'remediationrequests'],
    ]);
  });

  it('refuses a policy that its header does not hold', () => {
    const { trace } = setUp();
    expect(() => trace.begin('x', { policy: 'toString' })).toThrow(TypeError);
  });

  it('holds no secret, not even a half of one at the end of a long message', async () => {
    const { lines, trace } = setUp();
    const secret = 's3cretValue';
    for (const text of [
      `Authorization: Bearer ${secret}`,
      `Get "https://u:${secret}@h/": x`,
      `${'x'.repeat(8_180)} password=${secret}`,
      `${'x'.repeat(16_370)} password=${secret}`,
    ])
      await trace.call('get', () => Promise.reject(new Error(text))).catch(() => 0);
    expect(lines.join('')).not.toContain('s3c');
    for (const { attempts } of operationsOf(lines))
      expect(attempts[0]!.error!.message.length).toBeLessThanOrEqual(8_192);
  });

  it('writes whole lines only, whatever is in a message, and each as soon as it is known', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'trace-'));
    const file = path.join(folder, 'trace.ndjson');
    const clock = new MockClock();
    const sink = (line: string): void => {
      appendFileSync(file, line);
    };
    const trace = new TraceWriter({ clock, sink, program: 'remedyctl/0.1.0', policies: {} });
    const texts = ['a\nb\r\nc', '\u2028\u2029', '\ud800', '\0', '{"}'];
    for (const text of texts) {
      await trace.call('get', () => Promise.reject(new Error(text))).catch(() => 0);
      expect(readFileSync(file, 'utf8').endsWith('}\n')).toBe(true);
    }
    const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    rmSync(folder, { recursive: true });
    expect(lines).toHaveLength(texts.length + 1);
    expect(operationsOf(lines).map(({ attempts }) => attempts[0]?.error?.message)).toEqual(texts);
  });

  it('does not fail what it records when the disk is full, and says so afterwards', async () => {
    const clock = new MockClock();
    const full = new Error('ENOSPC');
    let written = 0;
    const trace = new TraceWriter({
      clock,
      sink: () => {
        written += 1;
        if (written > 1) throw full;
      },
      program: 'x',
      policies: {},
    });
    expect(await trace.call('get', () => Promise.resolve('ok'))).toBe('ok');
    expect(trace.failure).toBe(full);
    expect(await trace.call('get', () => Promise.resolve('ok'))).toBe('ok');
    expect(written).toBe(2);
  });

  it('throws at once when not even the header can be written', () => {
    const full = new Error('ENOSPC');
    const sink = (): never => {
      throw full;
    };
    expect(() => new TraceWriter({ clock: new MockClock(), sink, program: 'x', policies: {} })).toThrow(full);
  });

  it('says what each attempt asked for where the caller does', async () => {
    const { lines, trace } = setUp();
    const operation = trace.begin('create_remediation_request');
    await operation.finish(
      operation
        .attempt(() => Promise.resolve(1), 'create remediationrequests')
        .then(() => operation.attempt(() => Promise.resolve(2), 'get remediationrequests')),
    );
    expect(operationsOf(lines)[0]?.attempts.map(({ request }) => request)).toEqual([
      'create remediationrequests',
      'get remediationrequests',
    ]);
  });
});
