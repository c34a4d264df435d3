import type { Notice } from '../errors/reason.ts';
import type { ByteSource } from './byte-source.ts';

const chunkBytes = 64 * 1024;
/** Of UTF-8 for one unit of UTF-16. */
const mostBytesOfUnit = 3;

/** Said of the first document of such an input. */
export const utf16Read: Notice = {
  code: 'UTF16_READ',
  message: 'the input is UTF-16: it was read as such',
};

/**
 * Turns UTF-16 into UTF-8 as it is read. A byte order mark at the beginning is left out; a surrogate that stands alone
 * comes out as the three bytes that UTF-8 does not allow, so that it is refused where it stands.
 * `read` throws when the input ends in the middle of a character.
 */
export class Utf16Source implements ByteSource {
  readonly mayWait: boolean;
  readonly #wide: ByteSource;
  readonly #order: 'le' | 'be';
  readonly #chunk = Buffer.allocUnsafeSlow(chunkBytes);
  /** Bytes at the beginning of the chunk that wait for the other half of their unit or pair. */
  #waiting = 0;
  #rest: Buffer = Buffer.alloc(0);
  #begun = false;

  constructor(wide: ByteSource, order: 'le' | 'be') {
    this.#wide = wide;
    this.#order = order;
    this.mayWait = wide.mayWait === true;
  }

  async read(target: Buffer): Promise<number> {
    while (this.#rest.length === 0) {
      const count = await this.#wide.read(this.#chunk.subarray(this.#waiting));
      if (count === 0) return this.#finish(target);
      this.#decode(this.#waiting + count);
    }
    const count = this.#rest.copy(target);
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  close(): Promise<void> {
    return this.#wide.close();
  }

  #decode(held: number): void {
    let length = held - (held % 2);
    if (length >= 2 && isHighSurrogate(this.#unit(length - 2))) length -= 2;
    this.#rest = this.#toUtf8(length);
    this.#chunk.copyWithin(0, length, held);
    this.#waiting = held - length;
  }

  /** What is left when nothing more comes: a high surrogate without its other half, or half a unit. */
  #finish(target: Buffer): number {
    const length = this.#waiting;
    if (length === 0) return 0;
    if (length % 2 === 1) throw new Error('the UTF-16 text ends in the middle of a character');
    this.#waiting = 0;
    const last = this.#toUtf8(length);
    if (last.length > target.length) this.#rest = last.subarray(target.length);
    return last.copy(target);
  }

  #toUtf8(length: number): Buffer {
    const units = Buffer.from(this.#chunk.subarray(0, length));
    if (this.#order === 'be') units.swap16();
    let text = units.toString('utf16le');
    if (!this.#begun && length > 0) {
      this.#begun = true;
      if (text.startsWith('\ufeff')) text = text.slice(1);
    }
    return loneSurrogate.test(text) ? keepLoneSurrogates(text) : Buffer.from(text, 'utf8');
  }

  #unit(at: number): number {
    return this.#order === 'le' ? this.#chunk.readUInt16LE(at) : this.#chunk.readUInt16BE(at);
  }
}

const loneSurrogate = /\p{Surrogate}/u;

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function keepLoneSurrogates(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length * mostBytesOfUnit);
  let length = 0;
  for (const character of text) {
    if (!loneSurrogate.test(character)) {
      length += bytes.write(character, length, 'utf8');
      continue;
    }
    const unit = character.charCodeAt(0);
    bytes[length] = 0xe0 | (unit >> 12);
    bytes[length + 1] = 0x80 | ((unit >> 6) & 0x3f);
    bytes[length + 2] = 0x80 | (unit & 0x3f);
    length += mostBytesOfUnit;
  }
  return bytes.subarray(0, length);
}
