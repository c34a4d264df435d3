import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lease } from '../../contract/specimens.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { readBody } from '../../support/read-body.ts';
import { startStoreServing, type StoreServing } from '../../support/store-serving.ts';

const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const json = { 'content-type': 'application/json' };
const writes = 10;

interface Lease {
  metadata: { resourceVersion: string };
  spec: { leaseTransitions: number };
}

let one: StoreServing;
let other: StoreServing;
let clients: HttpSend[];

beforeAll(async () => {
  one = await startStoreServing();
  other = await startStoreServing({ store: one.store });
  clients = [one, other, one, other].map((serving) => serving.connect());
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all([other.stop(), one.stop()]);
});

async function ask(
  { send }: HttpSend,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: unknown,
): Promise<{ status: number; lease: Lease }> {
  const given = body === undefined ? {} : { headers: json, body: JSON.stringify(body) };
  const answer = await send({ method, path, ...given });
  return { status: answer.status, lease: JSON.parse(await readBody(answer)) as Lease };
}

/** Adds one, as often as `writes` says; every version that it made. */
async function count(client: HttpSend): Promise<string[]> {
  const versions: string[] = [];
  while (versions.length < writes) {
    const { lease: found } = await ask(client, 'GET', `${leases}/counted`);
    const spec = { ...found.spec, leaseTransitions: found.spec.leaseTransitions + 1 };
    const put = await ask(client, 'PUT', `${leases}/counted`, { ...found, spec });
    if (put.status === 200) versions.push(put.lease.metadata.resourceVersion);
    else expect(put.status).toBe(409);
  }
  return versions;
}

describe('two servers of one store', () => {
  it('make an object once', async () => {
    const made = await Promise.all(
      clients.map(async (client) => (await ask(client, 'POST', leases, lease('once'))).status),
    );
    expect(made.sort()).toEqual([201, 409, 409, 409]);
  });

  it('lose no write where each names the version that it read, and give out each version once', async () => {
    const [first] = clients;
    if (first === undefined) throw new Error('no client');
    await ask(first, 'POST', leases, lease('counted'));
    const versions = (await Promise.all(clients.map(count))).flat();
    const { lease: end } = await ask(first, 'GET', `${leases}/counted`);
    expect(end.spec.leaseTransitions).toBe(clients.length * writes);
    expect(new Set(versions).size).toBe(clients.length * writes);
  });
});
