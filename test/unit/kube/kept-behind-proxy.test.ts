import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { ApiRequest, Send } from '../../../src/api/wire.ts';
import { repeatedSend } from '../../../src/kube/repeated-send.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import type { FaultRule, FaultServer } from '../../support/fault-server.ts';
import { startFaultServer } from '../../support/fault-server.ts';
import { makeTlsFiles } from './api-server.ts';
import { textOf, transportTo } from './clients.ts';

const tls = makeTlsFiles();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => {
  if (tls !== undefined) rmSync(tls.directory, { recursive: true });
});

/** A proxy that leads to this port whatever it is asked for. */
async function tunnelTo(port: number): Promise<{ url: URL; tunnels: () => number }> {
  const sockets = new Set<Socket>();
  let tunnels = 0;
  const proxy = createServer();
  proxy.on('connect', (_request, socket: Socket) => {
    tunnels += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const end of [socket, upstream]) sockets.add(end);
    upstream.on('error', () => socket.resetAndDestroy());
    socket.on('error', () => upstream.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.pipe(socket).pipe(upstream);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
  });
  const { port: own } = proxy.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${own}`), tunnels: () => tunnels };
}

async function behindProxy(options: { rules?: FaultRule[]; idleCloseMs?: () => number }) {
  const server = await startFaultServer({
    tls: tls!,
    behind: (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    },
    ...options,
  });
  closers.push(() => server.close());
  const proxy = await tunnelTo(server.port);
  const ca = readFileSync(tls!.ca, 'utf8');
  const transport = transportTo({ server: server.url, proxy: proxy.url, tls: { ca } });
  closers.push(() => transport.close());
  const [clock, random] = [new RealClock(), new SystemRandom()];
  const send = repeatedSend(transport.send, { clock, random, requestTimeoutMs: 30_000 });
  return { server, send, tunnels: proxy.tunnels };
}

function seen({ requests }: FaultServer): string[] {
  return requests.map(
    ({ method, connection, fault }) => `${method} on ${connection}${fault === undefined ? '' : ` ${fault}`}`,
  );
}

/** Whoever asks on a connection for the second time is met. */
const onKept: Pick<FaultRule, 'nth'> = { nth: (_, { nthOnConnection }) => nthOnConnection > 1 };
const guarded: Partial<ApiRequest> = { method: 'DELETE', path: '/lease', body: '{}', resendable: true };

async function failure(send: Send, request: Partial<ApiRequest>): Promise<string> {
  return textOf(send, request).catch((thrown: unknown) => (thrown as { code: string }).code);
}

describe.skipIf(tls === undefined)('a kept connection through a proxy', () => {
  it('is used again', async () => {
    const { send, server, tunnels } = await behindProxy({});
    for (let count = 0; count < 5; count += 1) expect(await textOf(send)).toBe('{}');
    expect(tunnels()).toBe(1);
    expect(server.connections).toBe(1);
  });

  it.each<[string, Partial<ApiRequest>]>([
    ['a read', {}],
    ['a write that is guarded', guarded],
  ])('that breaks costs another tunnel, and not %s', async (_, request) => {
    const { send, server, tunnels } = await behindProxy({ rules: [{ ...onKept, fault: { kind: 'reset' } }] });
    await textOf(send);
    expect(await textOf(send, request)).toBe('{}');
    const method = request.method ?? 'GET';
    expect(seen(server)).toEqual(['GET on 1', `${method} on 1 reset`, `${method} on 2`]);
    expect(tunnels()).toBe(2);
  });

  it('that breaks under a bare POST leaves it in doubt: it is not sent again', async () => {
    const { send, server } = await behindProxy({ rules: [{ ...onKept, fault: { kind: 'reset' } }] });
    await textOf(send);
    expect(await failure(send, { method: 'POST', body: '{}' })).toBe('UNREACHABLE');
    expect(seen(server)).toEqual(['GET on 1', 'POST on 1 reset']);
  });

  it('that is closed while nobody asks fails no read, whenever that is', async () => {
    const { send, server } = await behindProxy({ idleCloseMs: () => 3 + Math.random() * 27 });
    for (let count = 0; count < 24; count += 1) {
      expect(await textOf(send)).toBe('{}');
      await pause(Math.random() * 40);
    }
    expect(server.connections).toBeGreaterThan(1);
  });
});
