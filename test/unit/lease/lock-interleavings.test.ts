import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import type { HeldLock } from '../../../src/lease/held-lock.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { TinyApi } from './tiny-api.ts';
import { fingerprint, lockProcess } from './lock-rig.ts';

/** What becomes of one request: how long there and back, and whether request or answer is lost on the way. */
interface Weather {
  thereMs: number;
  backMs: number;
  lost: 'nothing' | 'request' | 'answer';
}

/** What one process does with the lock once it has it. */
interface Conduct {
  startsAtMs: number;
  worksMs: number;
  renews: boolean;
  ends: 'releases' | 'dies' | 'abandons';
}

const weather: fc.Arbitrary<Weather> = fc.record({
  thereMs: fc.integer({ min: 0, max: 900 }),
  backMs: fc.integer({ min: 0, max: 900 }),
  lost: fc.oneof(
    { weight: 8, arbitrary: fc.constant('nothing' as const) },
    fc.constantFrom('request' as const, 'answer' as const),
  ),
});

const conduct: fc.Arbitrary<Conduct> = fc.record({
  startsAtMs: fc.integer({ min: 0, max: 3000 }),
  worksMs: fc.integer({ min: 0, max: 70_000 }),
  renews: fc.boolean(),
  ends: fc.constantFrom('releases', 'dies', 'abandons'),
});

/**
 * Processes of one clock, an API that is slow and loses requests and answers, holders that die, sleep past their
 * lease or keep it renewed: at no moment do two of them find that they may still write.
 */
describe('whatever happens on the way', () => {
  it('no two hold the lock safely at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(conduct, { minLength: 2, maxLength: 4 }),
        fc.array(weather, { minLength: 1, maxLength: 30 }),
        async (conducts, weathers) => {
          const world = makeWorld(weathers);
          const locks: HeldLock[] = [];
          const processes = conducts.map((one, index) => world.live(one, index + 1, locks));
          const everybody = Promise.all(processes);
          let finished = false;
          void everybody.then(() => (finished = true));
          while (!finished) {
            await world.clock.advance(250);
            const safe = locks.filter((lock) => lock.stillSafe());
            expect(safe.length).toBeLessThanOrEqual(1);
          }
          await everybody;
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

function makeWorld(weathers: Weather[]) {
  const api = new TinyApi();
  const clock = new MockClock();
  let requests = 0;

  const send: Send = async (request) => {
    const { thereMs, backMs, lost } = weathers[requests++ % weathers.length]!;
    const failed = (): NetworkError => new NetworkError('UNREACHABLE', 'reset', { errno: 'ECONNRESET' });
    await clock.sleep(thereMs, request.signal);
    if (lost === 'request') throw failed();
    const answer = await api.send(request);
    await clock.sleep(backMs, request.signal);
    if (lost === 'answer') throw failed();
    return answer;
  };

  async function live(one: Conduct, seed: number, locks: HeldLock[]): Promise<void> {
    await clock.sleep(one.startsAtMs);
    const { lock } = lockProcess(send, { clock, seed });
    const result = await lock.acquire(fingerprint, { lockWaitMs: 90_000 }).catch(() => undefined);
    if (result?.kind !== 'held') return;
    locks.push(result);
    if (one.renews) result.keepRenewed();
    await clock.sleep(one.worksMs);
    if (one.ends === 'releases') await result.release();
    else result.abandon();
  }

  return { clock, live };
}
