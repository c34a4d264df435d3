// Of ws only its framing is used: the connection is ours, with its TLS, proxy and credentials.
declare module 'ws' {
  import type { Duplex, Writable } from 'node:stream';

  /** Frames out. */
  export class Sender {
    constructor(socket: Duplex);
    send(
      data: Uint8Array,
      options: { binary: boolean; compress: boolean; fin: boolean; mask: boolean },
      done: (error?: Error | null) => void,
    ): void;
    pong(data: Uint8Array, mask: boolean): void;
    close(code: number, reason: string, mask: boolean): void;
  }

  /** Frames in: what is written to it comes out as events `message`, `ping`, `conclude`. */
  export class Receiver extends Writable {
    constructor(options: { isServer: boolean; maxPayload: number });
  }
}
