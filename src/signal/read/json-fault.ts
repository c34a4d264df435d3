import { Tokenizer, TokenParser } from '@streamparser/json';

/** Why and where (byte offset) a document is not JSON. */
export interface JsonFault {
  offset: number;
  message: string;
}

/**
 * Finds the first place at which `bytes` stops being JSON, with a tokenising parser: JSON.parse, which reads
 * everything that is legal, names no position. Fed byte by byte, as a token's end is not where it went wrong.
 * Undefined when the parser takes all of it for the beginning of a value.
 */
export function findJsonFault(bytes: Buffer): JsonFault | undefined {
  const tokenizer = new Tokenizer();
  const parser = new TokenParser({ paths: ['$.none'], keepStack: false });
  parser.onValue = () => undefined;
  let refused: number | undefined;
  tokenizer.onToken = (token) => {
    try {
      parser.write(token);
    } catch {
      refused ??= token.offset;
    }
  };
  for (let at = 0; at < bytes.length; at += 1) {
    try {
      tokenizer.write(bytes.subarray(at, at + 1));
    } catch {
      refused ??= at;
    }
    if (refused !== undefined) return { offset: refused, message: `unexpected ${nameByte(bytes, refused)}` };
  }
  return undefined;
}

/** Where `bytes` first stops being UTF-8; undefined when it never does. */
export function findInvalidUtf8(bytes: Buffer): number | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    try {
      if (length > 1) decoder.decode(bytes.subarray(at, at + length));
    } catch {
      return at;
    }
    at += length;
  }
  return undefined;
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

/** The character at `offset` as a reader can recognise it: `"x"`, `"\u0000"`, `byte 0xff`. */
export function nameByte(bytes: Buffer, offset: number): string {
  const first = bytes[offset];
  if (first === undefined) return 'end';
  const text = bytes.toString('utf8', offset, offset + sequenceLength(first));
  return text.includes('\ufffd') ? `byte 0x${first.toString(16)}` : JSON.stringify(text);
}
