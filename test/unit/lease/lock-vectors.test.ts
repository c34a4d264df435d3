import { describe, expect, it } from 'vitest';
import type { HeldLock } from '../../../src/lease/held-lock.ts';
import type { LeaseSpec } from '../../../src/lease/lease-object.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { readLockCases, type LockCase, type LockMethod } from '../../support/lock-cases.ts';
import { hasShared } from '../../support/shared.ts';
import { TinyApi } from './tiny-api.ts';
import type { InjectedAnswer } from './tiny-api.ts';
import { leaseOf, lockName, lockProcess, namespace } from './lock-rig.ts';

/**
 * Where remedyctl does otherwise than the gateway did: the rule with its place in docs/gateway-semantics.md. `instead`
 * is what happens; a takeover's fields follow one rule for every case that is one (§4.3).
 */
const exceptions: {
  rule: string;
  instead: 'contention' | 'held' | 'released';
  applies: (one: LockCase) => boolean;
}[] = [
  {
    rule: '§4.2: a unique holder per acquisition: a lease under the id of this process is another acquisition’s',
    instead: 'contention',
    applies: (one) => one.op === 'acquire' && isOwn(one) && one.acquired === true && isFresh(one),
  },
  {
    rule: '§4.2: a unique holder per acquisition, and expiry counts for every holder',
    instead: 'held',
    applies: (one) => one.op === 'acquire' && isOwn(one) && one.acquired === true && !isFresh(one),
  },
  {
    rule: '§4.4: DELETE carries uid and resourceVersion, so no GET comes before it that could fail',
    instead: 'released',
    applies: (one) => one.op === 'release' && isOwn(one) && one.answers?.GET !== undefined,
  },
  {
    rule: '§4.2: a lease that is gone when it is looked at after the 409 is asked for once more',
    instead: 'held',
    applies: ({ leaseBefore, answers }) => leaseBefore === null && answers?.POST?.reason === 'AlreadyExists',
  },
  {
    rule: '§4.4: a lost answer to a renewal moves the resourceVersion: after a 409 a GET tells whose the lease is',
    instead: 'released',
    applies: ({ op, answers }) => op === 'release' && answers?.DELETE?.reason === 'Conflict',
  },
];

const vectors = readLockCases();

describe.runIf(hasShared)('against what the gateway did with the lock', () => {
  it('reads every case', () => {
    expect(vectors).toHaveLength(110);
  });

  it.each(vectors.filter(({ op }) => op === 'acquire'))('$id $note', async (one) => {
    const api = new TinyApi();
    if (one.leaseBefore !== null) api.plant('leases', leaseOf(one.leaseBefore));
    injectAnswers(api, one);
    const { lock } = lockProcess(api.send, { clock: new MockClock(Date.parse(one.now)) });
    const result = await lock.tryAcquire(one.key).catch((thrown: unknown) => thrown as Error);
    const after = api.peek('leases', namespace, lockName)?.['spec'] ?? null;

    if (one.error !== null) {
      expectText(result as Error, `distributed lock acquisition failed: ${one.error}`, one);
      expect(after).toEqual(one.leaseBefore);
      return;
    }
    const instead = exceptions.find(({ applies }) => applies(one))?.instead;
    const acquired = instead === undefined ? one.acquired === true : instead === 'held';
    expect(result).toMatchObject({ kind: acquired ? 'held' : 'contention' });
    if (!acquired) expect(after).toEqual(one.leaseBefore);
    else expect(after).toEqual(claimed(one, (result as HeldLock).holder));
  });

  it.each(vectors.filter(({ op }) => op === 'release'))('$id $note', async (one) => {
    const api = new TinyApi();
    const { lock } = lockProcess(api.send, { clock: new MockClock(Date.parse(one.now)) });
    const held = (await lock.tryAcquire(one.key)) as HeldLock;
    if (one.leaseBefore === null) api.remove('leases', namespace, lockName);
    else if (!isOwn(one)) api.plant('leases', leaseOf(one.leaseBefore));
    injectAnswers(api, one);
    const outcome = await held.release();
    const left = api.peek('leases', namespace, lockName);

    const instead = exceptions.find(({ applies }) => applies(one))?.instead;
    if (one.error !== null && instead === undefined) {
      expect(outcome.kind).toBe('failed');
      expectText(outcome.error!, one.error, one);
      expect(left).toBeDefined();
    } else if (one.leaseAfter === null || instead === 'released') {
      expect(left).toBeUndefined();
    } else if (isOwn(one)) {
      expect(outcome.kind).toBe('gone');
    } else {
      expect(outcome.kind).toBe('lost');
      expect(left?.['spec']).toEqual(one.leaseAfter);
    }
  });
});

/** A fresh claim as the gateway's; a takeover has acquireTime, duration and transitions set as well. */
function claimed(one: LockCase, holderIdentity: string): LeaseSpec {
  const spec = {
    holderIdentity,
    acquireTime: one.now,
    renewTime: one.now,
    leaseDurationSeconds: 30,
  };
  if (one.leaseBefore === null || one.answers?.GET?.code === 404) return spec;
  return { ...spec, leaseTransitions: (one.leaseBefore.leaseTransitions ?? 0) + 1 };
}

function injectAnswers(api: TinyApi, { answers }: LockCase): void {
  for (const [method, answer] of Object.entries(answers ?? {})) {
    const injected: InjectedAnswer =
      answer.transportError === undefined
        ? {
            code: answer.code!,
            message: answer.message ?? '',
            ...(answer.reason === undefined ? {} : { reason: answer.reason }),
          }
        : { errno: 'ECONNREFUSED' };
    // The server that the case was recorded on says that the lease is gone, and so it is.
    if (answer.code === 404 && method === 'GET')
      injected.meanwhile = () => {
        api.remove('leases', namespace, lockName);
      };
    api.inject(method as LockMethod, injected);
  }
}

/** What a refused connection says is the transport's own text; the step before it is the gateway's. */
function expectText(thrown: Error, expected: string, { answers }: LockCase): void {
  const network = Object.values(answers ?? {}).some(({ transportError }) => transportError !== undefined);
  if (!network) expect(thrown.message).toBe(expected);
  else
    expect(thrown.message.slice(0, expected.indexOf(': '))).toBe(expected.slice(0, expected.indexOf(': ')));
}

function isOwn(one: LockCase): boolean {
  return one.leaseBefore?.holderIdentity === one.holder;
}

function isFresh({ now, leaseBefore }: LockCase): boolean {
  const { renewTime = now, leaseDurationSeconds = 30 } = leaseBefore ?? {};
  return Date.parse(now) <= Date.parse(renewTime) + leaseDurationSeconds * 1000;
}
