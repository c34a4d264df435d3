import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lease, leases, remediationRequest, requests, StoreUnderTest } from './store-under-test.ts';

let api: StoreUnderTest;
beforeEach(async () => {
  api = await StoreUnderTest.open();
});
afterEach(() => api.close());

const deployments = '/apis/apps/v1/namespaces/team/deployments';
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: {} };

/** Objects, lists and a string full of brackets in turn. */
const nested = (depth: number): string => `${'{"a":['.repeat(depth / 2)}"[[[\\"{{{"${']}'.repeat(depth / 2)}`;
const withSpec = (object: object, depth: number): string => {
  const text = JSON.stringify({ ...object, spec: 'here' });
  return text.replace('"here"', nested(depth));
};

/** Every way in. */
const ways: Record<string, (depth: number) => Promise<{ status: number; body: unknown }>> = {
  'a kind that is stored as it is': (depth) => api.post(deployments, withSpec(deployment, depth)),
  'a kind with a definition': (depth) => api.post(requests, withSpec(remediationRequest('r'), depth)),
  'a Lease': (depth) => api.post(leases, withSpec(lease('l'), depth)),
  'a merge patch': async (depth) => {
    await api.post(deployments, deployment);
    return api.patch(`${deployments}/d`, `{"spec":${nested(depth)}}`);
  },
  'a strategic merge patch': async (depth) => {
    await api.post(deployments, deployment);
    const type = 'application/strategic-merge-patch+json';
    return api.patch(`${deployments}/d`, `{"spec":${nested(depth)}}`, type);
  },
  'a JSON patch': async (depth) => {
    await api.post(deployments, deployment);
    const text = `[{"op":"add","path":"/spec/a","value":${nested(depth)}}]`;
    return api.patch(`${deployments}/d`, text, 'application/json-patch+json');
  },
  'an apply': (depth) => {
    const type = 'application/apply-patch+yaml';
    return api.patch(`${deployments}/d?fieldManager=me`, withSpec(deployment, depth), type);
  },
};

describe('a body that is nested deeply', () => {
  it.each(Object.entries(ways))('is answered, as deep as may be: %s', async (_way, ask) => {
    expect((await ask(980)).status).toBeLessThan(500);
  });

  it.each(Object.entries(ways))('is 400 beyond that: %s', async (_way, ask) => {
    for (const depth of [1_002, 100_000]) {
      expect(await ask(depth)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('exceeded max depth') as string },
      });
    }
  });

  it('may be long and full of brackets', async () => {
    const spec = { lists: Array.from({ length: 5_000 }, () => [{}]) };
    expect((await api.post(deployments, { ...deployment, spec })).status).toBe(201);
  });
});
