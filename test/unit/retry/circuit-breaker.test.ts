import { beforeEach, describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { CircuitBreaker, creationCircuit } from '../../../src/retry/circuit-breaker.ts';
import type { CircuitState } from '../../../src/retry/circuit-breaker.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';

const unavailable = { httpStatus: 503 };
const refused = { httpStatus: 422 };

let clock: MockClock;
let states: CircuitState[];
let breaker: CircuitBreaker;

beforeEach(() => {
  clock = new MockClock();
  states = [];
  breaker = new CircuitBreaker({ clock, onState: (state) => states.push(state) });
});

async function ok(times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1) await breaker.run(() => Promise.resolve());
}

async function fail(error: unknown, times = 1): Promise<void> {
  for (let time = 0; time < times; time += 1)
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is thrown is read structurally
    await expect(breaker.run(() => Promise.reject(error))).rejects.toBe(error);
}

function pending(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve = (): void => undefined;
  let reject: (error: Error) => void = () => undefined;
  const inner = new Promise<void>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise: breaker.run(() => inner), resolve, reject };
}

async function open(): Promise<void> {
  await fail(unavailable, 10);
  expect(breaker.state).toBe('open');
}

async function halfOpen(): Promise<void> {
  await open();
  await clock.advance(creationCircuit.openMs);
  expect(breaker.state).toBe('half-open');
}

describe('a closed circuit', () => {
  it.each([
    ['nine failures', 0, 9, 'closed'],
    ['ten failures', 0, 10, 'open'],
    ['half of ten', 5, 5, 'open'],
    ['less than half of eleven', 6, 5, 'closed'],
    ['half of twelve', 6, 6, 'open'],
  ] as const)('after %s is %s', async (_name, successes, failures, state) => {
    await ok(successes);
    await fail(unavailable, failures);
    expect(breaker.state).toBe(state);
  });

  it.each([
    ['refusals', refused],
    ['what nobody knows', new Error('x')],
  ])('takes %s for answers', async (_name, error) => {
    await fail(error, 50);
    expect(breaker.state).toBe('closed');
  });

  it.each([
    ['AbortError', Object.assign(new Error('x'), { name: 'AbortError' })],
    ['ABORTED', new RemedyError('ABORTED', 'x')],
  ])('does not count a cancelled call (%s) at all', async (_name, cancelled) => {
    await fail(unavailable, 9);
    await fail(cancelled, 20);
    expect(breaker.state).toBe('closed');
    await fail(unavailable);
    expect(breaker.state).toBe('open');
  });

  it('forgets what is older than its window', async () => {
    await fail(unavailable, 9);
    await clock.advance(10_000);
    await fail(unavailable, 9);
    expect(breaker.state).toBe('closed');
  });

  it('slides: failures on both sides of any boundary add up', async () => {
    for (const start of [0, 4_500, 9_500]) {
      breaker = new CircuitBreaker({ clock });
      await clock.advance(start);
      await fail(unavailable, 5);
      await clock.advance(6_000);
      await fail(unavailable, 5);
      expect(breaker.state).toBe('open');
    }
  });
});

describe('an open circuit', () => {
  it('refuses at once, with the text and class of the gateway', async () => {
    await open();
    let called = false;
    const run = breaker.run(() => {
      called = true;
      return Promise.resolve();
    });
    await expect(run).rejects.toMatchObject({
      message: 'circuit breaker is open',
      code: 'CIRCUIT_OPEN',
      failureType: 'unknown',
    });
    expect(called).toBe(false);
  });

  it('stays open until its time is over', async () => {
    await open();
    await clock.advance(29_999);
    expect(breaker.state).toBe('open');
    await clock.advance(1);
    expect(breaker.state).toBe('half-open');
  });

  it('is not moved by calls that began before it opened', async () => {
    const late = [pending(), pending()];
    await open();
    await clock.advance(creationCircuit.openMs);
    expect(breaker.state).toBe('half-open');
    late[0]!.reject(Object.assign(new Error('late'), unavailable));
    await expect(late[0]!.promise).rejects.toThrow('late');
    late[1]!.resolve();
    await late[1]!.promise;
    expect(breaker.state).toBe('half-open');
    await ok(2);
    expect(breaker.state).toBe('half-open');
    await ok();
    expect(breaker.state).toBe('closed');
  });
});

describe('a half-open circuit', () => {
  it('closes after three successes, with a clean count', async () => {
    await halfOpen();
    await ok(3);
    expect(breaker.state).toBe('closed');
    await fail(unavailable, 9);
    expect(breaker.state).toBe('closed');
    expect(states).toEqual(['open', 'half-open', 'closed']);
  });

  it('opens again at the first failure, for the whole time', async () => {
    await halfOpen();
    await ok(2);
    await fail(unavailable);
    expect(breaker.state).toBe('open');
    await clock.advance(29_999);
    expect(breaker.state).toBe('open');
    expect(states).toEqual(['open', 'half-open', 'open']);
  });

  it('lets three through at once and tells the others why not', async () => {
    await halfOpen();
    const probes = [pending(), pending(), pending()];
    await expect(breaker.run(() => Promise.resolve())).rejects.toMatchObject({
      message: 'too many requests',
      failureType: 'rate_limited',
    });
    for (const probe of probes) probe.resolve();
    await Promise.all(probes.map(({ promise }) => promise));
    expect(breaker.state).toBe('closed');
  });

  it('gives the place of a cancelled probe to another one', async () => {
    await halfOpen();
    await fail(new RemedyError('ABORTED', 'x'), 5);
    await ok(3);
    expect(breaker.state).toBe('closed');
  });
});
