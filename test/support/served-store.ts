import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubeObject } from '../../src/api/objects.ts';
import type { ApiRequest, Send } from '../../src/api/wire.ts';
import { ObjectAccess } from '../../src/kube/object-access.ts';
import { openEmbeddedStore } from '../../src/store/embedded-store.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { SystemRandom } from '../../src/time/system-random.ts';

/** The embedded store behind a real socket: an API server that a kubeconfig names, and that tells what it was asked. */
export interface ServedStore {
  kubeconfig: string;
  /** `METHOD path`, in the order in which requests came. */
  log: string[];
  send: Send;
  objects: ObjectAccess;
  /** Puts objects there as they are. */
  put(objects: readonly KubeObject[]): void;
  /** Cuts every connection, and refuses new ones until `accept`. */
  cut(): void;
  accept(): void;
  /** Answers the next request whose `METHOD path` has this in it with the status. */
  refuseNext(part: string, status: number, reason: string): void;
  /** Answers the next such request with this in place of the store. */
  answerNext(part: string, body: unknown): void;
  close(): Promise<void>;
}

interface OtherAnswer {
  part: string;
  status: number;
  body: unknown;
}

/** Serves a new store with the namespaces. `dateOffsetMs` moves the server's clock as its Date headers show it. */
export async function serveStore(options: {
  namespaces: string[];
  dateOffsetMs?: number;
}): Promise<ServedStore> {
  const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-served-'));
  const store = await openEmbeddedStore({
    directory: path.join(directory, 'store'),
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: options.namespaces,
  });
  const log: string[] = [];
  const others: OtherAnswer[] = [];
  let accepting = true;

  const answer = async (asked: IncomingMessage, reply: ServerResponse): Promise<void> => {
    if (!accepting) {
      asked.socket.destroy();
      return;
    }
    const method = asked.method ?? 'GET';
    log.push(`${method} ${asked.url ?? ''}`);
    const other = others.findIndex(({ part }) => `${method} ${asked.url ?? ''}`.includes(part));
    if (other !== -1) {
      const [{ status, body }] = others.splice(other, 1) as [OtherAnswer];
      reply.writeHead(status, { 'content-type': 'application/json' });
      reply.end(JSON.stringify(body));
      return;
    }
    const body = await text(asked);
    const left = new AbortController();
    reply.on('close', () => {
      left.abort();
    });
    const response = await store.send({
      method: method as ApiRequest['method'],
      path: asked.url ?? '/',
      headers: asked.headers as Record<string, string>,
      ...(body === '' ? {} : { body }),
      signal: left.signal,
    });
    const date = new Date(Date.now() + (options.dateOffsetMs ?? 0)).toUTCString();
    reply.writeHead(response.status, { ...response.headers, date });
    reply.flushHeaders();
    try {
      for await (const chunk of response.body) reply.write(chunk);
      reply.end();
    } catch {
      reply.destroy();
    }
  };
  const server = createServer((asked, reply) => {
    answer(asked, reply).catch(() => reply.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = path.join(directory, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'served', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'someone', user: {} }],
    contexts: [{ name: 'served', context: { cluster: 'served', user: 'someone' } }],
    'current-context': 'served',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    log,
    send: store.send,
    objects: new ObjectAccess(store.send),
    put(objects) {
      store.importObjects(objects);
    },
    cut() {
      accepting = false;
      server.closeAllConnections();
    },
    accept() {
      accepting = true;
    },
    refuseNext(part, status, reason) {
      const body = {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        reason,
        code: status,
      };
      // as RBAC words it, which is what tells a missing permission from any other refusal
      const message =
        reason === 'Forbidden' ? 'forbidden: User "somebody" cannot do this' : `refused: ${reason}`;
      others.push({ part, status, body: { ...body, message } });
    },
    answerNext(part, body) {
      others.push({ part, status: 200, body });
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
