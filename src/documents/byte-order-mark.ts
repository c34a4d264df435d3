import type { Notice } from '../errors/reason.ts';

/** U+FEFF in UTF-8. */
export const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/** Said of a document with one in front of it. */
export const bomSkipped: Notice = {
  code: 'BOM_SKIPPED',
  message: 'a byte order mark stands before the document: skipped',
};

interface Held {
  bytes: Buffer;
  start: number;
  end: number;
}

/** Whether a whole mark stands at the beginning of what is held. */
export function startsWithMark({ bytes, start, end }: Held): boolean {
  return end - start >= 3 && byteOrderMark.compare(bytes, start, start + 3) === 0;
}

/** Whether what is held is the beginning of a mark whose rest is still to come. */
export function mayStartWithMark({ bytes, start, end }: Held): boolean {
  const length = end - start;
  return length < 3 && byteOrderMark.compare(bytes, start, end, 0, length) === 0;
}

/** How a text is encoded that is not UTF-8. */
export type WideEncoding = 'utf-16le' | 'utf-16be' | 'utf-32';

/** By their marks, and without one by the zero bytes that ASCII characters have, which every document begins with. */
const wideHeads: readonly [RegExp, WideEncoding][] = [
  [/^(fffe0000|0000feff|000000(?!00)|(?!00)..000000)/, 'utf-32'],
  [/^(fffe|(?!00)..00(?!00)..00)/, 'utf-16le'],
  [/^(feff|00(?!00)..00(?!00)..)/, 'utf-16be'],
];

/** The encoding that a text begins with, where that is UTF-16 or UTF-32. */
export function wideEncodingOf({ bytes, start, end }: Held): WideEncoding | undefined {
  const head = bytes.toString('hex', start, Math.min(end, start + 4));
  return wideHeads.find(([pattern]) => pattern.test(head))?.[1];
}
