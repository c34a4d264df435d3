import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isIndefinite } from '../../../src/kube/indefinite-answer.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import { makeTlsFiles, startServer } from './api-server.ts';
import { textOf, transportTo } from './clients.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const tls = makeTlsFiles();
afterAll(() => {
  if (tls !== undefined) rmSync(tls.directory, { recursive: true });
});

function to(...args: Parameters<typeof transportTo>) {
  const transport = transportTo(...args);
  closers.push(() => transport.close());
  return transport.send;
}

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers everything with this status. */
function refusing(status: number): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'proxy-authenticate': 'Basic realm="x"' }).end('<html>no</html>');
  });
  server.on('connect', (_request, socket: Socket) => {
    socket.end(`HTTP/1.1 ${status} no\r\nProxy-Authenticate: Basic realm="x"\r\ncontent-length: 2\r\n\r\nno`);
  });
  return listening(server);
}

interface Socks {
  address: string;
  logins: string[];
  targets: string[];
}

/** RFC 1928 and 1929; `reply` other than 0 refuses. Everything goes to 127.0.0.1. */
async function startSocks({ login, reply = 0 }: { login?: string; reply?: number } = {}): Promise<Socks> {
  const logins: string[] = [];
  const targets: string[] = [];
  const server = createTcpServer((socket) => {
    const next = (): Promise<Buffer> => new Promise((resolve) => socket.once('data', resolve));
    const serve = async (): Promise<void> => {
      const methods = (await next()).subarray(2);
      const method = login === undefined ? 0 : methods.includes(2) ? 2 : 0xff;
      socket.write(Uint8Array.of(5, method));
      if (method === 2) {
        const sent = await next();
        const nameEnd = 2 + sent[1]!;
        logins.push(`${sent.subarray(2, nameEnd).toString()}:${sent.subarray(nameEnd + 1).toString()}`);
        socket.write(Uint8Array.of(1, logins.at(-1) === login ? 0 : 1));
      }
      const request = await next();
      const byName = request[3] === 3;
      const nameEnd = 5 + request[4]!;
      targets.push(byName ? request.subarray(5, nameEnd).toString() : request.subarray(4, 8).join('.'));
      socket.write(Uint8Array.of(5, reply, 0, 1, 127, 0, 0, 1, 0, 0));
      if (reply !== 0) return;
      const upstream = connect(request.readUInt16BE(byName ? nameEnd : 8), '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.pipe(socket).pipe(upstream);
    };
    void serve();
  });
  return { address: await listening(server), logins, targets };
}

async function failureOf(server: string, proxy: string, connectTimeoutMs = 10_000): Promise<NetworkError> {
  const send = to({ server, proxy: new URL(proxy), tls: { insecure: true } }, { connectTimeoutMs });
  const thrown: unknown = await send({ method: 'POST', path: '/' }).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(NetworkError);
  const { message, hint } = thrown as NetworkError;
  expect(`${message} ${hint ?? ''}`).not.toMatch(/secret/);
  return thrown as NetworkError;
}

describe('what a proxy refuses is the proxy’s, without its credentials', () => {
  it.each(['https://api.test', 'http://api.test'])('a 407 to %s', async (server) => {
    const address = await refusing(407);
    const anonymous = await failureOf(server, `http://${address}`);
    expect(anonymous.message).toBe(
      `${server}: the proxy http://${address} wants a user and a password (HTTP 407)`,
    );
    const known = await failureOf(server, `http://me:secret@${address}`);
    expect(known.message).toBe(
      `${server}: the proxy http://${address} does not take the user and the password that it is given (HTTP 407)`,
    );
    expect(known).toMatchObject({ code: 'UNREACHABLE', errno: 'EPROXYLOGIN' });
    expect(known.hint).toContain('user and password in the URL of the proxy');
    // nothing was sent, so nothing was done
    expect(isIndefinite(known)).toBe(false);
  });

  it.each([403, 502, 503, 302])('a %i to CONNECT', async (status) => {
    const address = await refusing(status);
    const error = await failureOf('https://api.test:6443', `http://me:secret@${address}`);
    expect(error.message).toBe(
      `https://api.test:6443: the proxy http://${address} lets no connection to it through (HTTP ${status})`,
    );
    expect(isIndefinite(error)).toBe(false);
  });

  it('a SOCKS5 proxy that wants another login, or one at all', async () => {
    const { address } = await startSocks({ login: 'me:right' });
    const wrong = await failureOf('https://api.test', `socks5://me:secret@${address}`);
    expect(wrong.message).toContain(
      `the proxy socks5://${address} does not take the user and the password that it is given`,
    );
    const none = await failureOf('https://api.test', `socks5://${address}`);
    expect(none.message).toContain(`the proxy socks5://${address} wants a user and a password`);
  });

  it('a SOCKS5 proxy that does not reach the server', async () => {
    const { address } = await startSocks({ reply: 4 });
    const error = await failureOf('https://api.test', `socks5://${address}`);
    expect(error.message).toBe(
      `https://api.test: the proxy socks5://${address} lets no connection to it through (Host unreachable)`,
    );
  });
});

describe('a proxy that is not there', () => {
  it.each(['http', 'https', 'socks5'])('%s: refuses the connection', async (scheme) => {
    const error = await failureOf('https://api.test', `${scheme}://me:secret@127.0.0.1:1`);
    expect(error.message).toBe(
      `https://api.test: the proxy ${scheme}://127.0.0.1:1 cannot be reached: the connection was refused (ECONNREFUSED)`,
    );
    expect(error.hint).toContain('Check that the proxy is up');
  });

  it.each(['http', 'socks5'])('%s: says nothing', async (scheme) => {
    const address = await listening(createTcpServer());
    const error = await failureOf('https://api.test', `${scheme}://${address}`, 50);
    expect(error).toMatchObject({ code: 'TIMEOUT', errno: 'ETIMEDOUT' });
    expect(error.message).toContain(`the proxy ${scheme}://${address} made no connection in time`);
  });

  it('does not keep who is closed meanwhile', async () => {
    const server = createTcpServer();
    const accepted = new Promise((resolve) => server.once('connection', resolve));
    const proxy = new URL(`http://${await listening(server)}`);
    const transport = transportTo({ server: 'https://api.test', proxy });
    const answer = transport.send({ method: 'GET', path: '/' }).catch((thrown: unknown) => thrown);
    await accepted;
    await transport.close();
    expect(await answer).toBeInstanceOf(NetworkError);
  });
});

describe('a SOCKS5 proxy', () => {
  it('leads to a plain http server, with a login that has escapes in its URL', async () => {
    const server = await startServer();
    closers.push(() => server.close());
    const socks = await startSocks({ login: 'jürgen:p@ss' });
    const proxy = new URL(`socks5://j%C3%BCrgen:p%40ss@${socks.address}`);
    const send = to({ server: `http://api.test:${server.port}`, proxy });
    expect(await textOf(send, { path: '/version' })).toBe('{}');
    expect(socks).toMatchObject({ logins: ['jürgen:p@ss'], targets: ['api.test'] });
    expect(server.requests[0]).toMatchObject({ url: '/version' });
  });
});

describe.skipIf(tls === undefined)('a server name that is an address', () => {
  const ca = tls === undefined ? '' : readFileSync(tls.ca, 'utf8');
  const reached = async (serverName: string, proxied: boolean) => {
    const server = await startServer(undefined, { tls: tls! });
    closers.push(() => server.close());
    const socks = await startSocks();
    const proxy = proxied ? new URL(`socks5://${socks.address}`) : undefined;
    const host = proxied ? 'api.test' : 'localhost';
    return { server, send: to({ server: `https://${host}:${server.port}`, proxy, tls: { ca, serverName } }) };
  };

  it.each([false, true])(
    'is not sent as SNI, and is what the certificate has to name (proxy: %s)',
    async (proxied) => {
      const { server, send } = await reached('127.0.0.1', proxied);
      expect(await textOf(send)).toBe('{}');
      expect(server.requests[0]?.sni).toBe('');
    },
  );

  it.each([false, true])('refuses a certificate of another address (proxy: %s)', async (proxied) => {
    for (const serverName of ['10.0.0.1', '[::1]']) {
      const { send } = await reached(serverName, proxied);
      await expect(send({ method: 'GET', path: '/' })).rejects.toMatchObject({
        errno: 'ERR_TLS_CERT_ALTNAME_INVALID',
        message: expect.stringContaining(serverName.replace(/[[\]]/g, '')) as string,
      });
    }
  });
});
