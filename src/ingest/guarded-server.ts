import type { Send } from '../api/wire.ts';
import type { ServerPresence } from './run-context.ts';
import type { TargetDescription } from '../kube/client.ts';
import type { ServedRequestKind } from '../kube/discovery.ts';
import { OutageGuard, type Outage } from '../kube/outage-guard.ts';
import { resourcePath } from '../kube/resource-path.ts';
import type { HeldLocks } from '../lease/held-locks.ts';
import { OutageReport, serverLost } from './outage-report.ts';
import type { IngestOptions, IngestSettings } from './ingest-options.ts';

type Ground = Pick<IngestOptions, 'client' | 'clock' | 'random' | 'signal' | 'notes' | 'progress'> & {
  settings: Pick<IngestSettings, 'ingest.giveUpAfter'>;
};
type ClusterTarget = Extract<TargetDescription, { kind: 'cluster' }>;

/** The requests of an ingest run, and what becomes of it when nobody answers them. */
export interface GuardedServer {
  readonly send: Send;
  /** Stopped from outside, or the server was given up. */
  readonly stop: AbortSignal;
  readonly presence: ServerPresence | undefined;
  /** From now on an outage is waited for. What comes before fails at once: the address may be wrong. */
  begin(kind: ServedRequestKind, onReturn: () => void): void;
  /** Hands the items on; throws SERVER_LOST after the last one where the server was given up. */
  whileThere<T>(items: AsyncIterable<T>): AsyncIterable<T>;
  close(): void;
}

/** The name of no request: asking for it is a read from the server's storage that finds nothing. */
const probeName = 'remedyctl-probe';

/**
 * The requests to a target: those to a cluster are guarded against an outage, those to the embedded store go as they
 * are.
 */
export function guardedServer(ground: Ground, heldLocks: HeldLocks): GuardedServer {
  const { target, send } = ground.client;
  if (target.kind === 'cluster') return new GuardedCluster(ground, { target, heldLocks });
  return {
    send,
    stop: ground.signal,
    presence: undefined,
    begin: () => undefined,
    whileThere: (items) => items,
    close: () => undefined,
  };
}

class GuardedCluster implements GuardedServer {
  readonly stop: AbortSignal;
  readonly #ground: Ground;
  readonly #parts: { target: ClusterTarget; heldLocks: HeldLocks };
  readonly #stopping = new AbortController();
  #guard: OutageGuard | undefined;
  #outage: Outage | undefined;

  constructor(ground: Ground, parts: { target: ClusterTarget; heldLocks: HeldLocks }) {
    this.#ground = ground;
    this.#parts = parts;
    const { client } = ground;
    this.send = client.repeating((request) => (this.#guard?.send ?? client.sendOnce)(request));
    this.stop = this.#stopping.signal;
    const { signal } = ground;
    if (signal.aborted) this.#onStop();
    else signal.addEventListener('abort', this.#onStop, { once: true });
  }

  /** Repeated above the guard, which is to hear of each attempt, and lets none through once the server is given up. */
  readonly send: Send;

  get presence(): ServerPresence | undefined {
    return this.#guard;
  }

  begin({ resource }: ServedRequestKind, onReturn: () => void): void {
    const { clock, random, signal, settings } = this.#ground;
    const { target } = this.#parts;
    const report = new OutageReport(this.#ground, target.server);
    const guard = new OutageGuard({
      send: this.#ground.client.sendOnce,
      clock,
      random,
      probePath: resourcePath(resource, { namespace: target.namespace, name: probeName }),
      giveUpAfterMs: settings['ingest.giveUpAfter'],
      stop: signal,
      onOutage: (outage) => {
        this.#outage = outage;
        report.began(outage);
      },
      onReturn: (outage) => {
        onReturn();
        report.ended(outage);
      },
    });
    guard.gaveUp.addEventListener('abort', () => {
      this.#stopping.abort(guard.gaveUp.reason);
    });
    this.#guard = guard;
  }

  /** The locks are let go before the error names those that could not be. */
  async *whileThere<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
    yield* items;
    if (this.#guard?.gaveUp.aborted !== true || this.#ground.signal.aborted) return;
    const { heldLocks, target } = this.#parts;
    const { clock, settings } = this.#ground;
    await heldLocks.releaseAll();
    throw serverLost(this.#guard.gaveUp.reason, {
      server: target.server,
      outage: this.#outage,
      giveUpAfterMs: settings['ingest.giveUpAfter'],
      left: heldLocks.left(clock.now()),
    });
  }

  close(): void {
    this.#ground.signal.removeEventListener('abort', this.#onStop);
    this.#guard?.close();
  }

  readonly #onStop = (): void => {
    this.#stopping.abort(this.#ground.signal.reason);
  };
}
