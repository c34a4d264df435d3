import type { ByteSource } from './byte-source.ts';
import { advance, type TextPosition } from './text-position.ts';

const baseBytes = 256 * 1024;
/** A window fuller than this doubles: with less room each read would move much and add little. */
const growAt = 0.75;
/** A window that grew beyond this gives its memory back as soon as it is empty. */
const keepBytes = 1024 * 1024;

/**
 * The part of an input that is held in memory: one buffer, read into in place and used again.
 *
 * Guarantees: it grows only while nobody drops bytes, and knows line and column of its first byte.
 * Non-guarantee: `bytes`, `start` and `end` are valid until the next `fill`; what outlives it must be copied.
 */
export class ByteWindow {
  bytes: Buffer = Buffer.allocUnsafeSlow(baseBytes);
  start = 0;
  end = 0;
  position: TextPosition = { line: 1, column: 1 };
  /** Bytes of the input before `start`. */
  offset = 0;

  get length(): number {
    return this.end - this.start;
  }

  /** Reads more behind what is held; false at the end of the input. */
  async fill(source: ByteSource): Promise<boolean> {
    this.#makeRoom();
    const count = await source.read(this.bytes.subarray(this.end));
    this.end += count;
    return count > 0;
  }

  drop(count: number): void {
    this.position = advance(this.position, this.bytes, this.start, this.start + count);
    this.start += count;
    this.offset += count;
  }

  /** Drops a byte order mark, which has no place in a column. */
  dropMark(count: number): void {
    this.start += count;
    this.offset += count;
  }

  /** Forgets what is held, as if nothing had been read. */
  clear(): void {
    this.start = this.end = 0;
  }

  #makeRoom(): void {
    const held = this.length;
    if (held > this.bytes.length * growAt) {
      this.#moveTo(Buffer.allocUnsafeSlow(this.bytes.length * 2));
    } else if (held === 0 && this.bytes.length > keepBytes) {
      this.#moveTo(Buffer.allocUnsafeSlow(baseBytes));
    } else if (this.start > 0) {
      this.#moveTo(this.bytes);
    }
  }

  #moveTo(target: Buffer): void {
    this.bytes.copy(target, 0, this.start, this.end);
    this.bytes = target;
    this.end -= this.start;
    this.start = 0;
  }
}
