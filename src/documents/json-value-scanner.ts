/** Deeper nesting is refused: nothing that monitors a cluster comes near, and consumers may recurse. */
export const maxDepth = 1000;

/** What {@link JsonValueScanner.scan} answers when the bytes end before the value does. */
export const more = -0x40000000;

type ScanFault = 'deep' | 'unclosed' | 'mismatch' | 'lineBreakInString' | 'controlInString';

const space = 0;
const ordinary = 1;
const quote = 2;
const open = 3;
const close = 4;
const separator = 5;

const kinds = new Uint8Array(256).fill(ordinary);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) kinds[byte] = space;
kinds[0x22] = quote;
kinds[0x7b] = kinds[0x5b] = open;
kinds[0x7d] = kinds[0x5d] = close;
kinds[0x3a] = kinds[0x2c] = separator;

/** Ends a run of ordinary bytes in a string: quote, backslash and control characters. */
const stopsString = new Uint8Array(256).fill(1, 0, 0x20);
stopsString[0x22] = stopsString[0x5c] = 1;

const comma = 0x2c;
const colon = 0x3a;
const quoteByte = 0x22;
const backslash = 0x5c;
const openArray = 0x5b;
const openObject = 0x7b;
const closeArray = 0x5d;

/** White space as RFC 8259 has it: space, tab, line feed, carriage return. */
export function isJsonSpace(byte: number | undefined): boolean {
  return byte !== undefined && kinds[byte] === space;
}

/** Whether a value begins with the byte, or with none that could stand between values: those are left to JSON.parse. */
export function mayBeginValue(byte: number): boolean {
  const kind = kinds[byte] ?? ordinary;
  return kind === ordinary || kind === quote || kind === open;
}

/**
 * Finds the end of one JSON value in bytes that come in pieces, with memory for the brackets alone.
 *
 * Guarantees: a legal value ends exactly where it ends; nesting over {@link maxDepth}, a bracket that closes
 * another kind, a value that opens where none can stand, and a control character in a string are found where
 * they are, so that a truncated line never swallows the lines behind it.
 * Non-guarantee: everything else about the grammar is left to JSON.parse.
 */
export class JsonValueScanner {
  /** Keys seen, duplicates included: colons outside strings. */
  members = 0;
  fault: ScanFault = 'mismatch';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #inScalar = false;
  /** The last byte outside strings that is not space. */
  #last = 0;
  #isArray = new Uint8Array(maxDepth + 1);

  /** Starts on a value of which `first` is the first byte. */
  begin(first: number): void {
    this.members = 0;
    this.#depth = 0;
    this.#inString = this.#escaped = false;
    this.#inScalar = kinds[first] === ordinary;
    this.#last = 0;
  }

  /** Starts in an object, behind one of its values: what is scanned ends with the object. */
  beginBehindMember(): void {
    this.begin(openObject);
    this.#depth = 1;
    this.#isArray[1] = 0;
    this.#last = closeArray;
  }

  /** Whether it was a value that did not end, as a line that was cut off leaves one behind. */
  get neverEnded(): boolean {
    return this.fault === 'unclosed' || this.fault === 'lineBreakInString';
  }

  /** A number or literal at the top ends with the input; nothing else does. */
  get endsWithInput(): boolean {
    return this.#inScalar;
  }

  /**
   * Goes on at `from`. A result >= 0 is the index behind the value; {@link more} asks for more bytes; any other
   * is `~index` of the byte at fault, with the kind in `fault`.
   */
  scan(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (this.#inScalar) return scanScalar(bytes, at, to);
      at = this.#inString ? this.#scanString(bytes, at, to) : this.#scanStructure(bytes, at, to);
      if (at < 0 || this.#complete) return at;
    }
    return more;
  }

  get #complete(): boolean {
    return this.#depth === 0 && !this.#inString && !this.#inScalar;
  }

  #scanStructure(bytes: Buffer, from: number, to: number): number {
    let at = from;
    do {
      const byte = bytes[at] ?? 0;
      const kind = kinds[byte] ?? ordinary;
      if (kind > ordinary && !this.#takeIn(byte, kind)) return ~at;
      if (kind !== space) this.#last = byte;
      at += 1;
    } while (at < to && !this.#inString && this.#depth > 0);
    return at;
  }

  /** Takes in one structural byte; false when it stands where it cannot. */
  #takeIn(byte: number, kind: number): boolean {
    if (kind === open) return this.#open(byte);
    if (kind === close) return this.#close(byte);
    if (kind === quote) this.#inString = true;
    else if (byte === colon) this.members += 1;
    return true;
  }

  #open(byte: number): boolean {
    if (this.#depth > 0 && !this.#valueMayFollow(this.#last)) return this.#failed('unclosed');
    if (this.#depth === maxDepth) return this.#failed('deep');
    this.#depth += 1;
    this.#isArray[this.#depth] = byte === openArray ? 1 : 0;
    return true;
  }

  #valueMayFollow(before: number): boolean {
    return this.#isArray[this.#depth] === 1 ? before === openArray || before === comma : before === colon;
  }

  #close(byte: number): boolean {
    if (this.#depth === 0) return true;
    if ((this.#isArray[this.#depth] === 1) !== (byte === closeArray)) return this.#failed('mismatch');
    this.#depth -= 1;
    return true;
  }

  #scanString(bytes: Buffer, from: number, to: number): number {
    let at = from;
    if (this.#escaped) {
      if ((bytes[at] ?? 0) < 0x20) return this.#badInString(bytes, at);
      this.#escaped = false;
      at += 1;
    }
    while (at < to) {
      const byte = bytes[at] ?? 0;
      if (stopsString[byte] === 0) {
        at += 1;
      } else if (byte === quoteByte) {
        this.#inString = false;
        return at + 1;
      } else if (byte === backslash) {
        this.#escaped = true;
        return at + 1;
      } else {
        return this.#badInString(bytes, at);
      }
    }
    return at;
  }

  #badInString(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    this.#failed(byte === 0x0a || byte === 0x0d ? 'lineBreakInString' : 'controlInString');
    return ~at;
  }

  #failed(fault: ScanFault): false {
    this.fault = fault;
    return false;
  }
}

function scanScalar(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && kinds[bytes[at] ?? 0] === ordinary) at += 1;
  return at < to ? at : more;
}
