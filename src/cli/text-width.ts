/** Columns that text takes on a terminal, and cutting it to a width without splitting what is read as one. */
import { eastAsianWidth } from 'get-east-asian-width';

let segmenter: Intl.Segmenter | undefined;
const emoji = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const onlyMarks = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const plain = /^[\x20-\x7e]*$/;

/** Terminal columns of `text`, which holds no control characters. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes(text)) width += graphemeWidth(segment);
  return width;
}

/** `text` within `columns`, its end replaced by `…` where it is longer. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 0) return '';
  let cut = '';
  let width = 0;
  for (const { segment } of graphemes(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** `text` within `columns`, its beginning replaced by `…` where it is longer. */
export function cutLeftToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 0) return '';
  let cut = '';
  let width = 0;
  for (const { segment } of [...graphemes(text)].reverse()) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    cut = segment + cut;
  }
  return `…${cut}`;
}

/** `text` in pieces of at most `columns`; what is read as one is not split. */
export function splitToWidth(text: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let width = 0;
  for (const { segment } of graphemes(text)) {
    const more = graphemeWidth(segment);
    if (piece !== '' && width + more > columns) {
      pieces.push(piece);
      piece = '';
      width = 0;
    }
    piece += segment;
    width += more;
  }
  return [...pieces, piece];
}

/** `text` filled with blanks on the right up to `columns`. */
export function padToWidth(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** Made when it is first needed: it takes 9 ms, and most text is ASCII. */
function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

function graphemeWidth(grapheme: string): number {
  if (onlyMarks.test(grapheme)) return 0;
  if (grapheme.length > 1 && emoji.test(grapheme)) return 2;
  return eastAsianWidth(grapheme.codePointAt(0) ?? 0);
}
