import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';

/** One connection to a port of a pod, as a kubelet was asked for it. */
export interface AskedPort {
  /** Of the URL's path, decoded. */
  namespace: string;
  pod: string;
  port: number;
}

export interface FakeKubelet {
  readonly asked: AskedPort[];
  /** Whose connection it is; gives the port on loopback that stands for the pod's. */
  portOf: (asked: AskedPort) => number;
  /** Called with each websocket in place of the forwarding, for what no kubelet does. */
  instead?: ((websocket: WebSocket, asked: AskedPort) => void) | undefined;
  /** Each websocket that is open. */
  readonly open: Set<WebSocket>;
}

const subprotocol = 'v4.channel.k8s.io';
const data = 0;
const error = 1;

/**
 * A kubelet's `/portForward/NAMESPACE/POD?port=N` on a server, as k8s.io/kubelet's streaming code has it for websockets:
 * the port in two bytes, little endian, first on each channel; then bytes; what went wrong on the error channel. The
 * same is served at the API server's own path, so that it can be one's stand-in.
 */
export function serveKubelet(server: Server): FakeKubelet {
  const kubelet: FakeKubelet = { asked: [], portOf: ({ port }) => port, open: new Set() };
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const asked = askedPort(request.url ?? '');
    if (asked === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    kubelet.asked.push(asked);
    sockets.handleUpgrade(request, socket, head, (websocket) => {
      kubelet.open.add(websocket);
      websocket.on('close', () => kubelet.open.delete(websocket));
      if (kubelet.instead === undefined) forward(websocket, asked, kubelet.portOf(asked));
      else kubelet.instead(websocket, asked);
    });
  });
  return kubelet;
}

/** The message of one channel. */
export function message(channel: number, bytes: Uint8Array | string): Buffer {
  return Buffer.concat([Buffer.from([channel]), Buffer.from(bytes as Uint8Array)]);
}

/** What a kubelet says first. */
export function sayPort(websocket: WebSocket, port: number): void {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  websocket.send(message(data, bytes));
  websocket.send(message(error, bytes));
}

function askedPort(url: string): AskedPort | undefined {
  const { pathname, searchParams } = new URL(url, 'http://kubelet');
  const match =
    /^\/portForward\/([^/]+)\/([^/]+)$/.exec(pathname) ??
    /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/portforward$/.exec(pathname);
  const port = Number(searchParams.get('port') ?? searchParams.get('ports'));
  if (match === null || !Number.isInteger(port) || port < 1) return undefined;
  const [, namespace = '', pod = ''] = match;
  return { namespace: decodeURIComponent(namespace), pod: decodeURIComponent(pod), port };
}

function forward(websocket: WebSocket, asked: AskedPort, port: number): void {
  sayPort(websocket, asked.port);
  const container = connect({ host: '127.0.0.1', port });
  container.on('data', (bytes: Buffer) => {
    container.pause();
    websocket.send(message(data, bytes), () => container.resume());
  });
  container.on('error', (thrown) => {
    const { pod } = asked;
    const text = `error forwarding port ${asked.port} to pod ${pod}, uid : failed to execute portforward in network namespace: ${thrown.message.replace('ECONNREFUSED', 'connection refused')}`;
    websocket.send(message(error, text));
    websocket.close(1000);
  });
  container.on('end', () => {
    websocket.close(1000);
  });
  websocket.on('message', (given: Buffer) => {
    if (given[0] !== data) return;
    if (container.write(given.subarray(1))) return;
    websocket.pause();
    container.once('drain', () => {
      websocket.resume();
    });
  });
  websocket.on('close', () => {
    container.destroy();
  });
}
