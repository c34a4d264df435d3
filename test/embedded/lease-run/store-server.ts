import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import type { ApiRequest } from '../../../src/api/wire.ts';
import { openEmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { readBody } from '../../support/read-body.ts';
import type { LeaseTarget } from './lease-process.ts';

export interface StoreServer {
  target: LeaseTarget;
  /** `METHOD path` of every request. */
  log: string[];
  /** Answers with this status instead of serving, as long as it is set. */
  refuseWith: number | undefined;
  close(): Promise<void>;
}

/** A real HTTP API server, the embedded store behind it, that counts and can refuse. */
export async function startStoreServer(folder: string): Promise<StoreServer> {
  const store = await openEmbeddedStore({
    directory: path.join(folder, 'store'),
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: ['kubernaut-system'],
  });
  const http = createServer((request, response) => {
    void (async () => {
      const asked = await asApiRequest(request);
      server.log.push(`${asked.method} ${asked.path}`);
      if (server.refuseWith !== undefined) {
        response.writeHead(server.refuseWith).end();
        return;
      }
      const answer = await store.send(asked);
      const body = await readBody(answer);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(body);
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const kubeconfig = path.join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigFor(`http://127.0.0.1:${(http.address() as AddressInfo).port}`));
  const server: StoreServer = {
    target: { env: { HOME: folder, KUBECONFIG: kubeconfig }, flags: ['--target', 'cluster'] },
    log: [],
    refuseWith: undefined,
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await store.close();
    },
  };
  return server;
}

async function asApiRequest(request: IncomingMessage): Promise<ApiRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method as ApiRequest['method'],
    path: request.url ?? '/',
    headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
    ...(body === '' ? {} : { body }),
  };
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server } }],
    users: [{ name: 'somebody', user: {} }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'somebody' } }],
    'current-context': 'local',
  });
}
