/** Bounds how much runs at once. Urgent work goes before other work; within each, first come, first served. */
export class Semaphore {
  private free: number;
  private readonly urgent: (() => void)[] = [];
  private readonly ordinary: (() => void)[] = [];

  constructor(slots: number) {
    this.free = slots;
  }

  async run<T>(work: () => Promise<T>, urgency: 'urgent' | 'ordinary' = 'ordinary'): Promise<T> {
    await this.enter(urgency);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(urgency: 'urgent' | 'ordinary'): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this[urgency].push(resolve);
    });
  }

  private leave(): void {
    const next = this.urgent.shift() ?? this.ordinary.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
