import type { Client, Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';

/**
 * On which connection a request may go: `any`; `checked`, where none may be taken whose end has come and was not read
 * yet; `fresh`, one that no request has been on.
 */
export type ConnectionWish = 'any' | 'checked' | 'fresh';

/** Connections to one server, each with at most one request on it. */
export interface Connections {
  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange, wish: ConnectionWish): void;
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
  /** Whose connection is open. */
  readonly #idle: Client[] = [];
  /** Whose connection has ended: they open a new one. */
  readonly #closed: Client[] = [];
  /** Whose present connection has brought an answer. */
  readonly #kept = new Set<Client>();

  constructor(open: () => Client) {
    this.#open = open;
  }

  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange, wish: ConnectionWish): void {
    if (wish !== 'checked' || this.#idle.length === 0) this.#dispatch(request, exchange, wish);
    else {
      afterReading(() => {
        this.#dispatch(request, exchange, wish);
      });
    }
  }

  async destroy(): Promise<void> {
    this.#idle.length = 0;
    this.#closed.length = 0;
    await Promise.all(this.#all.splice(0).map((client) => client.destroy()));
  }

  #dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange, wish: ConnectionWish): void {
    const client = (wish === 'fresh' ? undefined : this.#idle.pop()) ?? this.#closed.pop() ?? this.#add();
    exchange.isKept = this.#kept.has(client);
    exchange.onDone = () => {
      const isOpen = client.stats.connected;
      if (isOpen && exchange.isAnswered) this.#kept.add(client);
      (isOpen ? this.#idle : this.#closed).push(client);
    };
    client.dispatch(request, exchange);
  }

  #add(): Client {
    const client = this.#open();
    this.#all.push(client);
    client.on('disconnect', () => {
      this.#kept.delete(client);
      const at = this.#idle.indexOf(client);
      if (at >= 0) this.#closed.push(...this.#idle.splice(at, 1));
    });
    return client;
  }
}

/** After the event loop has read once what has come in: of two turns the second begins after that. */
function afterReading(then: () => void): void {
  setImmediate(() => {
    setImmediate(then);
  });
}
