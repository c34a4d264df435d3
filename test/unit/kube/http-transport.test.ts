import { readFileSync } from 'node:fs';
import { getEventListeners } from 'node:events';
import { connect, createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { rmSync } from 'node:fs';
import { bodyText } from '../../../src/kube/answer.ts';
import { NetworkError } from '../../../src/kube/api-error.ts';
import type { Credentials, Identity } from '../../../src/kube/credentials.ts';
import { fixedCredentials } from '../../../src/kube/credentials.ts';
import type { TestServer, TestServerOptions } from './api-server.ts';
import { json, makeTlsFiles, startServer } from './api-server.ts';
import { textOf, transportTo } from './clients.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function serve(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startServer(undefined, options);
  closers.push(() => server.close());
  return server;
}

function to(...args: Parameters<typeof transportTo>) {
  const transport = transportTo(...args);
  closers.push(() => transport.close());
  return transport.send;
}

async function networkFailure(promise: Promise<unknown>): Promise<NetworkError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(NetworkError);
  return thrown as NetworkError;
}

describe('connections', () => {
  it('are kept and used again', async () => {
    const server = await serve();
    const send = to({ server: server.url });
    for (let count = 0; count < 5; count += 1) await textOf(send);
    expect(server.connections).toBe(1);
  });

  it('outlive a DELETE with a body, as preconditions make it', async () => {
    const server = await serve();
    const send = to({ server: server.url });
    for (let count = 0; count < 3; count += 1) {
      await textOf(send, { method: 'DELETE', path: '/lease', body: '{"preconditions":{}}' });
      await textOf(send, { method: 'POST', path: '/lease', body: '{}' });
    }
    expect(server.connections).toBe(1);
  });

  it('carry one request at a time', async () => {
    const server = await serve();
    const send = to({ server: server.url });
    const held: (() => void)[] = [];
    server.answer = (request, response) => {
      held.push(() => {
        json({ url: request.url })(request, response);
      });
      // none is answered before all are there
      if (held.length === 4) for (const answer of held) answer();
    };
    await Promise.all([1, 2, 3, 4].map((index) => textOf(send, { path: `/${index}` })));
    expect(server.connections).toBe(4);
  });

  it('a path in the server URL is the prefix of every request', async () => {
    const server = await serve();
    await textOf(to({ server: `${server.url}/k8s/clusters/c-1/` }), { path: '/api/v1/pods?limit=1' });
    expect(server.requests[0]?.url).toBe('/k8s/clusters/c-1/api/v1/pods?limit=1');
  });

  it('a closed transport refuses', async () => {
    const server = await serve();
    const transport = transportTo({ server: server.url });
    await textOf(transport.send);
    const arrived = new Promise<void>((resolve) => {
      server.answer = () => {
        resolve();
      };
    });
    const pending = networkFailure(transport.send({ method: 'GET', path: '/' }));
    await arrived;
    await transport.close();
    expect((await pending).code).toBe('UNREACHABLE');
    await transport.close();
  });
});

