import { describe, expect, it } from 'vitest';
import type { ApiResponse, Send } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { isIndefinite } from '../../../src/kube/indefinite-answer.ts';
import { isAnswer } from '../../../src/kube/is-answer.ts';
import { OutageGuard, type Outage } from '../../../src/kube/outage-guard.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

type Behaviour = 'answers' | 'refuses' | 'hangs' | ApiResponse;

const probePath = '/probe';

function start({ giveUpAfterMs = 60_000 } = {}) {
  const clock = new MockClock();
  const stop = new AbortController();
  const told: string[] = [];
  const outages: Outage[] = [];
  const sent: string[] = [];
  const server = { is: 'answers' as Behaviour };
  const waiting: (() => void)[] = [];
  const send: Send = ({ path, signal }) => {
    sent.push(path);
    if (server.is === 'answers') return Promise.resolve(response(200));
    if (server.is === 'refuses') return Promise.reject(refused());
    if (server.is !== 'hangs') return Promise.resolve(server.is);
    return new Promise((resolve, reject) => {
      waiting.push(() => {
        resolve(response(200));
      });
      signal?.addEventListener('abort', () => {
        reject(new NetworkError('ABORTED', 'given up'));
      });
    });
  };
  const guard = new OutageGuard({
    send,
    clock,
    random: new SeededRandom(1),
    probePath,
    giveUpAfterMs,
    stop: stop.signal,
    onOutage: (outage) => {
      outages.push(outage);
      told.push(`silent at ${clock.monotonicMs()}`);
    },
    onReturn: () => {
      told.push(`back at ${clock.monotonicMs()}`);
    },
  });
  /** A request whose fate is of no interest. */
  const ask = (signal?: AbortSignal): Promise<unknown> =>
    guard
      .send({ method: 'GET', path: '/x', ...(signal === undefined ? {} : { signal }) })
      .catch(() => undefined);
  const probes = (): number => sent.filter((path) => path === probePath).length;
  return { clock, stop, told, outages, sent, server, waiting, guard, ask, probes };
}

function response(status: number, headers: Record<string, string> = {}): ApiResponse {
  return { status, headers, body: (async function* () {})() };
}

function refused(): NetworkError {
  return new NetworkError('UNREACHABLE', 'the connection was refused', { errno: 'ECONNREFUSED' });
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  const turn = new Promise((resolve) => setImmediate(resolve, pending));
  return (await Promise.race([promise, turn])) !== pending;
}

describe('what is an answer of the API server', () => {
  it.each([
    ['200', response(200), true],
    ['a refusal', response(403), true],
    ['429 without a body', response(429), true],
    ['500', response(500, { 'content-type': 'text/plain' }), true],
    ['501', response(501), true],
    ['505', response(505), true],
    ['503 with a Status', response(503, { 'content-type': 'application/json' }), true],
    [
      '504 of kube-apiserver in plain text',
      response(504, { 'audit-id': 'a', 'content-type': 'text/plain' }),
      true,
    ],
    ['502 of a balancer', response(502, { 'content-type': 'text/html' }), false],
    ['503 of a balancer', response(503, { 'content-type': 'text/plain' }), false],
    ['504 without anything', response(504), false],
  ])('%s: %s', (_, answer, expected) => {
    expect(isAnswer(answer)).toBe(expected);
  });
});

