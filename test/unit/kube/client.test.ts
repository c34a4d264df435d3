import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { V1Lease } from '@kubernetes/client-node/dist/gen/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, ServerDate } from '../../../src/kube/attempts.ts';
import type { ConnectOptions, KubeClient } from '../../../src/kube/client.ts';
import { connect } from '../../../src/kube/client.ts';
import { countedSend } from '../../../src/kube/counted-send.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { leaseResource, namespaceResource, podResource } from '../../../src/kube/well-known-resources.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import type { TestServer } from './api-server.ts';
import { json, startServer } from './api-server.ts';
import { testHost } from './clients.ts';

let home: string;
let server: TestServer;
const clients: KubeClient[] = [];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'client-'));
  server = await startServer(json({ metadata: { name: 'b' } }));
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server.close();
  rmSync(home, { recursive: true });
});

function kubeconfig(): string {
  const path = join(home, 'config');
  writeFileSync(
    path,
    JSON.stringify({
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'mine' } }],
      clusters: [{ name: 'c', cluster: { server: server.url } }],
      users: [{ name: 'u', user: {} }],
    }),
  );
  return path;
}

async function open(
  target: ConnectOptions['target'],
  env: Record<string, string>,
  more: Partial<ConnectOptions> = {},
): Promise<KubeClient> {
  const client = await connect({
    target,
    namespace: 'requests',
    store: { directory: join(home, 'store') },
    version: '1.2.3',
    host: testHost({ env, homeDirectory: home }),
    random: new SystemRandom(),
    ...more,
  });
  clients.push(client);
  return client;
}

describe('the target', () => {
  const cluster = () => ({ kind: 'cluster', context: 'here', server: server.url, namespace: 'requests' });
  const embedded = () => ({ kind: 'embedded', store: join(home, 'store'), namespace: 'requests' });

  it('auto is the cluster where a context names one', async () => {
    const client = await open('auto', { KUBECONFIG: kubeconfig() });
    expect(client.target).toEqual(cluster());
    await client.objects.get(podResource, { namespace: 'a', name: 'b' });
    expect(server.requests[0]?.headers['user-agent']).toBe('remedyctl/1.2.3');
    expect(existsSync(join(home, 'store'))).toBe(false);
  });

  it('auto is the embedded store where nothing names one', async () => {
    expect((await open('auto', {})).target).toEqual(embedded());
  });

  it('auto with a broken kubeconfig is an error, not another target', async () => {
    writeFileSync(join(home, 'config'), '[1]');
    await expect(open('auto', { KUBECONFIG: join(home, 'config') })).rejects.toMatchObject({
      code: 'KUBECONFIG_INVALID',
    });
  });

  it('cluster without one is an error that says what to do', async () => {
    await expect(open('cluster', {})).rejects.toMatchObject({
      code: 'CONFIG_NOT_FOUND',
      hint: expect.stringContaining('--target embedded') as string,
    });
  });

  it('embedded never looks at a kubeconfig', async () => {
    expect((await open('embedded', { KUBECONFIG: '/nonexistent/\0' })).target).toEqual(embedded());
  });
});

describe('the embedded store behind the same client', () => {
  it('answers objects, discovery and the generated classes', async () => {
    const client = await open('embedded', {});
    expect((await client.objects.get(namespaceResource, { name: 'requests' })).kind).toBe('Namespace');
    expect((await client.discovery.requestResource()).group).toBe('kubernaut.ai');
    const kind = await client.discovery.remediationRequests();
    expect(kind.statusLayout).toBe('nested');
    expect(kind.hasField('status.deduplication.occurrenceCount')).toBe(true);
    const resources = await client.discovery.resources();
    expect(resources).toContainEqual(leaseResource);
    const { coordination } = await client.clientNodeApis();
    const body = Object.assign(new V1Lease(), {
      metadata: { name: 'l' },
      spec: { holderIdentity: 'me', leaseDurationSeconds: 3 },
    });
    await coordination.createNamespacedLease({ namespace: 'requests', body });
    const list = await coordination.listNamespacedLease({ namespace: 'requests' });
    expect(list.items.map((lease) => lease.spec?.holderIdentity)).toEqual(['me']);
  });
});

