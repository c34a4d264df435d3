interface Waiting {
  enter(): void;
}

/**
 * One at a time per key within this process, in the order of asking. It comes before the Lease: two acquisitions
 * of one process would otherwise contend over the network for what one of them holds anyway.
 *
 * Guarantee: an aborted wait leaves the queue at once and never enters. Keys that nobody holds cost no memory.
 */
export class FingerprintMutex {
  readonly #queues = new Map<string, Waiting[]>();

  /**
   * Resolves with the function that lets the next one in; calling it twice is harmless.
   * Rejects with the signal's reason when that aborts first.
   */
  async enter(key: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, []);
    else await queued(queue, signal);
    return this.#leaveOnce(key);
  }

  /** Whether anybody is in. */
  isHeld(key: string): boolean {
    return this.#queues.has(key);
  }

  #leaveOnce(key: string): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = this.#queues.get(key)?.shift();
      if (next === undefined) this.#queues.delete(key);
      else next.enter();
    };
  }
}

function queued(queue: Waiting[], signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      queue.splice(queue.indexOf(waiting), 1);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- an abort rejects with the signal's own reason
      reject(signal?.reason);
    };
    const waiting: Waiting = {
      enter: () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    queue.push(waiting);
  });
}
