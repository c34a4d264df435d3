import type { Dispatcher } from 'undici';
import type { Exchange } from './exchange.ts';
import type { Connections, ConnectionWish } from './idle-first-pool.ts';

/**
 * Connections through a proxy, which undici's agent keeps for itself: from its first answer on any of them may be a kept
 * one. A fresh one is had of a new agent; the old one ends with what is under way on it.
 */
export class ProxiedConnections implements Connections {
  readonly #open: () => Dispatcher;
  readonly #retired = new Set<Dispatcher>();
  #agent: Dispatcher;
  #hasAnswered = false;

  constructor(open: () => Dispatcher) {
    this.#open = open;
    this.#agent = open();
  }

  dispatch(request: Dispatcher.DispatchOptions, exchange: Exchange, wish: ConnectionWish): void {
    if (wish === 'fresh' && this.#hasAnswered) this.#renew();
    const agent = this.#agent;
    exchange.isKept = this.#hasAnswered;
    exchange.onDone = () => {
      if (exchange.isAnswered && agent === this.#agent) this.#hasAnswered = true;
    };
    agent.dispatch(request, exchange);
  }

  async destroy(): Promise<void> {
    await Promise.all([this.#agent, ...this.#retired].map((agent) => agent.destroy()));
  }

  #renew(): void {
    const old = this.#agent;
    this.#agent = this.#open();
    this.#hasAnswered = false;
    this.#retired.add(old);
    void old.close().finally(() => this.#retired.delete(old));
  }
}
