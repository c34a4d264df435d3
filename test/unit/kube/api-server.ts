import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  Server,
  ServerResponse,
} from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: string;
  /** SNI, empty without; the common name of the client's certificate. */
  sni: string;
  clientName: string;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

export interface TestServer {
  url: string;
  port: number;
  requests: SeenRequest[];
  connections: number;
  sockets: Set<Socket>;
  answer: Answer;
  close(): Promise<void>;
}

export interface TlsFiles {
  directory: string;
  ca: string;
  cert: string;
  key: string;
  clientCert: string;
  clientKey: string;
}

export interface TestServerOptions {
  tls?: TlsFiles;
  host?: string;
}

/** A real server on loopback that records what it is asked; answers an empty object unless told otherwise. */
export async function startServer(answer?: Answer, options: TestServerOptions = {}): Promise<TestServer> {
  const seen: TestServer = {
    url: '',
    port: 0,
    requests: [],
    connections: 0,
    sockets: new Set(),
    answer: answer ?? json({}),
    close: () => closeServer(server, seen.sockets),
  };
  const listener: RequestListener = (request, response) => {
    void record(request).then((entry) => {
      seen.requests.push(entry);
      seen.answer(entry, response);
    });
  };
  const server = options.tls === undefined ? createHttpServer(listener) : tlsServer(options.tls, listener);
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    seen.connections += 1;
    seen.sockets.add(socket);
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve) => {
    server.listen(0, host, resolve);
  });
  seen.port = (server.address() as AddressInfo).port;
  seen.url = `${options.tls === undefined ? 'http' : 'https'}://${host}:${seen.port}`;
  return seen;
}

export function json(body: unknown, status = 200, headers: Record<string, string | string[]> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** A 127.0.0.1 server certificate (also for api.test) and a client's, by a throw-away authority; undefined without openssl. */
export function makeTlsFiles(): TlsFiles | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'kube-tls-'));
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'ignore', 'ignore'] });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const issued = (name: string, subject: string, san: string) => {
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.crt`,
      '-subj',
      subject,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-addext',
      `subjectAltName=${san}`,
      '-addext',
      'basicConstraints=critical,CA:FALSE',
    );
  };
  try {
    openssl(
      'req',
      '-x509',
      ...key,
      '-days',
      '2',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
      '-subj',
      '/CN=test-ca',
    );
    issued('server', '/CN=server', 'IP:127.0.0.1,DNS:api.test');
    issued('client', '/O=ops/CN=jane', 'DNS:jane');
  } catch {
    rmSync(directory, { recursive: true });
    return undefined;
  }
  const path = (name: string) => join(directory, name);
  return {
    directory,
    ca: path('ca.crt'),
    cert: path('server.crt'),
    key: path('server.key'),
    clientCert: path('client.crt'),
    clientKey: path('client.key'),
  };
}

function tlsServer(tls: TlsFiles, listener: RequestListener): Server {
  return createHttpsServer(
    {
      cert: readFileSync(tls.cert),
      key: readFileSync(tls.key),
      ca: readFileSync(tls.ca),
      requestCert: true,
      rejectUnauthorized: false,
    },
    listener,
  );
}

async function record(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const socket: Socket & Partial<Pick<TLSSocket, 'servername' | 'getPeerCertificate'>> = request.socket;
  const peer = socket.getPeerCertificate?.();
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.concat(chunks).toString('utf8'),
    sni: typeof socket.servername === 'string' ? socket.servername : '',
    clientName: (peer?.subject as { CN?: string } | undefined)?.CN ?? '',
  };
}

async function closeServer(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
