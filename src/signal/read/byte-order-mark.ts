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

/** UTF-16 and UTF-32 by their marks, UTF-16 without one by the zero byte that each of two ASCII characters has. */
const wideHead = /^(fffe|feff|0000feff|(?!0000)(00..00..|..00..00))/;

export function isWideEncoding({ bytes, start, end }: Held): boolean {
  return wideHead.test(bytes.toString('hex', start, Math.min(end, start + 4)));
}
