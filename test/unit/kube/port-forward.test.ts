import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Client } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixedCredentials } from '../../../src/kube/credentials.ts';
import { ApiError, NetworkError } from '../../../src/kube/api-error.ts';
import type { Attempt } from '../../../src/kube/attempts.ts';
import { recordedSend } from '../../../src/kube/attempts.ts';
import type { HttpTransport } from '../../../src/kube/http-transport.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { PortForward } from '../../../src/kube/port-forward.ts';
import { openPortForward } from '../../../src/kube/port-forward.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import type { FakeKubelet } from '../../support/fake-kubelet.ts';
import { message, sayPort, serveKubelet } from '../../support/fake-kubelet.ts';
import { transportTo } from './clients.ts';

const namespace = 'kubernaut-system';
const cluster = { kind: 'cluster', server: 'https://cluster.test', namespace } as const;

let apiServer: Server;
let gateway: Server;
let gatewayPort: number;
let kubelet: FakeKubelet;
let transport: HttpTransport;
let attempts: Attempt[];
let pods: Map<string, object>;
let headersSeen: Record<string, unknown>[];
let sockets: Socket[];

async function listen(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function pod(name: string, ready = true): object {
  return {
    metadata: { name, namespace, labels: { app: 'gateway' } },
    spec: { containers: [{ name: 'main', ports: [{ name: 'web', containerPort: gatewayPort }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

const service = {
  metadata: { name: 'gateway', namespace },
  spec: { selector: { app: 'gateway' }, ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
};

beforeEach(async () => {
  pods = new Map();
  attempts = [];
  headersSeen = [];
  sockets = [];
  gateway = createServer((request, response) => {
    void text(request).then((body) => response.end(`${request.method} ${request.url} ${body}`));
  });
  gatewayPort = await listen(gateway);
  apiServer = createServer((request, response) => {
    const path = request.url ?? '';
    response.setHeader('content-type', 'application/json');
    if (path.includes('/services/')) response.end(JSON.stringify(service));
    else if (path.includes('/pods?')) {
      response.end(JSON.stringify({ kind: 'PodList', metadata: {}, items: [...pods.values()] }));
    } else {
      const found = pods.get(path.split('/').at(-1) ?? '');
      response.statusCode = found === undefined ? 404 : 200;
      response.end(
        JSON.stringify(found ?? { kind: 'Status', reason: 'NotFound', code: 404, message: 'none' }),
      );
    }
  });
  kubelet = serveKubelet(apiServer);
  apiServer.on('connection', (socket: Socket) => sockets.push(socket));
  apiServer.prependListener('upgrade', (request) => headersSeen.push(request.headers));
  transport = transportTo(
    { server: `http://127.0.0.1:${await listen(apiServer)}` },
    { requestTimeoutMs: 20_000 },
  );
});

afterEach(async () => {
  await transport.close();
  for (const socket of sockets) socket.destroy();
  for (const server of [apiServer, gateway]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

function client() {
  const send = recordedSend(transport.send, new MockClock(), (attempt) => attempts.push(attempt));
  return { send, objects: new ObjectAccess(send), target: cluster };
}

async function toPod(port = String(gatewayPort)): Promise<PortForward> {
  pods.set('gateway-1', pod('gateway-1'));
  return openPortForward(client(), { kind: 'pod', namespace, name: 'gateway-1', port });
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

/** What a stream ended with. */
async function endOf(stream: Duplex): Promise<unknown> {
  stream.resume();
  if (!stream.closed) await failureOf(once(stream, 'close'));
  return stream.errored ?? 'end';
}

function dispatcherOver(forward: PortForward): Client {
  return new Client('http://gateway', {
    connect: (_options, done) => {
      forward.connect().then(
        (stream) => {
          // what undici needs of a socket is what a stream has
          done(null, stream as never);
        },
        (thrown: unknown) => {
          done(thrown as Error, null);
        },
      );
    },
  });
}

describe('a connection to a port of a pod', () => {
  it('carries HTTP, kept alive, with one websocket a connection', async () => {
    const forward = await toPod();
    const http = dispatcherOver(forward);
    const answers: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { body } = await http.request({ path: `/${count}`, method: 'POST', body: 'x'.repeat(count) });
      answers.push(await body.text());
    }
    expect(answers).toEqual(['POST /0 ', 'POST /1 x', 'POST /2 xx']);
    expect(kubelet.asked).toEqual([{ namespace, pod: 'gateway-1', port: gatewayPort }]);
    await http.destroy();
  });

  it('keeps every byte of megabytes both ways, however slowly they are read', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket));
    const echoPort = await listen(echo);
    kubelet.portOf = () => echoPort;
    const stream = await (await toPod()).connect();
    const sent = randomBytes(8 * 1024 * 1024);
    stream.write(sent);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
      if (bytes === sent.length) break;
    }
    expect(hash.digest('hex')).toBe(createHash('sha256').update(sent).digest('hex'));
    echo.close();
  });

  it('ends where the pod ends it, without an error', async () => {
    kubelet.instead = (websocket, { port }) => {
      sayPort(websocket, port);
      websocket.send(message(0, 'all of it'));
      websocket.close(1000);
    };
    const stream = await (await toPod()).connect();
    expect(await text(stream)).toBe('all of it');
    expect(await endOf(stream)).toBe('end');
  });

  it('that breaks off is an error, never an end', async () => {
    const breaks: FakeKubelet['instead'][] = [
      (websocket) => {
        websocket.terminate();
      },
      (websocket) => {
        websocket.close(1011);
      },
      (websocket) => {
        websocket.send(message(1, 'the sandbox is gone'));
        websocket.close(1000);
      },
    ];
    const texts: string[] = [];
    for (const breakOff of breaks) {
      kubelet.instead = (websocket, asked) => {
        sayPort(websocket, asked.port);
        websocket.send(message(0, 'half'));
        websocket.once('message', () => breakOff?.(websocket, asked));
      };
      const stream = await (await toPod()).connect();
      stream.write('go on');
      const thrown = await endOf(stream);
      expect(thrown).toBeInstanceOf(NetworkError);
      expect((thrown as NetworkError).errno).toBe('ECONNRESET');
      texts.push((thrown as NetworkError).message.replace(String(gatewayPort), 'PORT'));
    }
    const broke = 'the connection to port PORT of pod kubernaut-system/gateway-1 broke:';
    expect(texts).toEqual([
      `${broke} it was cut in the middle`,
      `${broke} the other side ended it with code 1011`,
      `${broke} the sandbox is gone`,
    ]);
  });

  it('tells that nothing listens, also when all of it comes at once', async () => {
    const free = createServer();
    const port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    kubelet.portOf = () => port;
    const forward = await toPod();
    const stream = forward.connect().then(endOf, (thrown: unknown) => thrown);
    const thrown = (await stream) as NetworkError;
    expect(thrown).toBeInstanceOf(NetworkError);
    expect(thrown.errno).toBe('ECONNREFUSED');
    expect(thrown.message).toContain(`nothing listens on port ${gatewayPort} of pod ${namespace}/gateway-1`);
    const http = dispatcherOver(forward);
    const failed = (await failureOf(http.request({ path: '/', method: 'GET' }))) as NetworkError;
    expect(failed.errno).toBe('ECONNREFUSED');
    await http.destroy();
  });

  it('does without an owner when it fails in the same breath', async () => {
    kubelet.instead = (websocket, { port }) => {
      const socket = (websocket as unknown as { _socket: Socket })._socket;
      socket.cork();
      sayPort(websocket, port);
      websocket.send(message(1, 'dial tcp 127.0.0.1:1: connection refused'));
      websocket.close(1000);
      socket.uncork();
    };
    const forward = await toPod();
    // the error comes before or after the stream has its owner, and is heard either way
    const thrown = await forward.connect().then(endOf, (failed: unknown) => failed);
    expect((thrown as NetworkError).errno).toBe('ECONNREFUSED');
  });

  it('answers a ping, and a port that comes in pieces is still the port', async () => {
    let pong = '';
    kubelet.instead = (websocket) => {
      websocket.on('pong', (bytes: Buffer) => {
        pong = String(bytes);
        websocket.send(message(0, 'ok'));
        websocket.close(1000);
      });
      for (const byte of [1, 2])
        for (const channel of [0, 1]) websocket.send(message(channel, [byte] as never));
      websocket.send(message(7, 'of no channel'));
      websocket.ping(Buffer.from('are you there'));
    };
    const stream = await (await toPod()).connect();
    expect(await text(stream)).toBe('ok');
    expect(pong).toBe('are you there');
  });

  it('is refused by a kubelet that ends it at once', async () => {
    kubelet.instead = (websocket) => {
      websocket.close(1000);
    };
    const thrown = await failureOf((await toPod()).connect());
    expect((thrown as NetworkError).message).toContain('broke: the kubelet ended it at once');
  });
});

describe('what connections leave behind', () => {
  it('is nothing when they are closed one by one, all at once, or with the transport', async () => {
    for (const close of ['stream', 'forward', 'transport'] as const) {
      const forward = await toPod();
      const stream = await forward.connect();
      const [websocket] = kubelet.open;
      const closed = once(websocket ?? stream, 'close');
      if (close === 'stream') stream.destroy();
      if (close === 'forward') forward.close();
      if (close === 'transport') await transport.close();
      await closed;
      if (!stream.closed) await failureOf(once(stream, 'close'));
      expect(kubelet.open.size).toBe(0);
    }
  });

  it('is nothing when it is stopped while the kubelet says nothing', async () => {
    kubelet.instead = () => undefined;
    const forward = await toPod();
    const stop = new AbortController();
    const connected = failureOf(forward.connect(stop.signal));
    while (kubelet.open.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [websocket] = kubelet.open;
    stop.abort(new Error('enough'));
    const thrown = (await connected) as NetworkError;
    expect(thrown.code).toBe('ABORTED');
    expect(thrown.message).toContain('enough');
    if (websocket !== undefined && kubelet.open.has(websocket)) await once(websocket, 'close');
    expect(kubelet.open.size).toBe(0);
    expect(
      (await failureOf(forward.connect(AbortSignal.abort(new Error('before'))))) as NetworkError,
    ).toMatchObject({
      code: 'ABORTED',
    });
  });

  it('is one attempt in the trace', async () => {
    const forward = await toPod();
    (await forward.connect()).destroy();
    expect(attempts.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', `/api/v1/namespaces/${namespace}/pods/gateway-1`, 200],
      ['GET', `/api/v1/namespaces/${namespace}/pods/gateway-1/portforward?ports=${gatewayPort}`, 101],
    ]);
  });
});

describe('what the API server says to it', () => {
  function answerUpgrade(status: number, body: object): void {
    apiServer.removeAllListeners('upgrade');
    apiServer.on('upgrade', (request, socket: Duplex) => {
      headersSeen.push(request.headers);
      const payload = JSON.stringify(body);
      socket.end(
        `HTTP/1.1 ${status} No\r\ncontent-type: application/json\r\ncontent-length: ${payload.length}\r\n\r\n${payload}`,
      );
    });
  }

  const status = (code: number, reason: string, said: string) => ({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason,
    code,
    message: said,
  });

  it('is told with both permissions where one is missing', async () => {
    const forward = await toPod();
    answerUpgrade(
      403,
      status(
        403,
        'Forbidden',
        'pods "gateway-1" is forbidden: User "jane" cannot create resource "pods/portforward"',
      ),
    );
    const thrown = (await failureOf(forward.connect())) as ApiError;
    expect(thrown.code).toBe('FORBIDDEN');
    expect(thrown.message).toBe(
      'cannot create pods/portforward "gateway-1" in namespace "kubernaut-system": pods "gateway-1" is forbidden: User "jane" cannot create resource "pods/portforward"',
    );
    expect(thrown.hint).toContain('--verb=get,create --resource=pods/portforward -n kubernaut-system');
  });

  it('keeps a refusal that is none of RBAC as it is', async () => {
    const forward = await toPod();
    const said = 'admission webhook "no-forwarding" denied the request: not in production';
    answerUpgrade(403, status(403, 'Forbidden', said));
    const thrown = (await failureOf(forward.connect())) as ApiError;
    expect(thrown.serverMessage).toBe(said);
    expect(thrown.hint ?? '').not.toContain('get,create');
  });

  it('is told with who does not reach whom where the kubelet is away', async () => {
    const forward = await toPod();
    answerUpgrade(
      500,
      status(500, 'InternalError', 'error dialing backend: dial tcp 10.0.0.9:10250: i/o timeout'),
    );
    const thrown = (await failureOf(forward.connect())) as ApiError;
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown.httpStatus).toBe(500);
    expect(thrown.hint).toContain('does not reach the kubelet');
  });

  it('is no websocket where the key is not answered', async () => {
    const forward = await toPod();
    apiServer.removeAllListeners('upgrade');
    apiServer.on('upgrade', (_request, socket: Duplex) => {
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-accept: x\r\n\r\n',
      );
    });
    const thrown = (await failureOf(forward.connect())) as ApiError;
    expect(thrown.message).toContain('is not a websocket of the subprotocol v4.channel.k8s.io');
  });

  it('is asked again with a fresh token, as any request', async () => {
    let token = 'old';
    await transport.close();
    transport = transportTo({
      server: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}`,
      credentials: {
        identity: () =>
          Promise.resolve({ headers: { authorization: `Bearer ${token}`, 'impersonate-user': 'jane' } }),
        refresh: () => {
          token = 'new';
          return Promise.resolve(true);
        },
      },
    });
    const forward = await toPod();
    const upgrades = apiServer.listeners('upgrade');
    answerUpgrade(401, status(401, 'Unauthorized', 'Unauthorized'));
    apiServer.once('upgrade', () => {
      apiServer.removeAllListeners('upgrade');
      for (const listener of upgrades) apiServer.on('upgrade', listener as () => void);
    });
    (await forward.connect()).destroy();
    expect(headersSeen.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
    expect(headersSeen[1]).toMatchObject({ 'impersonate-user': 'jane' });
  });

  it('never shows a credential that comes back on the error channel', async () => {
    await transport.close();
    transport = transportTo({
      server: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}`,
      credentials: fixedCredentials({ headers: { authorization: 'Bearer s3cr3t-t0k3n-of-mine' } }),
    });
    kubelet.instead = (websocket, { port }) => {
      sayPort(websocket, port);
      websocket.once('message', () => {
        websocket.send(message(1, 'you said s3cr3t-t0k3n-of-mine'));
        websocket.close(1000);
      });
    };
    const stream = await (await toPod()).connect();
    stream.write('go on');
    const thrown = (await endOf(stream)) as NetworkError;
    expect(thrown.message).toContain('you said');
    expect(thrown.message).not.toContain('s3cr3t');
  });
});

describe('a service', () => {
  const target = { kind: 'service', namespace, name: 'gateway', port: 'http' } as const;

  it('leads to another pod when the first one is gone', async () => {
    pods.set('gateway-1', pod('gateway-1'));
    const forward = await openPortForward(client(), target);
    (await forward.connect()).destroy();
    pods.clear();
    pods.set('gateway-2', pod('gateway-2'));
    const upgrades = apiServer.listeners('upgrade');
    apiServer.removeAllListeners('upgrade');
    apiServer.once('upgrade', (_request, socket: Duplex) => {
      for (const listener of upgrades) apiServer.on('upgrade', listener as () => void);
      socket.end(
        'HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 48\r\n\r\n{"kind":"Status","code":404,"reason":"NotFound"}',
      );
    });
    (await forward.connect()).destroy();
    expect(forward.to).toEqual({ namespace, pod: 'gateway-2', port: gatewayPort });
    expect(kubelet.asked.map((asked) => asked.pod)).toEqual(['gateway-1', 'gateway-2']);
  });

  it('has no way into the embedded store', async () => {
    const embedded = { ...client(), target: { kind: 'embedded', store: '/store', namespace } as const };
    await expect(openPortForward(embedded, target)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: '--port-forward needs a cluster: the embedded store runs no pods',
    });
  });
});