describe('the generated classes over HTTP', () => {
  it('send what they should and read what comes', async () => {
    server.answer = json({
      kind: 'Lease',
      metadata: { name: 'a' },
      spec: { renewTime: '2026-01-01T00:00:00.000001Z' },
    });
    const { coordination } = await (await open('cluster', { KUBECONFIG: kubeconfig() })).clientNodeApis();
    const lease = await coordination.readNamespacedLease({ namespace: 'n s', name: 'a' });
    expect(lease.metadata?.name).toBe('a');
    expect(server.requests[0]?.url).toBe('/apis/coordination.k8s.io/v1/namespaces/n%20s/leases/a');
  });

  it('patch by merge', async () => {
    const { customObjects } = await (await open('cluster', { KUBECONFIG: kubeconfig() })).clientNodeApis();
    const address = {
      group: 'kubernaut.ai',
      version: 'v1alpha1',
      namespace: 'n',
      plural: 'remediationrequests',
      name: 'a',
    };
    await customObjects.patchNamespacedCustomObject({ ...address, body: { spec: { a: null } } });
    await customObjects.patchNamespacedCustomObject({ ...address, body: [{ op: 'remove', path: '/a' }] });
    expect(server.requests.map((request) => [request.headers['content-type'], request.body])).toEqual([
      ['application/merge-patch+json', '{"spec":{"a":null}}'],
      ['application/json-patch+json', '[{"op":"remove","path":"/a"}]'],
    ]);
  });

  it('fail as everything else does', async () => {
    server.answer = json({ kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' }, 403);
    const { core, version } = await (await open('cluster', { KUBECONFIG: kubeconfig() })).clientNodeApis();
    await expect(core.readNamespacedPod({ namespace: 'n', name: 'p' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      verb: 'get',
      resource: 'pods',
      namespace: 'n',
      objectName: 'p',
      serverMessage: 'no',
    });
    await expect(core.listNode()).rejects.toMatchObject({
      verb: 'list',
      resource: 'nodes',
      namespace: undefined,
    });
    await expect(version.getCode()).rejects.toMatchObject({ verb: 'get', resource: '/version' });
  });
});

describe('observation', () => {
  it('every attempt is reported once, with its outcome and nothing secret', async () => {
    const attempts: Attempt[] = [];
    const client = await open(
      'cluster',
      { KUBECONFIG: kubeconfig() },
      { onAttempt: (attempt) => attempts.push(attempt) },
    );
    const get = () => client.objects.get(podResource, { namespace: 'a', name: 'b' }).catch(() => undefined);
    await get();
    const status = { kind: 'Status', code: 429, reason: 'TooManyRequests', message: 'slow down' };
    server.answer = (request, response) => {
      server.answer = json({});
      json(status, 429, { 'retry-after': '1' })(request, response);
    };
    await get();
    server.answer = (_request, response) => {
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    };
    await get();
    await server.close();
    await get();
    const path = '/api/v1/namespaces/a/pods/b';
    const facts = {
      method: 'GET',
      path,
      startedAt: expect.any(Number) as number,
      durationMs: expect.any(Number) as number,
      sentHeaders: {},
    };
    const answered = { ...facts, receivedHeaders: expect.any(Object) as Record<string, string> };
    expect(attempts).toEqual([
      { ...answered, status: 200 },
      { ...answered, status: 429, retryAfter: '1', reason: 'TooManyRequests', message: 'slow down' },
      { ...answered, status: 200 },
      { ...answered, status: 200, error: 'UNREACHABLE', errno: 'ECONNRESET' },
      { ...facts, error: 'UNREACHABLE', errno: 'ECONNREFUSED' },
    ]);
  });

  it('a watch is reported at its headers', async () => {
    const attempts: Attempt[] = [];
    const client = await open(
      'cluster',
      { KUBECONFIG: kubeconfig() },
      { onAttempt: (attempt) => attempts.push(attempt) },
    );
    server.answer = (_request, response) => {
      response.writeHead(200).flushHeaders();
    };
    const stream = await client.objects.watch(podResource);
    expect(attempts).toMatchObject([{ path: '/api/v1/pods?watch=true', status: 200 }]);
    await stream.close();
  });

  it("the server's clock is reported between ours", async () => {
    const dates: ServerDate[] = [];
    const client = await open(
      'cluster',
      { KUBECONFIG: kubeconfig() },
      { onServerDate: (date) => dates.push(date) },
    );
    await client.objects.get(podResource, { namespace: 'a', name: 'b' });
    expect(dates).toHaveLength(1);
    const [{ serverDateMs, sentAtMs, receivedAtMs }] = dates as [ServerDate];
    expect(serverDateMs).toBeGreaterThan(sentAtMs - 1001);
    expect(serverDateMs).toBeLessThanOrEqual(receivedAtMs);
  });

  it('requests are counted as they go out', async () => {
    const client = await open('cluster', { KUBECONFIG: kubeconfig() });
    let count = 0;
    const objects = new ObjectAccess(countedSend(client.send, () => (count += 1)));
    await objects.get(podResource, { namespace: 'a', name: 'b' });
    await server.close();
    await objects.get(podResource, { namespace: 'a', name: 'b' }).catch(() => undefined);
    expect(count).toBe(2);
  });
});
