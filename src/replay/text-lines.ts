import { findNonUtf8 } from '../documents/text-fault.ts';
import { advance, type TextPosition } from '../documents/text-position.ts';

const newline = 0x0a;

/** Whole lines without their ends, and whether the text ended in the middle of the last one. */
export interface LineBlock {
  lines: string[];
  /** Of the first of them, from 1. */
  firstLine: number;
  cutOff: boolean;
  /** Where the first of its bytes stands that is no UTF-8, and which it is. */
  fault?: { at: TextPosition; message: string };
}

/** Cuts chunks into blocks of whole lines; no more than a chunk and a line is held. `longestLine` in bytes. */
export async function* readLineBlocks(
  chunks: AsyncIterable<Buffer>,
  { longestLine, onTooLong }: { longestLine: number; onTooLong: (line: number) => Error },
): AsyncGenerator<LineBlock, void> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let firstLine = 1;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline);
    if (end >= 0) {
      const block = blockOf(Buffer.concat([...rest, chunk.subarray(0, end)]), firstLine, false);
      yield block;
      firstLine += block.lines.length;
      rest = [];
      restBytes = 0;
    }
    rest.push(chunk.subarray(end + 1));
    restBytes += chunk.length - end - 1;
    if (restBytes > longestLine) throw onTooLong(firstLine);
  }
  if (restBytes > 0) yield blockOf(Buffer.concat(rest), firstLine, true);
}

function blockOf(bytes: Buffer, firstLine: number, cutOff: boolean): LineBlock {
  const lines = bytes.toString('utf8').split('\n');
  const found = findNonUtf8(bytes);
  if (found === undefined) return { lines, firstLine, cutOff };
  const at = advance({ line: firstLine, column: 1 }, bytes, 0, found.offset);
  return { lines, firstLine, cutOff, fault: { at, message: found.message } };
}
