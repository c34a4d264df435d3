import { StringDecoder } from 'node:string_decoder';

/** Whole lines without their ends, and whether the text ended in the middle of the last one. */
export interface LineBlock {
  lines: string[];
  /** Of the first of them, from 1. */
  firstLine: number;
  cutOff: boolean;
}

/** Cuts chunks into blocks of whole lines; no more than a chunk and a line is held. */
export async function* readLineBlocks(
  chunks: AsyncIterable<Buffer>,
  { longestLine, onTooLong }: { longestLine: number; onTooLong: (line: number) => Error },
): AsyncGenerator<LineBlock, void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let firstLine = 1;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw onTooLong(firstLine + lines.length);
    if (lines.length > 0) yield { lines, firstLine, cutOff: false };
    firstLine += lines.length;
  }
  rest += decoder.end();
  if (rest !== '') yield { lines: [rest], firstLine, cutOff: true };
}
