import { describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { podResource } from '../../../src/kube/well-known-resources.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import type { StubObject } from './stub-api.ts';
import { StubApi, jsonAnswer, resourcesOf, smallRegistry, statusAnswer } from './stub-api.ts';

const small = resourcesOf(smallRegistry);
const place = { namespace: 'shop', name: 'p' };

function stub(objects: StubObject[] = []): StubApi {
  return new StubApi(small, objects);
}

describe('what a run has seen of a cluster', () => {
  it('is asked for once, however many ask at the same time', async () => {
    const api = stub([{ apiVersion: 'v1', kind: 'Pod', ...place }]);
    let told = 0;
    const cluster = api.cluster({ onLookup: () => (told += 1) });
    await Promise.all([cluster.observe(podResource, place), cluster.observe(podResource, place)]);
    await cluster.observe(podResource, place);
    expect(api.requests).toHaveLength(1);
    expect([cluster.lookups, told]).toEqual([1, 1]);
  });

  it('keeps that an object is absent or forbidden, but no failure that may pass', async () => {
    const statuses = [404, 405, 403, 503, 200];
    for (const [status, requests] of statuses.map((code) => [code, code === 503 ? 2 : 1] as const)) {
      let asked = 0;
      const objects = new ObjectAccess(() => {
        asked += 1;
        return Promise.resolve(status === 200 ? jsonAnswer(200, { metadata: {} }) : statusAnswer(status));
      });
      const cluster = stub().cluster({ objects });
      await cluster.observe(podResource, place);
      await cluster.observe(podResource, place);
      expect([status, asked]).toEqual([status, requests]);
    }
  });

  it('is bounded: what was not used for longest is forgotten', async () => {
    const api = stub();
    const cluster = api.cluster({ capacity: 2 });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await cluster.observe(podResource, { ...place, name });
    expect(api.requests.map((path) => path.at(-1))).toEqual(['a', 'b', 'c', 'b']);
  });

  it('tells names apart that a joint would mix up', async () => {
    const api = stub();
    const cluster = api.cluster();
    await cluster.observe(podResource, { namespace: 'a', name: 'b"],["c' });
    await cluster.observe(podResource, { namespace: 'a"],["b', name: 'c' });
    expect(api.requests).toHaveLength(2);
  });

  it('takes nothing for granted in an object that nobody validated', async () => {
    const bodies = [
      { metadata: {} },
      { metadata: { ownerReferences: 'x', labels: [] } },
      { metadata: { ownerReferences: [null, 7, { controller: true, kind: 7 }] } },
      { kind: 'Service', metadata: {}, spec: { selector: 'x' } },
      { kind: 'Service', metadata: {}, spec: null },
    ];
    for (const body of bodies) {
      const objects = new ObjectAccess(() => Promise.resolve(jsonAnswer(200, body)));
      const seen = await stub().cluster({ objects }).observe(podResource, place);
      expect(seen.state).toBe('found');
    }
  });

  it('does not take for an object what is none', async () => {
    for (const body of [{}, { metadata: null }, { metadata: [] }]) {
      const objects = new ObjectAccess(() => Promise.resolve(jsonAnswer(200, body)));
      const seen = await stub().cluster({ objects }).observe(podResource, place);
      expect(seen.state).toBe('failed');
    }
  });

  it('lets a broken store break the run', async () => {
    const objects = new ObjectAccess(() => Promise.reject(new RemedyError('STORE_CORRUPT', 'broken')));
    const cluster = stub().cluster({ objects });
    await expect(cluster.observe(podResource, place)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
  });

  it('ends with the run, at once and with its reason', async () => {
    const run = new AbortController();
    const reason = new RemedyError('INTERRUPTED', 'stopped');
    const clock = new MockClock();
    const objects = new ObjectAccess(({ signal }) => {
      return new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => {
          reject(signal!.reason as Error);
        });
      });
    });
    const cluster = stub().cluster({ objects, clock, signal: run.signal });
    const seen = cluster.observe(podResource, place);
    run.abort(reason);
    await expect(seen).rejects.toBe(reason);
    await expect(cluster.observe(podResource, place)).rejects.toBe(reason);
    expect(clock.sleepers).toBe(0);
  });

  it('reads discovery again after it failed', async () => {
    let asked = 0;
    const cluster = stub().cluster({
      discovery: {
        resources: () => {
          asked += 1;
          return asked === 1 ? Promise.reject(new Error('down')) : Promise.resolve(small);
        },
      },
    });
    await expect(cluster.kinds()).rejects.toThrow('down');
    const [kinds] = await Promise.all([cluster.kinds(), cluster.kinds()]);
    expect(kinds.labelKind('pod')).toMatchObject({ resource: { kind: 'Pod' } });
    expect(asked).toBe(2);
  });
});
