import type { Server } from 'node:https';
import type { Socket } from 'node:net';

const answer = [
  'HTTP/1.0 400 Bad Request',
  'Content-Type: text/plain; charset=utf-8',
  'Connection: close',
  '',
  'Client sent an HTTP request to an HTTPS server.',
  '',
].join('\r\n');

/** The first byte of every TLS connection. */
const handshake = 0x16;

type Listener = (this: Server, socket: Socket) => void;

/**
 * Who speaks plain HTTP to the server is told so in words that it can read, as an API server does. Node.js ends such a
 * connection without one, so the first byte is looked at before TLS gets the connection.
 */
export function refusePlainHttp(server: Server, { withinMs }: { withinMs: number }): void {
  const secured = server.listeners('connection') as Listener[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const giveUp = (): void => {
      socket.destroy();
    };
    socket.on('error', giveUp);
    socket.setTimeout(withinMs, giveUp);
    const look = (): void => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      socket.off('readable', look);
      socket.setTimeout(0, giveUp);
      socket.off('timeout', giveUp);
      socket.unshift(first);
      if (first[0] !== handshake) {
        socket.end(answer, giveUp);
        return;
      }
      socket.off('error', giveUp);
      for (const listener of secured) listener.call(server, socket);
    };
    socket.on('readable', look);
  });
}