describe('time-outs and aborts', () => {
  it('no headers in time is TIMEOUT', async () => {
    const server = await serve();
    server.answer = () => undefined;
    const send = to({ server: server.url }, { requestTimeoutMs: 300 });
    const error = await networkFailure(send({ method: 'GET', path: '/' }));
    expect(error).toMatchObject({ code: 'TIMEOUT', errno: 'ETIMEDOUT' });
  });

  it('a body that stops is TIMEOUT', async () => {
    const server = await serve();
    server.answer = (_request, response) => response.write('{');
    const send = to({ server: server.url }, { requestTimeoutMs: 300 });
    const error = await networkFailure(textOf(send));
    expect(error).toMatchObject({ code: 'TIMEOUT', errno: 'ETIMEDOUT' });
  });

  it('a body that breaks off is UNREACHABLE', async () => {
    const server = await serve();
    server.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await networkFailure(textOf(to({ server: server.url })))).toMatchObject({
      code: 'UNREACHABLE',
      errno: 'ECONNRESET',
    });
  });

  it.each(['before the headers', 'in the body'])('an abort %s ends at once with its reason', async (when) => {
    const server = await serve();
    const abort = new AbortController();
    const reason = new Error('enough');
    server.answer = (_request, response) => {
      if (when === 'in the body') response.write('{');
      setTimeout(() => {
        abort.abort(reason);
      }, 50);
    };
    const error = await networkFailure(textOf(to({ server: server.url }), { signal: abort.signal }));
    expect(error).toMatchObject({ code: 'ABORTED', cause: reason });
  });

  it('an abort while the connection is being made ends at once', async () => {
    // It takes the connection and never answers the TLS handshake.
    const silent = createTcpServer();
    const sockets = new Set<Socket>();
    silent.on('connection', (socket) => sockets.add(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => silent.close(resolve));
    });
    const send = to({ server: `https://127.0.0.1:${port}`, tls: { insecure: true } });
    const signal = AbortSignal.timeout(100);
    expect((await networkFailure(send({ method: 'GET', path: '/', signal }))).code).toBe('ABORTED');
  });

  it('closing cuts a connection that is being made', async () => {
    const silent = createTcpServer();
    const taken = new Promise<Socket>((resolve) => silent.once('connection', resolve));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const connectTimeoutMs = 60_000;
    const transport = transportTo(
      { server: `https://127.0.0.1:${port}`, tls: { insecure: true } },
      { connectTimeoutMs },
    );
    const failure = networkFailure(textOf(transport.send));
    const socket = await taken;
    const cut = new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', resolve));
    socket.resume();
    await transport.close();
    await Promise.all([cut, failure]);
    await new Promise((resolve) => silent.close(resolve));
  });

  it('leaves no listener on a signal that outlives the request', async () => {
    const server = await serve();
    const send = to({ server: server.url });
    const abort = new AbortController();
    for (let count = 0; count < 3; count += 1) await textOf(send, { signal: abort.signal });
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });

  it('an unknown host says so', async () => {
    const error = await networkFailure(
      to({ server: 'http://no-such-host.invalid' })({ method: 'GET', path: '/' }),
    );
    expect(error.code).toBe('UNREACHABLE');
    expect(error.errno).toMatch(/ENOTFOUND|EAI_AGAIN/);
    expect(error.message).toContain('http://no-such-host.invalid');
  });
});

describe('bodies', () => {
  it('pause the connection while nobody reads', async () => {
    const server = await serve();
    const chunk = Buffer.alloc(64 * 1024);
    let written = 0;
    server.answer = (_request, response) => {
      const write = () => {
        while (written < 64 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) {
            response.once('drain', write);
            return;
          }
        }
        response.end();
      };
      write();
    };
    const response = await to({ server: server.url })({ method: 'GET', path: '/', stream: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(written).toBeLessThan(32 * 1024 * 1024);
    let read = 0;
    for await (const part of response.body) read += part.byteLength;
    expect(read).toBe(written);
  });

  it('zipped answers are unpacked, and only reads ask for them', async () => {
    const server = await serve();
    const text = JSON.stringify({ text: 'ü'.repeat(200_000) });
    server.answer = (request, response) => {
      if (request.headers['accept-encoding'] !== 'gzip') response.end('{}');
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
    };
    const send = to({ server: server.url });
    expect(await textOf(send)).toBe(text);
    expect(await textOf(send, { method: 'POST', body: '{}' })).toBe('{}');
    expect(await textOf(send, { stream: true })).toBe('{}');
    expect(await textOf(to({ server: server.url, disableCompression: true }))).toBe('{}');
  });

  it('a torn zipped answer is a NetworkError', async () => {
    const server = await serve();
    const zipped = gzipSync('x'.repeat(1000));
    server.answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped.subarray(0, 20));
    await networkFailure(textOf(to({ server: server.url })));
  });

  it('repeated headers keep every value', async () => {
    const server = await serve();
    server.answer = json({}, 200, { warning: ['299 - "a"', '299 - "b"'] });
    const response = await to({ server: server.url })({ method: 'GET', path: '/' });
    expect(response.headers['warning']).toEqual(['299 - "a"', '299 - "b"']);
    await bodyText(response);
  });
});