describe('an outage', () => {
  it('is not one slow request: after 10 s without a word a probe is answered', async () => {
    const { clock, told, server, ask, probes, guard } = start();
    server.is = 'hangs';
    void ask();
    server.is = 'answers';
    await clock.advance(60_000);
    expect(told).toEqual([]);
    expect(guard.outages).toBe(0);
    expect(probes()).toBe(6);
    guard.close();
  });

  it.each([2, 3])('takes a look after three requests in a row without an answer: %i', async (times) => {
    const { clock, told, server, ask, probes, guard } = start();
    server.is = 'refuses';
    for (let nth = 0; nth < times; nth += 1) await ask();
    await clock.advance(0);
    expect(probes() > 0).toBe(times === 3);
    expect(told).toEqual(times === 3 ? ['silent at 0'] : []);
    guard.close();
  });

  it.each([200, 404, 429, 500])('any answer between failures begins the count anew: %i', async (status) => {
    const { clock, told, server, ask, probes, guard } = start();
    for (let nth = 0; nth < 5; nth += 1) {
      server.is = 'refuses';
      await ask();
      await ask();
      server.is = response(status);
      await ask();
    }
    await clock.advance(5_000);
    expect([told, probes()]).toEqual([[], 0]);
    guard.close();
  });

  it('is seen through a balancer that answers for a server which is not there', async () => {
    const { clock, told, server, ask, guard } = start();
    server.is = response(503, { 'content-type': 'text/html' });
    for (let nth = 0; nth < 3; nth += 1) await ask();
    await clock.advance(0);
    expect(told).toEqual(['silent at 0']);
    guard.close();
  });

  it('is noticed where requests hang, whatever their own limits, and told since when', async () => {
    const { clock, told, outages, server, ask, guard } = start();
    await clock.advance(2_000);
    server.is = 'hangs';
    const sinceMs = clock.now();
    for (let nth = 0; nth < 8; nth += 1) void ask();
    await clock.advance(20_000);
    expect(told).toEqual(['silent at 15000']);
    expect(outages).toEqual([{ sinceMs, givesUpAtMs: sinceMs + 73_000 }]);
    guard.close();
  });

  it('counts a request that was given up after a second, not one that was stopped at once', async () => {
    const { clock, server, ask, probes, guard } = start();
    server.is = 'hangs';
    const fail = async (afterMs: number): Promise<void> => {
      for (let nth = 0; nth < 3; nth += 1) {
        const limit = new AbortController();
        void ask(limit.signal);
        await clock.advance(afterMs);
        limit.abort();
        await clock.advance(0);
      }
    };
    await fail(10);
    expect(probes()).toBe(0);
    await fail(1_000);
    expect(probes()).toBe(1);
    guard.close();
  });

  it('is looked for as soon as something has failed, and not found where the probe is answered', async () => {
    const { clock, told, server, ask, probes, guard } = start();
    await guard.whenSure();
    expect(probes()).toBe(0);
    server.is = 'refuses';
    await ask();
    server.is = 'answers';
    await clock.runUntil(guard.whenSure());
    expect([probes(), told]).toEqual([1, []]);
    guard.close();
  });

  it('holds back who asks until the server answers, with growing waits between the probes', async () => {
    const { clock, told, server, ask, probes, guard } = start();
    server.is = 'refuses';
    for (let nth = 0; nth < 3; nth += 1) await ask();
    const open = guard.whenAnswering();
    await clock.advance(20_000);
    expect(await isSettled(open)).toBe(false);
    // 0, 0.25, 0.75, 1.75, then every 2 s
    expect(probes()).toBeGreaterThanOrEqual(12);
    expect(probes()).toBeLessThanOrEqual(14);
    server.is = 'answers';
    await clock.advance(2_500);
    expect(await isSettled(open)).toBe(true);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/^back at 2[0-2]\d{3}/);
    expect(guard.outages).toBe(1);
    expect(guard.gaveUp.aborted).toBe(false);
    await ask();
    guard.close();
  });

  it('ends after the time to give up: who waits is let go, what hangs is given up, nothing more is sent', async () => {
    const { clock, sent, server, guard } = start();
    server.is = 'hangs';
    const hanging = guard.send({ method: 'POST', path: '/x' }).catch((thrown: unknown) => thrown);
    await clock.advance(13_000);
    const open = guard.whenAnswering();
    await clock.advance(59_999);
    expect(await isSettled(open)).toBe(false);
    await clock.advance(1);
    expect(await isSettled(open)).toBe(true);
    expect(guard.gaveUp.reason).toMatchObject({ code: 'SERVER_LOST' });
    const given = await hanging;
    expect(given).toMatchObject({ code: 'ABORTED' });
    expect(isIndefinite(given)).toBe(true);
    const before = sent.length;
    const late = await guard.send({ method: 'POST', path: '/y' }).catch((thrown: unknown) => thrown);
    expect(late).toMatchObject({ code: 'UNREACHABLE' });
    expect(isIndefinite(late)).toBe(false);
    expect(sent).toHaveLength(before);
    expect(clock.sleepers).toBe(0);
  });

  it('is not waited for where the time to give up is 0', async () => {
    const { clock, server, ask, guard } = start({ giveUpAfterMs: 0 });
    server.is = 'refuses';
    for (let nth = 0; nth < 3; nth += 1) await ask();
    await clock.advance(0);
    expect(guard.gaveUp.aborted).toBe(true);
  });

  it('counts its time to give up anew after the server has answered', async () => {
    const { clock, server, ask, guard } = start({ giveUpAfterMs: 10_000 });
    for (let nth = 0; nth < 3; nth += 1) {
      server.is = 'refuses';
      for (let times = 0; times < 3; times += 1) await ask();
      await clock.advance(7_000);
      server.is = 'answers';
      await clock.advance(2_500);
    }
    expect([guard.outages, guard.gaveUp.aborted]).toEqual([3, false]);
    guard.close();
  });

  it.each([
    ['in an outage gives up what is under way', 13_000, true],
    ['before that leaves it its own time', 5_000, false],
  ])('a stop %s', async (_, afterMs, givenUp) => {
    const { clock, stop, server, ask, guard } = start();
    server.is = 'hangs';
    const hanging = ask();
    await clock.advance(afterMs);
    const open = guard.whenAnswering();
    stop.abort('stopped');
    expect(await isSettled(hanging)).toBe(givenUp);
    expect(await isSettled(open)).toBe(true);
    expect(guard.gaveUp.aborted).toBe(false);
    expect(clock.sleepers).toBe(0);
  });

  it('leaves nothing asleep when it is closed', async () => {
    const { clock, server, ask, guard } = start();
    server.is = 'hangs';
    void ask();
    await clock.advance(14_000);
    guard.close();
    await clock.advance(0);
    expect(clock.sleepers).toBe(0);
  });
});
