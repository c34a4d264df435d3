import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiResource } from '../../src/api/objects.ts';
import type { ApiError, NetworkError } from '../../src/kube/api-error.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { openPortForward, type PortForward } from '../../src/kube/port-forward.ts';
import { parseForwardTarget } from '../../src/kube/forward-target.ts';
import type { HttpSend } from '../support/http-send.ts';
import type { FakeKubelet } from '../support/fake-kubelet.ts';
import { serveKubelet } from '../support/fake-kubelet.ts';
import type { TlsFiles } from '../unit/kube/api-server.ts';
import { makeTlsFiles } from '../unit/kube/api-server.ts';
import { connectAs, ensureNamespace, openAsAdmin } from './admin.ts';
import { makeNode, makePod } from './forwarded-pods.ts';

const cluster = inject('cluster');
const namespace = 'port-forward';
const rbac = 'rbac.authorization.k8s.io';

function resource(group: string, kind: string): ApiResource {
  const singular = kind.toLowerCase();
  return { group, version: 'v1', plural: `${singular}s`, singular, kind, namespaced: true };
}

const role = resource(rbac, 'Role');
const roleBinding = resource(rbac, 'RoleBinding');

let tls: TlsFiles;
let admin: HttpSend;
let objects: ObjectAccess;
let kubelet: FakeKubelet;
let gatewayPort: number;
const servers: Server[] = [];
const sockets: Socket[] = [];
const clients: KubeClient[] = [];

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Somebody with these verbs on pods/portforward, and who may read services and pods. */
async function makeUser(name: string, verbs: string[]): Promise<void> {
  const read = { apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list'] };
  const forward = { apiGroups: [''], resources: ['pods/portforward'], verbs };
  const rules = verbs.length === 0 ? [read] : [read, forward];
  await objects.create(role, { metadata: { name, namespace }, rules });
  await objects.create(roleBinding, {
    metadata: { name, namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ apiGroup: rbac, kind: 'User', name }],
  });
}

async function clientAs(user?: string): Promise<KubeClient> {
  const client = await connectAs(cluster, namespace, user);
  clients.push(client);
  return client;
}

async function forwardTo(target: string, user?: string): Promise<PortForward> {
  return openPortForward(await clientAs(user), parseForwardTarget(target, namespace));
}

function dispatcherOver(forward: PortForward): Client {
  return new Client('http://gateway', {
    connect: (_options, done) => {
      forward.connect().then(
        (stream) => {
          done(null, stream as never);
        },
        (thrown: unknown) => {
          done(thrown as Error, null);
        },
      );
    },
  });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

beforeAll(async () => {
  const made = makeTlsFiles();
  if (made === undefined) throw new Error('a kubelet needs a certificate, which openssl makes');
  tls = made;
  await ensureNamespace(cluster, namespace);
  admin = openAsAdmin(cluster);
  objects = new ObjectAccess(admin.send);
  const server = createHttpsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
  kubelet = serveKubelet(server);
  const gateway = createHttpServer((request, response) => {
    void text(request).then((body) => {
      const { authorization } = request.headers;
      response.end(`${request.method} ${request.url} ${authorization} ${body.length}`);
    });
  });
  gatewayPort = await listen(gateway);
  kubelet.portOf = ({ port }) => (port === 8080 ? gatewayPort : 1);
  await makeNode(objects, 'forward-node', await listen(server));
  // a port where nothing listens: its kubelet is down
  await makeNode(objects, 'dead-node', 1);
  await makePod(objects, { namespace, name: 'gateway', nodeName: 'forward-node' });
  await makePod(objects, { namespace, name: 'lost', nodeName: 'dead-node' });
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await admin.close();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
});

describe('a port of a pod behind a real API server', () => {
  it('answers HTTP to a service’s port, with the caller’s own Authorization untouched', async () => {
    const forward = await forwardTo('svc/gateway:http');
    const http = dispatcherOver(forward);
    const answers: string[] = [];
    for (const size of [0, 10, 300_000]) {
      const { body } = await http.request({
        path: '/api/v1/signals',
        method: 'POST',
        headers: { authorization: 'Bearer mine' },
        body: 'x'.repeat(size),
      });
      answers.push(await body.text());
    }
    const path = 'POST /api/v1/signals Bearer mine';
    expect(answers).toEqual([`${path} 0`, `${path} 10`, `${path} 300000`]);
    expect(kubelet.asked).toEqual([{ namespace, pod: 'gateway', port: 8080 }]);
    await http.destroy();
  });

  it('takes several connections at once, and ends them all', async () => {
    const forward = await forwardTo('pod/gateway:web');
    const streams = await Promise.all([1, 2, 3, 4].map(() => forward.connect()));
    expect(kubelet.open.size).toBe(4);
    const closed = [...kubelet.open].map((websocket) => once(websocket, 'close'));
    forward.close();
    await Promise.all(closed);
    expect(streams.every((stream) => stream.destroyed)).toBe(true);
  });

  it('where nothing listens is a refused connection', async () => {
    const http = dispatcherOver(await forwardTo('pod/gateway:9999'));
    const thrown = (await failureOf(http.request({ path: '/', method: 'GET' }))) as NetworkError;
    expect(thrown.errno).toBe('ECONNREFUSED');
    expect(thrown.message).toContain(`nothing listens on port 9999 of pod ${namespace}/gateway`);
    await http.destroy();
  });

  it('whose kubelet is down says who does not reach whom', async () => {
    const thrown = (await failureOf((await forwardTo('svc/lost')).connect())) as ApiError;
    expect([thrown.code, thrown.httpStatus >= 500]).toEqual(['API_ERROR', true]);
    expect(thrown.message).toContain('error dialing backend');
    expect(thrown.hint).toContain('does not reach the kubelet');
  });

  it.each([
    ['none', [], 'get'],
    ['get', ['get'], 'create'],
  ])('needs both permissions: with %s the missing one is named', async (user, verbs, missing) => {
    await makeUser(`forward-${user}`, verbs);
    const forward = await forwardTo('svc/gateway', `forward-${user}`);
    const thrown = (await failureOf(forward.connect())) as ApiError;
    expect(thrown.code).toBe('FORBIDDEN');
    expect(thrown.verb).toBe(missing);
    expect(thrown.message).toMatch(/cannot get resource "pods\/portforward"|permission to create it$/);
    expect(thrown.hint).toContain('--verb=get,create --resource=pods/portforward');
  });

  it('is open to who has both', async () => {
    await makeUser('forward-both', ['get', 'create']);
    const stream = await (await forwardTo('svc/gateway', 'forward-both')).connect();
    stream.destroy();
  });
});
