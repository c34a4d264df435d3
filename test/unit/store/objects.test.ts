import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lease, leases, remediationRequest, requests, StoreUnderTest } from './store-under-test.ts';

let api: StoreUnderTest;

beforeEach(async () => {
  api = await StoreUnderTest.open();
});

afterEach(async () => {
  await api.close();
});

describe('a RemediationRequest', () => {
  it('is created, read, patched, listed by fingerprint and deleted', async () => {
    const created = await api.post(requests, remediationRequest('a'));
    expect(created.status).toBe(201);
    expect(created.body['metadata']).toMatchObject({ name: 'a', namespace: 'team', generation: 1 });
    const patched = await api.patch(`${requests}/a/status`, { status: { overallPhase: 'Pending' } });
    expect(patched.status).toBe(200);
    expect(patched.body['status']).toEqual({ overallPhase: 'Pending' });
    expect(patched.body['metadata']?.['generation']).toBe(1);
    const read = await api.get(`${requests}/a`);
    expect(read.body).toEqual(patched.body);
    const found = await api.get(`${requests}?fieldSelector=spec.signalFingerprint%3D${'a'.repeat(64)}`);
    expect(found.body['items']).toHaveLength(1);
    const none = await api.get(`${requests}?fieldSelector=spec.signalFingerprint%3D${'b'.repeat(64)}`);
    expect(none.body['items']).toHaveLength(0);
    expect((await api.remove(`${requests}/a`)).body['status']).toBe('Success');
    expect((await api.get(`${requests}/a`)).body['message']).toBe(
      'remediationrequests.kubernaut.ai "a" not found',
    );
  });
});

describe('a Lease', () => {
  it('is created by PUT where it is missing', async () => {
    const made = await api.put(`${leases}/l`, lease('l'));
    expect(made.status).toBe(201);
    const again = await api.put(`${leases}/l`, made.body);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(made.body);
  });
});
