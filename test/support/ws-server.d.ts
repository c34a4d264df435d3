// The other side of ws, which only tests have.
declare module 'ws' {
  import type { IncomingMessage } from 'node:http';
  import type { Duplex } from 'node:stream';
  import type { EventEmitter } from 'node:events';

  export class WebSocket extends EventEmitter {
    readonly readyState: number;
    send(data: Uint8Array, done?: (error?: Error) => void): void;
    ping(data: Uint8Array): void;
    close(code?: number): void;
    terminate(): void;
    pause(): void;
    resume(): void;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: {
      noServer: true;
      handleProtocols: (offered: Set<string>, request: IncomingMessage) => string | false;
    });
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (websocket: WebSocket) => void,
    ): void;
  }
}
