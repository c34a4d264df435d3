/** Bodies in protobuf, to `store serve` and to the real API server: what is read of them, and what is refused. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Agent, request } from 'undici';
import { Normaliser } from '../../contract/normalise.ts';
import { envelope, magic, message } from '../../support/protobuf.ts';
import { startStoreServing, type StoreServing } from '../../support/store-serving.ts';
import { ensureNamespace } from '../admin.ts';

const cluster = inject('cluster');
const namespace = 'serve-protobuf';

interface Target {
  server: string;
  token: string;
  agent: Agent;
}

let serving: StoreServing;
let targets: { real: Target; ours: Target };

beforeAll(async () => {
  serving = await startStoreServing({ args: ['--namespace', namespace] });
  const ca = readFileSync(cluster.certificateAuthorityFile);
  targets = {
    real: { server: cluster.server, token: cluster.tokens.admin, agent: new Agent({ connect: { ca } }) },
    ours: {
      server: serving.server,
      token: serving.token,
      agent: new Agent({ connect: { ca: serving.certificateAuthority } }),
    },
  };
  await ensureNamespace(cluster, namespace);
});
afterAll(async () => {
  await Promise.all([targets.real.agent.destroy(), targets.ours.agent.destroy(), serving.stop()]);
});

const core = `/api/v1/namespaces/${namespace}`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

async function post(target: Target, path: string, body: Buffer): Promise<{ status: number; body: unknown }> {
  const answer = await request(target.server + path, {
    method: 'POST',
    dispatcher: target.agent,
    headers: {
      authorization: `Bearer ${target.token}`,
      accept: 'application/json',
      'content-type': 'application/vnd.kubernetes.protobuf',
    },
    body,
  });
  return { status: answer.statusCode, body: new Normaliser().value(await answer.body.json()) };
}

const time = message([1, 1_763_632_800], [2, 123_456_000]);
const metadata = message([1, 'p'], [11, message([1, 'x'], [2, '1'])], [12, message([1, 'a.b/c'], [2, 'ü'])]);

describe('a body in protobuf', () => {
  it.each<[string, string, Buffer]>([
    [
      'a Lease',
      leases,
      envelope(
        'coordination.k8s.io/v1',
        'Lease',
        message([1, metadata], [2, message([1, 'me'], [2, 30], [3, time], [4, time], [5, 7])]),
      ),
    ],
    [
      'a Secret',
      `${core}/secrets`,
      envelope(
        'v1',
        'Secret',
        message([1, metadata], [2, message([1, 'k'], [2, Buffer.from([0, 255])])], [3, 'Opaque'], [5, 1]),
      ),
    ],
    [
      'a ConfigMap',
      `${core}/configmaps`,
      envelope(
        'v1',
        'ConfigMap',
        message(
          [1, metadata],
          [2, message([1, 'k'], [2, 'v'])],
          [3, message([1, 'b'], [2, Buffer.from([1, 2])])],
        ),
      ),
    ],
    [
      'a ServiceAccount',
      `${core}/serviceaccounts`,
      envelope('v1', 'ServiceAccount', message([1, metadata], [4, 0])),
    ],
  ])('is made into the same object: %s', async (_what, path, body) => {
    const real = await post(targets.real, path, body);
    expect(real.status).toBe(201);
    expect(await post(targets.ours, path, body)).toEqual(real);
  });

  const configMap = (object: Buffer): Buffer => envelope('v1', 'ConfigMap', object);
  it.each<[string, Buffer]>([
    ['JSON', Buffer.from('{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"n"}}')],
    ['the beginning alone', magic],
    ['half a number', configMap(Buffer.from([0x80]))],
    ['a number without an end', configMap(Buffer.alloc(20, 0xff))],
    ['a length beyond the end', configMap(Buffer.from([0x0a, 0x7f, 1]))],
    ['a field of number 0', configMap(Buffer.from([0x02, 0]))],
    ['a wire type that there is not', configMap(Buffer.from([0x0f, 0]))],
    ['a number for metadata', configMap(message([1, 1]))],
    ['a text for a number', configMap(message([1, metadata], [4, 'yes']))],
    ['another kind than the path has', envelope('v1', 'Namespace', message([1, metadata]))],
  ])('is refused as on an API server: %s', async (_what, body) => {
    const refused = { status: 400, body: { kind: 'Status', reason: 'BadRequest', code: 400 } };
    expect(await post(targets.real, `${core}/configmaps`, body)).toMatchObject(refused);
    expect(await post(targets.ours, `${core}/configmaps`, body)).toMatchObject(refused);
  });
});
