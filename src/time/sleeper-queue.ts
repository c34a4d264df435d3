/** Somebody who sleeps on a mock clock. */
export interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

interface Entry {
  readonly sleeper: Sleeper;
  /** Breaks ties: the order in which they went to sleep. */
  readonly order: number;
  gone: boolean;
}

/** Sleepers by due time, then by the order in which they were added: a binary heap. One that leaves is passed over later. */
export class SleeperQueue {
  readonly #heap: Entry[] = [];
  readonly #entries = new Map<Sleeper, Entry>();
  #added = 0;

  get size(): number {
    return this.#entries.size;
  }

  add(sleeper: Sleeper): void {
    const entry: Entry = { sleeper, order: (this.#added += 1), gone: false };
    this.#entries.set(sleeper, entry);
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
  }

  delete(sleeper: Sleeper): void {
    const entry = this.#entries.get(sleeper);
    if (entry === undefined) return;
    entry.gone = true;
    this.#entries.delete(sleeper);
  }

  /** Who is due next; stays in the queue. */
  first(): Sleeper | undefined {
    while (this.#heap[0]?.gone === true) this.#dropFirst();
    return this.#heap[0]?.sleeper;
  }

  #dropFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = this.#isBefore(right, left) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #swapIfBefore(one: number, other: number): boolean {
    const first = this.#heap[one];
    const second = this.#heap[other];
    if (first === undefined || second === undefined || !this.#isBefore(one, other)) return false;
    this.#heap[one] = second;
    this.#heap[other] = first;
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const first = this.#heap[one];
    const second = this.#heap[other];
    if (first === undefined || second === undefined) return false;
    const difference = first.sleeper.dueMs - second.sleeper.dueMs;
    return difference < 0 || (difference === 0 && first.order < second.order);
  }
}
