import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { LockAcquisition } from '../../../src/locks/acquire-lock.ts';
import { changeKnownLock, checkClaim } from '../../../src/locks/change-lock.ts';
import { diagnoseLocks, goneUids, releaseCandidates } from '../../../src/locks/lock-doctor.ts';
import { examineLock } from '../../../src/locks/lock-examination.ts';
import type { LockGround } from '../../../src/locks/lock-ground.ts';
import { readKey, resolveLockKey } from '../../../src/locks/resolve-lock-key.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';

const namespace = 'team';
const fingerprint = 'c4'.repeat(32);
const lock = { leaseName: 'gw-lock-c4c4c4c4c4c4c4c4', key: fingerprint, fingerprint };
const identity = { user: 'ops', host: 'bastion', pid: 7 };

describe('the locks of a store, without a shell', () => {
  let directory: string;
  let store: EmbeddedStore;
  let clock: MockClock;
  let ground: LockGround & { identity: typeof identity };
  let said: string[];

  beforeEach(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-locks-'));
    clock = new MockClock();
    const random = new SeededRandom(1);
    store = await openEmbeddedStore({ directory, clock, random, namespaces: [namespace] });
    said = [];
    const say = (text: string): void => {
      said.push(text);
    };
    ground = {
      client: {
        objects: new ObjectAccess(store.send),
        discovery: serverDiscovery(store.send),
        target: { kind: 'embedded', store: directory, namespace },
      },
      skew: () => ({ skewMs: 0, errorMs: 0 }),
      clock,
      random,
      signal: new AbortController().signal,
      notes: { say, sayOnce: say, warn: say, detail: say },
      progress: { start: () => undefined, stop: () => undefined, hold: () => undefined },
      settings: { namespace, leaseNamespace: namespace },
      identity,
    };
  });

  afterEach(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const acquire = (holder: string) =>
    new LockAcquisition(ground, { lock, durationSeconds: 30, waitMs: 0, holder }).acquire();

  const ask = { force: false, ifExpired: false };
  const release = (claim: object) =>
    changeKnownLock(ground, {
      verb: 'release',
      lock,
      claim: { ...ask, ...claim },
      confirmForce: () => Promise.reject(new Error('nobody is to be asked')),
      defaultDurationSeconds: 30,
    });

  it('are acquired by one, found by the beginning of their key, and let go in the name of their holder', async () => {
    expect((await acquire('first')).shown).toMatchObject({ acquired: true, holder: 'first', attempts: 1 });
    const second = await acquire('second');
    expect(second).toMatchObject({ shown: { acquired: false, holder: 'first' } });
    expect(second).toMatchObject({ failure: { code: 'LOCK_NOT_ACQUIRED' } });
    const found = await resolveLockKey(ground, { key: 'c4c4c4c4' });
    expect(found).toEqual({ leaseName: lock.leaseName, key: 'c4'.repeat(8) });
    expect(await examineLock(ground, found, undefined)).toMatchObject({ state: 'held', holder: 'first' });
    await expect(release({ ifHolder: 'second' })).rejects.toMatchObject({ code: 'LOCK_HELD' });
    expect(await release({ holder: 'second' })).toMatchObject({ outcome: 'notHeld' });
    expect(await release({ ifHolder: 'first' })).toMatchObject({ outcome: 'released', forced: false });
    expect(await release({ ifHolder: 'first' })).toEqual({
      outcome: 'gone',
      forced: false,
      lock: { name: lock.leaseName, namespace, fingerprint },
    });
  });

  it('are released by the doctor once it is proven that their holder is gone, if that is agreed to', async () => {
    await acquire('first');
    await clock.advance(31_000);
    const diagnosis = await diagnoseLocks(ground, 600_000);
    expect(diagnosis.faults).toMatchObject([
      { lock: { name: lock.leaseName }, finding: { finding: 'orphaned' } },
    ]);
    const declined = releaseCandidates(ground, diagnosis, {
      dryRun: false,
      confirm: () => Promise.reject(new Error('no')),
    });
    await expect(declined).rejects.toThrow('no');
    const asked: string[] = [];
    const releasing = releaseCandidates(ground, diagnosis, {
      dryRun: false,
      confirm: (about) => {
        asked.push(about);
        return Promise.resolve();
      },
    });
    await clock.advance(29_999);
    expect((await diagnoseLocks(ground, 600_000)).faults).toHaveLength(1);
    await clock.advance(1);
    const releases = await releasing;
    expect(asked).toEqual([
      `this releases ${lock.leaseName}, each once it is proven that its holder is gone`,
    ]);
    expect(releases).toMatchObject([{ outcome: 'released' }]);
    expect(goneUids(releases)).toEqual(new Set([diagnosis.faults[0]?.lock.uid]));
    expect((await diagnoseLocks(ground, 600_000)).faults).toEqual([]);
  });

  it.each([
    ['no name', {}],
    ['two', { key: fingerprint, resource: 'Deployment/checkout' }],
    ['a namespace of nothing', { key: fingerprint, resourceNamespace: 'shop' }],
    ['a resource without a kind', { resource: 'checkout' }],
    ['an empty key', { key: '', rawKey: true }],
  ])('are not named by %s', (_what, input) => {
    expect(() => readKey(input)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
  });

  it.each([
    ['an empty holder', { holder: '' }, undefined],
    ['two holders', { holder: 'a', ifHolder: 'b' }, undefined],
    ['a reason without force', {}, 'why'],
    ['a blank reason', { force: true }, ' '],
    ['a reason that is too long', { force: true }, 'x'.repeat(513)],
  ])('are not changed by %s', (_what, claim, reason) => {
    expect(() => {
      checkClaim({ ...ask, ...claim }, reason);
    }).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
  });
});
