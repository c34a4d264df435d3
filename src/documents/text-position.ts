/** A place in a file, both from 1; columns count characters (code points), not bytes. */
export interface TextPosition {
  line: number;
  column: number;
}

const newline = 0x0a;

/** The position after `bytes[from, to)`, which starts at `start`. */
export function advance(start: TextPosition, bytes: Buffer, from: number, to: number): TextPosition {
  const range = bytes.subarray(from, to);
  let line = start.line;
  let lineStart = 0;
  for (let at = range.indexOf(newline); at >= 0; at = range.indexOf(newline, lineStart)) {
    line += 1;
    lineStart = at + 1;
  }
  const column = line === start.line ? start.column : 1;
  return { line, column: column + countCharacters(range, lineStart) };
}

function countCharacters(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < bytes.length; at += 1) {
    if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count += 1;
  }
  return count;
}
