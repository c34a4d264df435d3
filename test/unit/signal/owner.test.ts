import { describe, expect, it } from 'vitest';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { resolveOwner } from '../../../src/signal/owner.ts';
import type { TargetResource } from '../../../src/signal/signal.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import type { StubObject } from './stub-api.ts';
import { StubApi, resourcesOf, smallRegistry } from './stub-api.ts';

const small = resourcesOf(smallRegistry);
const target: TargetResource = { kind: 'Pod', name: 'p', namespace: 'shop', apiVersion: 'v1' };

function controlledBy(kind: string, name: string, apiVersion = 'apps/v1') {
  return { ownerReferences: [{ apiVersion, kind, name, controller: true }] };
}

const pod: StubObject = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'p' };
const replicaSet: StubObject = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: 'shop', name: 'rs' };
const deployment: StubObject = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'd' };

async function walk(
  objects: StubObject[],
  from: TargetResource = target,
  targetKind: 'cluster' | 'embedded' = 'cluster',
): Promise<string> {
  const result = await resolveOwner(from, { cluster: new StubApi(small, objects).cluster(), targetKind });
  if (result.state !== 'resolved') return `${result.state} ${result.reason.code}`;
  const names = result.chain.map(({ kind, name, apiVersion }) => `${kind}/${name} (${apiVersion ?? '-'})`);
  return [...names, ...result.warnings.map(({ code }) => code)].join(' > ');
}

