import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { RequestFinder } from '../../../src/request/find-requests.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { TinyApi } from '../lease/tiny-api.ts';
import { servedKind } from './served-kind.ts';

const fingerprint = 'a1'.repeat(32);
const namespace = 'kubernaut-system';
const unsupported = {
  code: 400,
  reason: 'BadRequest',
  message: 'field label not supported: spec.signalFingerprint',
};

function rig() {
  const api = new TinyApi();
  const paths: string[] = [];
  const objects = new ObjectAccess((request) => {
    paths.push(request.path.split('remediationrequests')[1] ?? '');
    return api.send(request);
  });
  for (const [name, owner] of [
    ['rr-1', fingerprint],
    ['rr-2', 'b2'],
  ] as const) {
    api.plant('remediationrequests', { metadata: { name, namespace }, spec: { signalFingerprint: owner } });
  }
  const access = { objects, kind: servedKind(), namespace };
  return { api, paths, access, finder: new RequestFinder(access) };
}

describe('finding the requests of a fingerprint', () => {
  it('selects by field, in one consistent LIST', async () => {
    const { finder, paths } = rig();
    const found = await finder.byFingerprint(fingerprint, { consistency: 'consistent' });
    expect(found.map(({ name }) => name)).toEqual(['rr-1']);
    expect(paths).toHaveLength(1);
    expect(new URLSearchParams(paths[0]).get('fieldSelector')).toBe(`spec.signalFingerprint=${fingerprint}`);
    expect(paths[0]).not.toContain('resourceVersion');
  });

  it('asks the server\u2019s cache for a hint', async () => {
    const { finder, paths } = rig();
    await finder.byFingerprint(fingerprint, { consistency: 'hint' });
    expect(new URLSearchParams(paths[0]).get('resourceVersion')).toBe('0');
  });

  it.each([unsupported, { ...unsupported, message: 'Unable to find field selector' }])(
    'reads all and filters where the server says "$message", and remembers it',
    async (answer) => {
      const { finder, api, paths } = rig();
      api.inject('GET', answer);
      for (let round = 0; round < 2; round += 1) {
        const found = await finder.byFingerprint(fingerprint, { consistency: 'consistent' });
        expect(found.map(({ name }) => name)).toEqual(['rr-1']);
      }
      expect(paths).toHaveLength(3);
      expect(paths.slice(1).some((path) => path.includes('fieldSelector'))).toBe(false);
      expect(paths[1]).toContain('limit=');
    },
  );

  it('finds nothing under another error', async () => {
    const { finder, api } = rig();
    api.inject('GET', { code: 403, reason: 'Forbidden', message: 'no' });
    await expect(finder.byFingerprint(fingerprint, { consistency: 'consistent' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('tries again what fails for the moment, when it was given the patience', async () => {
    const { access, api } = rig();
    const clock = new MockClock();
    const finder = new RequestFinder(access, { clock, random: new SeededRandom(1) });
    const later = {
      code: 429,
      reason: 'TooManyRequests',
      message: 'storage is (re)initializing',
      retryAfterSeconds: 1,
    };
    api.inject('GET', later);
    const finding = finder.byFingerprint(fingerprint, { consistency: 'consistent' });
    expect(await clock.runUntil(finding)).toHaveLength(1);
    expect(clock.monotonicMs()).toBe(1000);
    api.inject('GET', later, later, later);
    await expect(
      clock.runUntil(finder.byFingerprint(fingerprint, { consistency: 'consistent' })),
    ).rejects.toMatchObject({ code: 'RETRIES_EXHAUSTED' });
  });

  it('tries again where a balancer found nobody', async () => {
    const { access, api } = rig();
    const clock = new MockClock();
    const finder = new RequestFinder(access, { clock, random: new SeededRandom(1) });
    api.inject('GET', { code: 502, message: 'page of a balancer' });
    const finding = finder.byFingerprint(fingerprint, { consistency: 'consistent' });
    expect(await clock.runUntil(finding)).toHaveLength(1);
    expect(api.log).toHaveLength(2);
  });

  it('by name is undefined for a request that is not there', async () => {
    const { finder } = rig();
    expect(await finder.byName('rr-2')).toMatchObject({ name: 'rr-2', fingerprint: 'b2' });
    expect(await finder.byName('rr-9')).toBeUndefined();
  });
});
