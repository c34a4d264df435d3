import type { Notice } from '../signal.ts';

export const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

export const bomSkipped: Notice = {
  code: 'BOM_SKIPPED',
  message: 'a byte order mark stands before the document: skipped',
};

interface Held {
  bytes: Buffer;
  start: number;
  end: number;
}

export function startsWithMark({ bytes, start, end }: Held): boolean {
  return end - start >= 3 && byteOrderMark.compare(bytes, start, start + 3) === 0;
}

/** Whether what is held is the beginning of a mark whose rest is still to come. */
export function mayStartWithMark({ bytes, start, end }: Held): boolean {
  const length = end - start;
  return length < 3 && byteOrderMark.compare(bytes, start, end, 0, length) === 0;
}

const wideMarks = ['fffe', 'feff', '0000feff'];

/** UTF-16 or UTF-32, by its mark or by a zero byte beside the first character, which JSON and YAML have in ASCII. */
export function isWideEncoding({ bytes, start, end }: Held): boolean {
  const head = bytes.toString('hex', start, Math.min(end, start + 4));
  if (wideMarks.some((mark) => head.startsWith(mark))) return true;
  return end - start >= 2 && (bytes[start] === 0) !== (bytes[start + 1] === 0);
}
