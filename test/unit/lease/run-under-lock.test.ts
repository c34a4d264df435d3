import { describe, expect, it } from 'vitest';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import type { TinyApi } from './tiny-api.ts';
import { lockName, namespace } from './lock-rig.ts';
import { deaf, polite, underLock } from './run-rig.ts';

const exists = (api: TinyApi): boolean => api.peek('leases', namespace, lockName) !== undefined;
const methods = (api: TinyApi): string[] => api.log.map((line) => line.split(' ')[0] ?? '');

function takeAway(api: TinyApi): void {
  const lease = api.peek('leases', namespace, lockName)!;
  const spec = { ...(lease['spec'] as LeaseSpec), holderIdentity: 'other' };
  api.plant('leases', { ...lease, spec });
}

describe('a command that ends by itself', () => {
  it.each([{ exitCode: 0 }, { exitCode: 7 }, { signal: 'SIGSEGV' }])(
    'gives its own end, with the lock released by one request: %o',
    async (end) => {
      const { api, clock, begin, command, outcome } = await underLock();
      begin();
      await clock.advance(100);
      command.end(end);
      await clock.advance(0);
      expect(outcome()).toEqual({ kind: 'ended', end, release: { kind: 'released', leaseName: lockName } });
      expect(methods(api)).toEqual(['DELETE']);
      expect(command.asked).toEqual([]);
      expect(clock.sleepers).toBe(0);
    },
  );

  it('had its lease renewed every third of the duration', async () => {
    const { api, clock, begin, command, outcome } = await underLock();
    begin();
    await clock.advance(95_000);
    expect(methods(api)).toEqual(Array.from({ length: 9 }, () => 'PUT'));
    command.end({ exitCode: 0 });
    await clock.advance(0);
    expect(outcome()?.kind).toBe('ended');
  });

  it('whose lock turns out at the end to be somebody else\u2019s leaves that alone and says so', async () => {
    const { api, clock, begin, command, outcome } = await underLock();
    begin();
    await clock.advance(100);
    takeAway(api);
    command.end({ exitCode: 0 });
    await clock.advance(0);
    expect(outcome()).toMatchObject({ kind: 'ended', release: { kind: 'lost' } });
    expect(exists(api)).toBe(true);
  });
});

it('a command that cannot start leaves no lock behind', async () => {
  const { api, clock, begin, command, outcome } = await underLock();
  const error = new Error('no such program');
  command.startError = error;
  begin();
  await clock.advance(0);
  expect(outcome()).toEqual({
    kind: 'notStarted',
    error,
    release: { kind: 'released', leaseName: lockName },
  });
  expect(exists(api)).toBe(false);
  expect(clock.sleepers).toBe(0);
});

describe('a pause between the acquisition and the start', () => {
  it('is made good by a renewal', async () => {
    const { api, clock, begin, command } = await underLock();
    clock.stepWall(3_600_000);
    begin();
    await clock.advance(0);
    expect(methods(api)).toEqual(['PUT']);
    expect(command.starts).toBe(1);
    await clock.advance(5000);
    expect(command.asked).toEqual([]);
  });

  it('that let somebody else in: the command is not started', async () => {
    const { api, clock, begin, command, outcome } = await underLock();
    clock.stepWall(3_600_000);
    takeAway(api);
    begin();
    await clock.advance(0);
    expect(command.starts).toBe(0);
    expect(outcome()).toMatchObject({
      kind: 'notStarted',
      error: { code: 'LOCK_LOST' },
      release: { kind: 'lost' },
    });
    expect(exists(api)).toBe(true);
  });
});

describe('an API server that goes away', () => {
  it.each([
    [1000, 9500],
    [10_000, 9999],
    [10_000, 0],
    [11_500, 10_000],
  ])('for %i ms after %i ms leaves the command alone', async (outageMs, fromMs) => {
    const { clock, begin, command, setDown, outcome, held } = await underLock();
    begin();
    await clock.advance(fromMs);
    setDown(true);
    await clock.advance(outageMs);
    setDown(false);
    await clock.advance(60_000);
    expect(command.asked).toEqual([]);
    expect(held.state).toBe('held');
    command.end({ exitCode: 0 });
    await clock.advance(0);
    expect(outcome()).toMatchObject({ kind: 'ended', release: { kind: 'released' } });
  });

  it('says so once, and once that it is back', async () => {
    const { clock, begin, setDown, notes } = await underLock();
    begin();
    setDown(true);
    await clock.advance(15_000);
    setDown(false);
    await clock.advance(10_000);
    expect(notes).toEqual([
      expect.stringContaining('a renewal failed and is tried again: failed to renew lease'),
      'the lock is renewed again',
    ]);
  });

  it('for good: SIGTERM with the grace left, and the polite command is gone long before the lease', async () => {
    const { clock, begin, command, setDown, outcome } = await underLock();
    begin();
    await clock.advance(10_500);
    setDown(true);
    await clock.advance(60_000);
    // The last acknowledged renewal was sent at 10 s.
    expect(command.asked).toEqual([['terminate', 32_000]]);
    expect(outcome()).toMatchObject({
      kind: 'lost',
      end: { signal: 'SIGTERM' },
      error: { code: 'LOCK_LOST', message: expect.stringContaining('for 22 s of its 30 s') as string },
    });
  });

  it('for good: a deaf command is killed a tenth of the duration before the lease expires', async () => {
    const { clock, begin, command, setDown, outcome } = await underLock(deaf);
    begin();
    setDown(true);
    await clock.advance(60_000);
    expect(command.asked).toEqual([
      ['terminate', 22_000],
      ['kill', 27_000],
    ]);
    expect(outcome()).toMatchObject({
      kind: 'lost',
      end: { signal: 'SIGKILL' },
      release: { kind: 'failed' },
    });
  });

  it('and hangs: a try is cut short so that another can be made', async () => {
    const { api, clock, begin, held, command } = await underLock();
    const answered = api.send;
    let hung = 0;
    Object.assign(api, {
      send: (request: Parameters<typeof answered>[0]) => {
        if (request.method !== 'PUT' || hung === 2) return answered(request);
        hung += 1;
        return new Promise((_, reject) => {
          request.signal?.addEventListener('abort', () => {
            reject(new Error('cut'));
          });
        });
      },
    });
    begin();
    await clock.advance(18_000);
    expect(hung).toBe(2);
    expect(held.sentAtMonotonicMs).toBe(17_000);
    expect(command.asked).toEqual([]);
  });
});