describe('a refused identity', () => {
  function renewable(tokens: string[]): Credentials & { refreshes: number } {
    const identityOf = (token: string): Identity => ({ headers: { authorization: `Bearer ${token}` } });
    let current = identityOf(tokens.shift() ?? '');
    return {
      refreshes: 0,
      identity: () => Promise.resolve(current),
      refresh(refused) {
        if (current !== refused) return Promise.resolve(true);
        this.refreshes += 1;
        const next = tokens.shift();
        if (next === undefined) return Promise.resolve(false);
        current = identityOf(next);
        return Promise.resolve(true);
      },
    };
  }

  const onlyGood = (server: TestServer) => {
    server.answer = (request, response) => {
      const good = request.headers.authorization === 'Bearer good';
      json({ body: request.body }, good ? 200 : 401)(request, response);
    };
  };

  it('is refreshed and the request sent once more, body included', async () => {
    const server = await serve();
    onlyGood(server);
    const send = to({ server: server.url, credentials: renewable(['stale', 'good']) });
    expect(await textOf(send, { method: 'POST', body: 'x' })).toBe('{"body":"x"}');
    expect(server.requests).toHaveLength(2);
  });

  it('is not tried a third time', async () => {
    const server = await serve();
    onlyGood(server);
    const send = to({ server: server.url, credentials: renewable(['stale', 'stale too', 'good']) });
    const response = await send({ method: 'GET', path: '/' });
    expect(response.status).toBe(401);
    expect(server.requests).toHaveLength(2);
  });

  it('stays refused without anything to refresh', async () => {
    const server = await serve();
    onlyGood(server);
    const response = await to({ server: server.url })({ method: 'GET', path: '/' });
    expect(response.status).toBe(401);
    expect(server.requests).toHaveLength(1);
  });
});

describe('who asks', () => {
  it('goes out as UTF-8, as kubectl sends it', async () => {
    const server = await serve();
    const headers = {
      authorization: 'Bearer tökén',
      'impersonate-user': 'jürgen',
      'impersonate-group': ['ops', '運用'],
    };
    const send = to({ server: server.url, credentials: fixedCredentials({ headers }) });
    await textOf(send);
    const raw = server.requests[0]!.rawHeaders.map((text) => Buffer.from(text, 'latin1').toString('utf8'));
    for (const value of ['Bearer tökén', 'jürgen', 'ops', '運用']) expect(raw).toContain(value);
  });
});

