import { isUtf8 } from 'node:buffer';

/** Why a document is not what it should be, and where: `offset` in bytes. */
export interface TextFault {
  offset: number;
  message: string;
}

/** Where `bytes` first stops being UTF-8; undefined when it never does. */
export function findNonUtf8(bytes: Buffer): TextFault | undefined {
  const offset = isUtf8(bytes) ? undefined : findInvalidUtf8(bytes);
  return offset === undefined ? undefined : { offset, message: `invalid UTF-8 (${nameByte(bytes, offset)})` };
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