describe('the walk to the owner', () => {
  it('follows the controllers and carries their apiVersion', async () => {
    const objects = [
      { ...pod, ...controlledBy('ReplicaSet', 'rs') },
      { ...replicaSet, ...controlledBy('Deployment', 'd') },
      deployment,
    ];
    expect(await walk(objects)).toBe('Pod/p (v1) > ReplicaSet/rs (apps/v1) > Deployment/d (apps/v1)');
  });

  it('keeps the namespace above a cluster-scoped owner', async () => {
    const api = new StubApi(small, [{ ...pod, ...controlledBy('Node', 'n', 'v1') }]);
    const result = await resolveOwner(target, { cluster: api.cluster(), targetKind: 'cluster' });
    expect(result).toMatchObject({ chain: [{}, { kind: 'Node', name: 'n', namespace: 'shop' }] });
    expect(api.requests).toContain('/api/v1/nodes/n');
  });

  it('reaches a custom resource and stops there, without asking for it', async () => {
    const api = new StubApi(small, [{ ...pod, ...controlledBy('Rollout', 'r', 'argoproj.io/v1alpha1') }]);
    const result = await resolveOwner(target, { cluster: api.cluster(), targetKind: 'cluster' });
    expect(result).toMatchObject({ chain: [{ kind: 'Pod' }, { kind: 'Rollout' }], warnings: [] });
    expect(api.requests).toHaveLength(1);
  });

  it.each(['Rollout', 'NotServed', '__proto__', 'constructor'])(
    'of a %s is never looked up, so never dropped',
    async (kind) => {
      expect(await walk([], { kind, name: 'x', namespace: 'shop' })).toBe(`${kind}/x (-)`);
    },
  );

  it.each<[string, StubObject[], string]>([
    ['absent', [], 'rejected OWNER_NOT_FOUND'],
    ['forbidden', [{ ...pod, getErrorCode: 403 }], 'failed OWNER_LOOKUP_FAILED'],
    ['unreadable', [{ ...pod, getErrorCode: 500 }], 'failed OWNER_LOOKUP_FAILED'],
    ['owned by nobody it names', [{ ...pod, ...controlledBy('', '') }], 'rejected OWNER_NOT_FOUND'],
  ])('drops a target that is %s', async (_name, objects, expected) => {
    expect(await walk(objects)).toBe(expected);
  });

  it.each<[string, StubObject[]]>([
    ['absent', []],
    ['forbidden', [{ ...replicaSet, getErrorCode: 403 }]],
    ['unreadable', [{ ...replicaSet, getErrorCode: 500 }]],
  ])('keeps the last owner found when the next is %s, and says so', async (_name, more) => {
    const objects = [{ ...pod, ...controlledBy('ReplicaSet', 'rs') }, ...more];
    expect(await walk(objects)).toBe('Pod/p (v1) > ReplicaSet/rs (apps/v1) > OWNER_CHAIN_BROKEN');
  });

  it.each<[string, StubObject[], TargetResource, string]>([
    ['has no controller', [pod], target, 'it has no controller'],
    ['is of a kind that is not served', [], { kind: 'Nothing', name: 'x' }, 'the kind Nothing is not served'],
    ['is a custom resource', [], { kind: 'Rollout', name: 'x' }, 'owners of a Rollout are not looked up'],
    [
      'owns itself',
      [{ ...deployment, ...controlledBy('Deployment', 'd') }],
      { kind: 'Deployment', name: 'd', namespace: 'shop' },
      'the walk ends after 5 owners',
    ],
  ])('says why it went no further where the last one %s', async (_name, objects, from, ended) => {
    const cluster = new StubApi(small, objects).cluster();
    const result = await resolveOwner(from, { cluster, targetKind: 'cluster' });
    expect(result).toMatchObject({ state: 'resolved', ended: expect.stringContaining(ended) as unknown });
  });

  it('on the embedded store ends at what was not imported', async () => {
    expect(await walk([], target, 'embedded')).toBe('Pod/p (v1)');
    const objects = [{ ...pod, ...controlledBy('ReplicaSet', 'rs') }];
    expect(await walk(objects, target, 'embedded')).toBe('Pod/p (v1) > ReplicaSet/rs (apps/v1)');
  });

  it('of a namespaced target without a namespace sends no request', async () => {
    const api = new StubApi(small, [], true);
    const result = await resolveOwner(
      { kind: 'Pod', name: 'p' },
      { cluster: api.cluster(), targetKind: 'cluster' },
    );
    expect(result).toMatchObject({ state: 'rejected' });
    expect(api.requests).toEqual([]);
  });

  it('goes from a Service to its first pod by name, and on from there', async () => {
    const service = { ...pod, kind: 'Service', name: 'svc', selector: { app: 'a' } };
    const objects = [
      service,
      { ...pod, name: 'z', labels: { app: 'a' } },
      { ...pod, name: 'b', labels: { app: 'a' }, ...controlledBy('StatefulSet', 'early') },
      { ...pod, name: 'a', labels: { app: 'other' } },
    ];
    const api = new StubApi(small, objects);
    const from = { kind: 'Service', name: 'svc', namespace: 'shop' };
    const result = await resolveOwner(from, { cluster: api.cluster(), targetKind: 'embedded' });
    expect(result).toMatchObject({ chain: [{ name: 'svc' }, { name: 'b' }, { name: 'early' }] });
    // The pod came with the list: no GET is spent on it.
    expect(api.requests.filter((path) => path.endsWith('/pods/b'))).toEqual([]);
  });

  it.each<[string, StubObject[]]>([
    ['is absent', []],
    ['selects nothing', [{ ...pod, kind: 'Service', name: 'svc' }]],
    ['selects no pod', [{ ...pod, kind: 'Service', name: 'svc', selector: { app: 'a' } }]],
  ])('of a Service that %s ends at the Service', async (_name, objects) => {
    const from = { kind: 'Service', name: 'svc', namespace: 'shop', apiVersion: 'v1' };
    expect(await walk(objects, from)).toBe('Service/svc (v1)');
  });

  it('percent-encodes names that are paths, and asks for none that is a dot', async () => {
    const api = new StubApi(small, []);
    const options = { cluster: api.cluster(), targetKind: 'cluster' as const };
    await resolveOwner({ kind: 'Pod', name: '../../nodes/x?a=b#c', namespace: 'a/b' }, options);
    const dots = await resolveOwner({ kind: 'Pod', name: '..', namespace: 'shop' }, options);
    expect(dots).toMatchObject({ state: 'rejected', reason: { code: 'OWNER_NOT_FOUND' } });
    expect(api.requests).toEqual(['/api/v1/namespaces/a%2Fb/pods/..%2F..%2Fnodes%2Fx%3Fa%3Db%23c']);
  });

  it('asks again what has no answer within five seconds, for fifteen', async () => {
    const clock = new MockClock();
    let aborted = 0;
    const objects = new ObjectAccess(({ signal }) => {
      return new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => {
          aborted += 1;
          reject(signal!.reason as Error);
        });
      });
    });
    const cluster = new StubApi(small, []).cluster({ objects, clock });
    let settled = false;
    const result = resolveOwner(target, { cluster, targetKind: 'cluster' }).finally(() => {
      settled = true;
    });
    await clock.advance(4_999);
    expect(aborted).toBe(0);
    await clock.advance(1);
    expect(aborted).toBe(1);
    await clock.advance(9_999);
    expect(settled).toBe(false);
    await clock.advance(1);
    const message = expect.stringContaining('no answer within 5 s, 3 times') as string;
    expect(await result).toMatchObject({ state: 'failed', reason: { code: 'OWNER_LOOKUP_FAILED', message } });
    expect(aborted).toBe(3);
    expect(clock.sleepers).toBe(0);
  });
});