describe('a lease that is somebody else\u2019s', () => {
  it('stops the command at the next heartbeat, and is left alone', async () => {
    const { api, clock, begin, outcome, command } = await underLock();
    begin();
    await clock.advance(1000);
    takeAway(api);
    await clock.advance(10_000);
    expect(command.asked).toEqual([['terminate', 10_000]]);
    expect(outcome()).toMatchObject({
      kind: 'lost',
      error: { code: 'LOCK_LOST' },
      release: { kind: 'lost' },
    });
    expect(exists(api)).toBe(true);
    expect(methods(api)).toEqual(['PUT']);
    expect(clock.sleepers).toBe(0);
  });

  it('stops it at once when it is learnt elsewhere', async () => {
    const { clock, begin, command, held } = await underLock();
    begin();
    await clock.advance(1234);
    held.markLost('a watch showed another holder');
    await clock.advance(0);
    expect(command.asked).toEqual([['terminate', 1234]]);
  });

  it('gives what the command started its grace too, and kills what is left', async () => {
    const { api, clock, begin, command, outcome } = await underLock();
    command.straggles = true;
    begin();
    takeAway(api);
    await clock.advance(20_000);
    expect(command.asked).toEqual([
      ['terminate', 10_000],
      ['kill', 15_000],
    ]);
    expect(outcome()).toMatchObject({ kind: 'lost', end: { signal: 'SIGTERM' } });
  });

  it('ends even where nothing ends the command', async () => {
    const { api, clock, begin, outcome } = await underLock({});
    begin();
    takeAway(api);
    await clock.advance(40_000);
    expect(outcome()).toMatchObject({ kind: 'lost', end: undefined });
  });
});

describe('a pause', () => {
  /** The machine sleeps: only the wall clock goes on. */
  const sleepMs = 3_600_000;

  it('that is over before the deadline changes nothing', async () => {
    const { clock, begin, command, run } = await underLock();
    begin();
    await clock.advance(1000);
    clock.stepWall(20_000);
    expect(run.wake()).toBe(true);
    await clock.advance(0);
    expect(command.asked).toEqual([]);
  });

  it.each(['SIGCONT', 'nobody tells'])(
    'past the deadline: the command is held still, and goes on when the lease is untouched (%s)',
    async (how) => {
      const { api, clock, begin, command, run, outcome } = await underLock();
      begin();
      await clock.advance(1000);
      clock.stepWall(sleepMs);
      if (how === 'SIGCONT') expect(run.wake()).toBe(false);
      await clock.advance(1000);
      expect(command.asked.map(([request]) => request)).toEqual(['freeze', 'thaw']);
      expect(methods(api)).toEqual(['PUT']);
      await clock.advance(30_000);
      expect(command.asked).toHaveLength(2);
      expect(outcome()).toBeUndefined();
    },
  );

  it('past the deadline: the command dies without running on when somebody has taken the lease', async () => {
    const { api, clock, begin, command, run, outcome } = await underLock(polite);
    begin();
    await clock.advance(1000);
    clock.stepWall(sleepMs);
    takeAway(api);
    run.wake();
    await clock.advance(0);
    expect(command.asked.map(([request]) => request)).toEqual(['freeze', 'kill']);
    expect(outcome()).toMatchObject({ kind: 'lost', release: { kind: 'lost' } });
  });

  it('past the deadline: waits still for a server that is not back yet', async () => {
    const { clock, begin, command, run, setDown } = await underLock();
    begin();
    await clock.advance(1000);
    clock.stepWall(sleepMs);
    setDown(true);
    run.wake();
    await clock.advance(10_000);
    expect(command.asked.map(([request]) => request)).toEqual(['freeze']);
    setDown(false);
    await clock.advance(1000);
    expect(command.asked.map(([request]) => request)).toEqual(['freeze', 'thaw']);
  });

  it('past the deadline: gives up when the server does not come back', async () => {
    const { clock, begin, command, run, setDown, outcome } = await underLock();
    begin();
    await clock.advance(1000);
    clock.stepWall(sleepMs);
    setDown(true);
    run.wake();
    await clock.advance(40_000);
    expect(command.asked.map(([request]) => request)).toEqual(['freeze', 'kill']);
    expect(outcome()).toMatchObject({ kind: 'lost' });
  });
});
