import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import { hasShared, readShared } from '../../support/shared.ts';
import { remediationRequest, requests, StoreUnderTest } from './store-under-test.ts';

let api: StoreUnderTest;

beforeEach(async () => {
  api = await StoreUnderTest.open();
});

afterEach(async () => {
  await api.close();
});

const pod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'shop',
    uid: 'u-1',
    resourceVersion: '99999',
    creationTimestamp: '2025-01-01T00:00:00Z',
    deletionTimestamp: '2025-01-02T00:00:00Z',
  },
  spec: { anything: true },
  status: { phase: 'Running' },
};

const widgetDefinition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets' },
    versions: [
      {
        name: 'v1',
        served: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', properties: { size: { type: 'integer', default: 3 } } } },
          },
        },
      },
    ],
  },
};

const widget: KubeObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };

describe('import', () => {
  it('takes objects as they are, with a version of its own, and makes their namespaces', async () => {
    expect(api.store.importObjects([pod])).toEqual({
      kinds: [{ apiVersion: 'v1', kind: 'Pod', created: 1, updated: 0 }],
      namespacesCreated: ['shop'],
    });
    const { body } = await api.get('/api/v1/namespaces/shop/pods/p');
    const newest = String(api.store.info().resourceVersion);
    expect(body).toEqual({ ...pod, metadata: { ...pod.metadata, resourceVersion: newest } });
  });

  it('replaces what is there when it is repeated', () => {
    api.store.importObjects([pod]);
    expect(api.store.importObjects([{ ...pod, status: { phase: 'Failed' } }]).kinds).toEqual([
      { apiVersion: 'v1', kind: 'Pod', created: 0, updated: 1 },
    ]);
  });

  it('keeps nothing when one object is refused', async () => {
    const unknown = { ...widget };
    expect(() => api.store.importObjects([pod, unknown])).toThrow(/does not know the kind Widget/);
    expect((await api.get('/api/v1/namespaces/shop/pods/p')).status).toBe(404);
    expect((await api.get('/api/v1/namespaces/shop')).status).toBe(404);
  });

  it('knows the kinds of definitions in the same list, and serves them from then on', async () => {
    api.store.importObjects([widget, widgetDefinition]);
    const path = '/apis/example.com/v1/namespaces/default/widgets';
    expect((await api.get(`${path}/w`)).body['kind']).toBe('Widget');
    const made = await api.post(path, { ...widget, metadata: { name: 'x' }, spec: { colour: 'red' } });
    expect(made.body['spec']).toEqual({ size: 3 });
    expect(made.headers['warning']).toEqual([String.raw`299 - "unknown field \"spec.colour\""`]);
    expect((await api.get('/apis/example.com')).body['name']).toBe('example.com');
  });

  it('is seen by another process that has the store open', async () => {
    const other = await StoreUnderTest.open(api.directory);
    expect((await other.get('/apis/example.com/v1/widgets')).status).toBe(404);
    api.store.importObjects([widgetDefinition]);
    expect((await other.get('/apis/example.com/v1/widgets')).status).toBe(200);
    await other.store.close();
  });

  it('lets later writes leave an invalid value as it is, but not make another one', async () => {
    const invalid = remediationRequest('a', { severity: '' });
    api.store.importObjects(
      [{ ...invalid, status: { overallPhase: 'Odd' } } as unknown as KubeObject].map(inTeam),
    );
    const patched = await api.patch(`${requests}/a/status`, { status: { message: 'm' } });
    expect(patched).toMatchObject({ status: 200, body: { status: { overallPhase: 'Odd', message: 'm' } } });
    const labelled = await api.patch(`${requests}/a`, { metadata: { labels: { a: 'b' } } });
    expect(labelled.status).toBe(200);
    const refused = await api.patch(`${requests}/a/status`, { status: { overallPhase: 'Odder' } });
    expect(refused.status).toBe(422);
  });

  it.skipIf(!hasShared)('takes the objects of a real cluster', async () => {
    const list = JSON.parse(readShared('signals', 'cluster-objects.json')) as { items: KubeObject[] };
    const result = api.store.importObjects(list.items);
    const count = result.kinds.reduce((sum, kind) => sum + kind.created + kind.updated, 0);
    expect(count).toBe(list.items.length);
    const deployments = await api.get('/apis/apps/v1/deployments');
    expect((deployments.body['items'] as unknown as unknown[]).length).toBeGreaterThan(0);
  });
});

function inTeam(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: 'team' } };
}

describe('export', () => {
  it('gives everything, in an order in which it can be imported again', async () => {
    api.store.importObjects([pod, widget, widgetDefinition]);
    await api.post(requests, remediationRequest('a'));
    const exported = [...api.store.exportObjects()];
    const other = await StoreUnderTest.open();
    other.store.importObjects(exported);
    const identities = (objects: Iterable<KubeObject>): string[] =>
      [...objects].map((one) => `${one.kind ?? ''} ${one.metadata.uid ?? ''}`).sort();
    expect(identities(other.store.exportObjects())).toEqual(identities(exported));
    await other.close();
  });
});

describe('reset', () => {
  it('leaves the namespaces of a new store, and goes on counting', async () => {
    await api.post(requests, remediationRequest('a'));
    api.store.importObjects([pod]);
    const before = api.store.info().resourceVersion;
    api.store.reset();
    const left = [...api.store.exportObjects()].map((object) => object.metadata.name);
    expect(left).toEqual(['default', 'team']);
    expect(api.store.info().resourceVersion).toBeGreaterThan(before);
    expect((await api.post(requests, remediationRequest('a'))).status).toBe(201);
  });
});
