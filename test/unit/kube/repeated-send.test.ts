import { describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse, Send } from '../../../src/api/wire.ts';
import { bodyText } from '../../../src/kube/answer.ts';
import { isApiError, NetworkError } from '../../../src/kube/api-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { RepeatOptions, RequestWait } from '../../../src/kube/repeated-send.ts';
import { repeatedSend } from '../../../src/kube/repeated-send.ts';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import { withDeadline } from '../../../src/time/signal-deadline.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

type Step = ApiResponse | Error;

const get: ApiRequest = { method: 'GET', path: '/a' };
const post: ApiRequest = { method: 'POST', path: '/a', body: '{}' };
const guardedPut: ApiRequest = { method: 'PUT', path: '/a/b', body: '{}', resendable: true };

/** Which bodies were read to their end. */
const drained: string[] = [];

function answer(status: number, headers: Record<string, string> = {}, body: object = {}): ApiResponse {
  const text = JSON.stringify(body);
  return {
    status,
    headers,
    body: (async function* () {
      yield await Promise.resolve(Buffer.from(text));
      drained.push(`${status}`);
    })(),
  };
}

const busy = (retryAfter?: string, status = 429): ApiResponse =>
  answer(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
const status503 = (headers: Record<string, string> = {}): ApiResponse =>
  answer(503, headers, { kind: 'Status', code: 503, reason: 'ServiceUnavailable', message: 'not now' });
const broken = (wasKept = false): NetworkError =>
  new NetworkError('UNREACHABLE', 'the connection was reset', { errno: 'ECONNRESET', wasKept });

function bench(steps: Step[], options: Partial<RepeatOptions> = {}) {
  const clock = new MockClock();
  const sent: { atMs: number; request: ApiRequest }[] = [];
  const waits: RequestWait[] = [];
  const send: Send = (request) => {
    sent.push({ atMs: clock.monotonicMs(), request });
    const step = steps[Math.min(sent.length, steps.length) - 1];
    if (step === undefined) throw new Error('no step');
    return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
  };
  const onWait = (wait: RequestWait): void => void waits.push(wait);
  const random = new SeededRandom(1);
  const repeated = repeatedSend(send, { clock, random, requestTimeoutMs: 60_000, onWait, ...options });
  const outcome = (request: ApiRequest): Promise<string> => {
    const asked = repeated(request).then(
      (response) => `${response.status}${response.resent === true ? ' resent' : ''}`,
      (thrown: unknown) => (thrown as NetworkError).code,
    );
    return clock.runUntil(asked);
  };
  const times = (): number[] => sent.map(({ atMs }) => Math.round(atMs));
  return { clock, sent, waits, repeated, outcome, times };
}

describe('a server that asks for patience', () => {
  it.each<[string, ApiRequest, Step]>([
    ['a GET, 429', get, busy('2')],
    ['a bare POST, 429', post, busy('2')],
    ['a POST, 503', post, busy('2', 503)],
    ['a DELETE, 500', { method: 'DELETE', path: '/a/b' }, busy('2', 500)],
    ['a watch, 504', { ...get, stream: true }, busy('2', 504)],
  ])('is asked again after the time that it asks for: %s', async (_name, request, refusal) => {
    drained.length = 0;
    const { outcome, times } = bench([refusal, answer(200)]);
    expect(await outcome(request)).toMatch(/^200/);
    expect(times()).toEqual([0, 2_000]);
    expect(drained).toHaveLength(1);
  });

  it('is asked ten more times, and its last answer is the answer, whole', async () => {
    const refusal = { kind: 'Status', code: 429, message: 'slow down' };
    const steps = Array.from({ length: 12 }, () => answer(429, { 'retry-after': '1' }, refusal));
    const { clock, repeated, times } = bench(steps);
    const response = await clock.runUntil(repeated(get));
    expect(times()).toEqual(Array.from({ length: 11 }, (_, index) => index * 1_000));
    expect(JSON.parse(await bodyText(response))).toEqual(refusal);
    expect(response.headers['retry-after']).toBe('1');
  });

  it('is given a little more time each time where a 429 names none', async () => {
    const { outcome, waits } = bench([busy(), busy(), busy(), busy(), busy(), answer(200)]);
    expect(await outcome(post)).toBe('200');
    const nominal = [100, 200, 400, 800, 1_000];
    for (const [index, { waitMs }] of waits.entries()) {
      expect(Math.abs(waitMs - nominal[index]!)).toBeLessThanOrEqual(nominal[index]! / 10);
    }
    expect(waits).toHaveLength(5);
  });

  it('is believed a date, by its own clock', async () => {
    const headers = { 'retry-after': 'Sun, 22 Aug 2027 12:00:07 GMT', date: 'Sun, 22 Aug 2027 12:00:00 GMT' };
    const { outcome, times } = bench([answer(429, headers), answer(200)]);
    expect(await outcome(get)).toBe('200');
    expect(times()).toEqual([0, 7_000]);
  });

  it.each<[string, Partial<RepeatOptions>, ApiRequest, string]>([
    ['than the request time-out', { requestTimeoutMs: 5_000 }, get, '6'],
    ['than ten minutes, without a time-out', { requestTimeoutMs: 0 }, get, '3600'],
  ])('is not waited for longer %s', async (_name, options, request, seconds) => {
    const { outcome, times } = bench([busy(seconds), answer(200)], options);
    expect(await outcome(request)).toBe('429');
    expect(times()).toEqual([0]);
  });

  it('is not waited for beyond the deadline of the signal: the answer, not an abort', async () => {
    const { outcome, times } = bench([busy('3'), busy('3'), answer(200)]);
    const signal = withDeadline(new AbortController().signal, 5_000);
    expect(await outcome({ ...get, signal })).toBe('429');
    expect(times()).toEqual([0, 3_000]);
  });

  it('leaves the last answer where a deadline that nobody knew of cuts the wait', async () => {
    const { clock, repeated } = bench([busy('5'), answer(200)]);
    const limit = new AbortController();
    const asked = repeated({ ...get, signal: limit.signal });
    await clock.advance(1_000);
    limit.abort(new DOMException('too late', 'TimeoutError'));
    expect((await asked).status).toBe(429);
  });

  it.each([true, false])('is left at once by Ctrl-C, with a signal of its own: %s', async (own) => {
    const stop = new AbortController();
    const { clock, repeated, sent } = bench([busy('30'), answer(200)], own ? {} : { signal: stop.signal });
    const asked = repeated({ ...get, ...(own ? { signal: stop.signal } : {}) });
    await clock.advance(1_000);
    stop.abort(new Error('Ctrl-C'));
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
    expect(clock.sleepers).toBe(0);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['403', busy('1', 403)],
    ['500 without Retry-After', busy(undefined, 500)],
  ])('is nobody who answers %s', async (_name, step) => {
    const { sent, outcome } = bench([step, answer(200)]);
    await outcome(get);
    expect(sent).toHaveLength(1);
  });

  it('is left to whoever has a policy of its own', async () => {
    const { outcome, sent } = bench([busy('1'), answer(200)]);
    expect(await outcome({ ...post, ownRetry: true })).toBe('429');
    expect(sent).toHaveLength(1);
  });

  it('has less and less time for its headers', async () => {
    const { outcome, sent } = bench([busy('20'), busy('30'), answer(200)]);
    expect(await outcome(get)).toBe('200');
    expect(sent.map(({ request }) => request.headersWithinMs)).toEqual([undefined, 40_000, 10_000]);
  });
});

describe('a request without an answer', () => {
  it.each<[string, ApiRequest, Step]>([
    ['a GET on a broken connection', get, broken()],
    ['a guarded write on a broken connection', guardedPut, broken()],
    ['a GET that a balancer answers', get, answer(502, { 'content-type': 'text/html' })],
    ['a GET of a server that is not ready', get, status503()],
  ])('is sent three times more: %s', async (_name, request, step) => {
    const { outcome, times, waits } = bench([step, step, step, answer(200)]);
    expect(await outcome(request)).toMatch(/^200/);
    expect(times()).toHaveLength(4);
    expect(waits.every(({ isAsked }) => !isAsked)).toBe(true);
    const never = bench([step]);
    await never.outcome(request);
    expect(never.sent).toHaveLength(4);
  });

  it.each<[string, ApiRequest, Step]>([
    ['a bare POST', post, broken()],
    ['a bare POST on a kept connection', post, broken(true)],
    ['a time-out', get, new NetworkError('TIMEOUT', 'late', { errno: 'ETIMEDOUT' })],
    ['a refused connection', get, new NetworkError('UNREACHABLE', 'refused', { errno: 'ECONNREFUSED' })],
    ['a policy of its own', { ...get, ownRetry: true }, broken()],
  ])('is not sent again: %s', async (_name, request, step) => {
    const { outcome, sent } = bench([step, answer(200)]);
    await outcome(request);
    expect(sent).toHaveLength(1);
  });

  it('goes at once on a new connection where the old one had been kept', async () => {
    const { outcome, sent, times } = bench([broken(true), answer(200)]);
    expect(await outcome(guardedPut)).toBe('200 resent');
    expect(times()).toEqual([0, 0]);
    expect(sent[1]?.request.freshConnection).toBe(true);
    const own = bench([broken(true), answer(200)]);
    expect(await own.outcome({ ...get, ownRetry: true })).toBe('200');
  });
});

describe('what an earlier sending may have done', () => {
  it.each<[string, Step, boolean]>([
    ['a 429 has done nothing', busy('1'), false],
    ['a 503 with a Status has done nothing', status503({ 'retry-after': '1' }), false],
    ['a 504 may have', busy('1', 504), true],
    ['a broken connection may have', broken(), true],
  ])('%s', async (_name, step, resent) => {
    const { outcome } = bench([step, answer(409)]);
    expect(await outcome(guardedPut)).toBe(resent ? '409 resent' : '409');
  });

  const notFound = { kind: 'Status', code: 404, reason: 'NotFound', message: 'no such lease' };
  const conflict = { kind: 'Status', code: 409, reason: 'Conflict', message: 'changed' };
  const lease = (uid: string) => answer(200, {}, { metadata: { name: 'l', namespace: 'n', uid } });

  it.each<[string, Step[], string]>([
    ['404', [broken(), answer(404, {}, notFound)], 'done'],
    ['409, and another one is there', [broken(), answer(409, {}, conflict), lease('u2')], 'done'],
    ['409, and it is there', [broken(), answer(409, {}, conflict), lease('u1')], 'Conflict'],
    ['404 to the only sending', [answer(404, {}, notFound)], 'NotFound'],
  ])('a deletion by uid that was sent twice: %s', async (_name, steps, expected) => {
    const { clock, repeated } = bench(steps);
    const objects = new ObjectAccess(repeated);
    const key = { namespace: 'n', name: 'l' };
    const deleted = objects.delete(leaseResource, key, { preconditions: { uid: 'u1' } }).then(
      () => 'done',
      (thrown: unknown) => (isApiError(thrown) ? thrown.reason : String(thrown)),
    );
    expect(await clock.runUntil(deleted)).toBe(expected);
  });

  it('each further attempt is told to whoever asked, before it is made', async () => {
    const { clock, repeated } = bench([busy('1'), broken(), answer(200)]);
    const told: [string, number][] = [];
    const onRepeat: ApiRequest['onRepeat'] = ({ error, waitMs }) => {
      told.push([error.message.slice(0, 30), Math.round(waitMs / 100)]);
    };
    await clock.runUntil(repeated({ ...get, onRepeat }));
    expect(told).toEqual([
      ['cannot GET /a: HTTP 429: {}', 10],
      ['the connection was reset', 1],
    ]);
  });
});