describe('proxies', () => {
  interface Proxy {
    url: URL;
    lines: string[];
    authorization: string[];
  }

  /** A forward proxy: CONNECT tunnels to the named port, absolute URLs are answered by itself. */
  async function startProxy(refuse = false): Promise<Proxy> {
    const proxy: Proxy = { url: new URL('http://x'), lines: [], authorization: [] };
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      proxy.lines.push(`${request.method ?? ''} ${request.url ?? ''}`);
      proxy.authorization.push(request.headers['proxy-authorization'] ?? '');
      response.end('{"by":"proxy"}');
    });
    server.on('connection', (socket) => sockets.add(socket));
    server.on('connect', (request, socket: Socket) => {
      proxy.lines.push(`CONNECT ${request.url ?? ''}`);
      proxy.authorization.push(request.headers['proxy-authorization'] ?? '');
      if (refuse) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      const upstream = connect(Number((request.url ?? '').split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy.url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return proxy;
  }

  it('an http server is asked for by absolute URL', async () => {
    const proxy = await startProxy();
    const withUser = new URL(proxy.url);
    withUser.username = 'me';
    withUser.password = 'p%40ss';
    const send = to({ server: 'http://api.test', proxy: withUser });
    expect(await textOf(send, { path: '/version' })).toBe('{"by":"proxy"}');
    expect(proxy.lines).toEqual(['GET http://api.test/version']);
    expect(proxy.authorization).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  });

  it('a proxy that refuses the tunnel is a NetworkError', async () => {
    const proxy = await startProxy(true);
    const send = to({ server: 'https://api.test', proxy: proxy.url, tls: { insecure: true } });
    const error = await networkFailure(send({ method: 'GET', path: '/' }));
    expect(error.message).toContain('403');
  });

  /** RFC 1928 as far as CONNECT without authentication; everything goes to 127.0.0.1. */
  async function startSocks(): Promise<{ url: URL; targets: string[] }> {
    const targets: string[] = [];
    const sockets = new Set<Socket>();
    const server = createTcpServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(Uint8Array.of(5, 0));
        socket.once('data', (request) => {
          const nameEnd = 5 + request[4]!;
          const byName = request[3] === 3;
          const port = request.readUInt16BE(byName ? nameEnd : 8);
          targets.push(byName ? request.subarray(5, nameEnd).toString() : request.subarray(4, 8).join('.'));
          const upstream = connect(port, '127.0.0.1', () => {
            socket.write(Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 0));
            upstream.pipe(socket).pipe(upstream);
          });
          upstream.on('error', () => socket.destroy());
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return { url: new URL(`socks5://127.0.0.1:${(server.address() as AddressInfo).port}`), targets };
  }

  const tls = makeTlsFiles();
  afterAll(() => {
    if (tls !== undefined) rmSync(tls.directory, { recursive: true });
  });

  describe.skipIf(tls === undefined)('and TLS', () => {
    const files = tls!;
    const ca = readFileSync(files.ca, 'utf8');

    it('an https server is reached through a tunnel, verified by its own name', async () => {
      const server = await serve({ tls: files });
      const proxy = await startProxy();
      const send = to({ server: `https://api.test:${server.port}`, proxy: proxy.url, tls: { ca } });
      expect(await textOf(send)).toBe('{}');
      expect(proxy.lines).toEqual([`CONNECT api.test:${server.port}`]);
      expect(server.requests[0]?.sni).toBe('api.test');
    });

    it('an https server is reached through a SOCKS5 proxy, which is given the name', async () => {
      const server = await serve({ tls: files });
      const socks = await startSocks();
      const send = to({ server: `https://api.test:${server.port}`, proxy: socks.url, tls: { ca } });
      expect(await textOf(send)).toBe('{}');
      expect(socks.targets).toEqual(['api.test']);
      expect(server.requests[0]?.sni).toBe('api.test');
    });

    const trust: [name: string, tls: Parameters<typeof transportTo>[0]['tls'], expected: string | RegExp][] =
      [
        ['its authority', { ca }, ''],
        ['tls-server-name, sent as SNI and verified', { ca, serverName: 'api.test' }, 'api.test'],
        ['no verification', { insecure: true }, ''],
        [
          'a name that is not in the certificate',
          { ca, serverName: 'other.test' },
          /ERR_TLS_CERT_ALTNAME_INVALID/,
        ],
        ['an unknown authority', {}, /UNABLE_TO|SELF_SIGNED/],
      ];
    it.each(trust)('a server is trusted by %s', async (_name, settings, expected) => {
      const server = await serve({ tls: files });
      const send = to({ server: server.url, ...(settings === undefined ? {} : { tls: settings }) });
      if (typeof expected === 'string') {
        await textOf(send);
        expect(server.requests[0]?.sni).toBe(expected);
        return;
      }
      for (const attempt of ['first', 'second']) {
        const error = await networkFailure(send({ method: 'GET', path: `/${attempt}` }));
        expect(error.errno).toMatch(expected);
        expect(error.hint).toContain('certificate-authority');
      }
    });

    it('shows the client certificate, and a new one on new connections', async () => {
      const server = await serve({ tls: files });
      const certificate = {
        cert: readFileSync(files.clientCert, 'utf8'),
        key: readFileSync(files.clientKey, 'utf8'),
      };
      let identity: Identity = { headers: {} };
      const credentials: Credentials = {
        identity: () => Promise.resolve(identity),
        refresh: () => Promise.resolve(false),
      };
      const send = to({ server: server.url, tls: { ca }, credentials });
      await textOf(send);
      identity = { headers: {}, certificate };
      await textOf(send);
      await textOf(send);
      expect(server.requests.map((request) => request.clientName)).toEqual(['', 'jane', 'jane']);
      expect(server.connections).toBe(2);
    });

    it('an unusable certificate is said to be one', async () => {
      const credentials = fixedCredentials({ headers: {}, certificate: { cert: 'x', key: 'y' } });
      const send = to({ server: 'https://127.0.0.1:1', tls: { ca }, credentials });
      await expect(send({ method: 'GET', path: '/' })).rejects.toMatchObject({ code: 'KUBECONFIG_INVALID' });
    });
  });
});
