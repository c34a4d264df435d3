import type { Client, Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';

/** Connections to one server, each with at most one request on it. */
export interface Connections {
  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange): void;
  /** Cuts everything. */
  destroy(): Promise<void>;
}

/**
 * Takes the connection that became idle last, and opens another only when all are busy. undici's own Pool
 * counts a connection as busy for one more turn of the event loop after an answer, and so opens two for
 * requests that follow one another: a TLS handshake too many for a command that sends two.
 */
export class IdleFirstPool implements Connections {
  readonly #open: () => Client;
  readonly #all: Client[] = [];
  readonly #idle: Client[] = [];

  constructor(open: () => Client) {
    this.#open = open;
  }

  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange): void {
    const client = this.#idle.pop() ?? this.#add();
    exchange.onDone = () => {
      this.#idle.push(client);
    };
    client.dispatch(request, exchange);
  }

  async destroy(): Promise<void> {
    this.#idle.length = 0;
    await Promise.all(this.#all.splice(0).map((client) => client.destroy()));
  }

  #add(): Client {
    const client = this.#open();
    this.#all.push(client);
    return client;
  }
}
