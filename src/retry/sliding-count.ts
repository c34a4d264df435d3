const slots = 10;

interface Slot {
  readonly number: number;
  total: number;
  failed: number;
}

/** Requests and failures of the last `windowMs`, in ten slots: constant memory at any rate. */
export class SlidingCount {
  readonly #slotMs: number;
  #recent: Slot[] = [];

  constructor(windowMs: number) {
    this.#slotMs = windowMs / slots;
  }

  /** Counts one, and returns what the window now holds. `nowMs` must not go back. */
  add(nowMs: number, failed: boolean): { total: number; failed: number } {
    const number = Math.floor(nowMs / this.#slotMs);
    this.#recent = this.#recent.filter((slot) => slot.number > number - slots);
    const last = this.#recent.at(-1);
    const slot = last?.number === number ? last : { number, total: 0, failed: 0 };
    if (slot !== last) this.#recent.push(slot);
    slot.total += 1;
    if (failed) slot.failed += 1;
    return this.#recent.reduce(
      (sum, { total, failed: failures }) => ({ total: sum.total + total, failed: sum.failed + failures }),
      { total: 0, failed: 0 },
    );
  }

  clear(): void {
    this.#recent = [];
  }
}
