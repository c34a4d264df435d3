import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startGuarded, type GuardedProcess } from '../cluster/guarded-process.ts';
import { hasPrism, prismProgram } from '../support/remote-systems/prism.ts';
import {
  publishedDocuments,
  relayHeader,
  type PrismLine,
  type PrismLines,
  type PublishedDocument,
} from '../support/remote-systems/prism-lines.ts';
import { hasShared, sharedPath } from '../support/shared.ts';

/**
 * Starts the prisms that every file of the tier shares: for each published document one with `--errors` and one
 * without. They are given out before they listen. Behind them stands one relay, for a prism has one upstream for ever,
 * and the fakes live in the workers, new for every test.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (!hasShared || !hasPrism) return undefined;
  const relay = createServer(relayed);
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const upstream = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
  const logs = mkdtempSync(path.join(tmpdir(), 'remedyctl-prism-'));
  const ports = await freePorts(2 * publishedDocuments.length);
  const lines: Partial<Record<PublishedDocument, PrismLine>> = {};
  const prisms: GuardedProcess[] = [];
  for (const document of publishedDocuments) {
    const [strictPort = 0, lenientPort = 0] = ports.splice(0, 2);
    lines[document] = { strictPort, lenientPort };
    for (const [port, ...flags] of [[strictPort, '--errors'] as const, [lenientPort] as const]) {
      const address = ['-h', '127.0.0.1', '-p', String(port)];
      const args = [prismProgram, 'proxy', ...address, ...flags, sharedPath('contracts', document), upstream];
      const log = path.join(logs, `${document}-${port}.log`);
      // node itself: npx would leave the child behind
      const prism = startGuarded(`prism ${document}`, process.execPath, args, log);
      prisms.push(prism);
    }
  }
  project.provide('prismLines', lines as PrismLines);
  return async () => {
    await Promise.all(prisms.map((prism) => prism.stop()));
    relay.closeAllConnections();
    await new Promise((resolve) => relay.close(resolve));
    rmSync(logs, { recursive: true, force: true });
  };
}

/** To the fake that the request names, and back; a fake that went away ends the connection. */
function relayed(request: IncomingMessage, response: ServerResponse): void {
  const { method, url, headers } = request;
  const onward = httpRequest(
    { host: '127.0.0.1', port: Number(headers[relayHeader]), method, path: url, headers, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

/** All taken before the first is given back, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = createSocket();
      await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
      return socket;
    }),
  );
  const ports = sockets.map((socket) => (socket.address() as AddressInfo).port);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.close(resolve))));
  return ports;
}
