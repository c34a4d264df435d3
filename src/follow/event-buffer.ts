/** An event that waits to be taken up. */
export interface Buffered {
  bytes: number;
}

/** More than one batch of work, and little memory. */
const limits = { items: 64, bytes: 2 * 1024 * 1024 };

/** Between who reads a watch and who works: bounded, so that a server which sends faster is read more slowly. */
export class EventBuffer<T extends Buffered> {
  #items: T[] = [];
  #bytes = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;
  #changed: Promise<void> = Promise.resolve();

  constructor() {
    this.#renew();
  }

  /** Nothing more comes, or nobody takes any more. */
  end(): void {
    this.#isEnded = true;
    this.poke();
  }

  /** Who waits looks again. */
  poke(): void {
    this.#wake?.();
    this.#renew();
  }

  /** Resolves when it is in, or the buffer has ended. An item that is too large waits until it is alone. */
  async put(item: T): Promise<void> {
    while (!this.#isEnded && this.#items.length > 0 && !this.#fits(item)) await this.#changed;
    this.#items.push(item);
    this.#bytes += item.bytes;
    this.poke();
  }

  /** What is there, up to `most()` items, as soon as that is one at least; nothing once the buffer has ended and is empty. */
  async take(most: () => number): Promise<T[]> {
    for (;;) {
      const count = Math.min(most(), this.#items.length);
      if (count > 0) return this.#shift(count);
      if (this.#isEnded && this.#items.length === 0) return [];
      await this.#changed;
    }
  }

  #fits({ bytes }: T): boolean {
    return this.#items.length < limits.items && this.#bytes + bytes <= limits.bytes;
  }

  #shift(count: number): T[] {
    const taken = this.#items.splice(0, count);
    for (const { bytes } of taken) this.#bytes -= bytes;
    this.poke();
    return taken;
  }

  #renew(): void {
    this.#changed = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
