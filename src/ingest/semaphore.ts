/** Bounds how much runs at once. Urgent work goes before other work; within each, first come, first served. */
export class Semaphore {
  #free: number;
  readonly #urgent: (() => void)[] = [];
  readonly #ordinary: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  async run<T>(work: () => Promise<T>, urgency: 'urgent' | 'ordinary' = 'ordinary'): Promise<T> {
    await this.#enter(urgency);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(urgency: 'urgent' | 'ordinary'): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      (urgency === 'urgent' ? this.#urgent : this.#ordinary).push(resolve);
    });
  }

  #leave(): void {
    const next = this.#urgent.shift() ?? this.#ordinary.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
