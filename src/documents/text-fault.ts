import { isUtf8 } from 'node:buffer';

/** Why a document is not what it should be, and where: `offset` in bytes. */
export interface TextFault {
  offset: number;
  message: string;
}

/** Where `bytes` first stops being UTF-8; undefined when it never does. */
export function findNonUtf8(bytes: Buffer): TextFault | undefined {
  const offset = isUtf8(bytes) ? undefined : findInvalidUtf8(bytes);
  if (offset === undefined) return undefined;
  return { offset, message: loneSurrogate(bytes, offset) ?? `invalid UTF-8 (${nameByte(bytes, offset)})` };
}

/** What no YAML library sees, since each reads text and takes NUL for a character. */
export function findNonText(bytes: Buffer): TextFault | undefined {
  const nul = bytes.indexOf(0);
  return findNonUtf8(bytes) ?? (nul < 0 ? undefined : { offset: nul, message: 'a NUL byte' });
}

/** The three bytes that a surrogate would have; no text has one without its other half. */
function loneSurrogate(bytes: Buffer, offset: number): string | undefined {
  const [first, second = 0, third = 0] = bytes.subarray(offset, offset + 3);
  if (first !== 0xed || second < 0xa0 || second > 0xbf || third >> 6 !== 2) return undefined;
  const unit = 0xd000 | ((second & 0x3f) << 6) | (third & 0x3f);
  return `half a character (the lone surrogate U+${unit.toString(16).toUpperCase()})`;
}

function findInvalidUtf8(bytes: Buffer): number | undefined {
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
