// Parts of undici by file: its index loads fetch, WebSocket, caches and mocks, which costs every start 40 ms.
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici';
  export default Client;
}
declare module 'undici/lib/core/connect.js' {
  import { buildConnector } from 'undici';
  export default buildConnector;
}
declare module 'undici/lib/core/socks5-client.js' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';
  export class Socks5Client extends EventEmitter {
    constructor(socket: Socket, login: { username: string; password: string });
    handshake(): void;
    connect(hostname: string, port: number): void;
  }
}
