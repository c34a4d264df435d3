import { splitToWidth, textWidth } from '../text-width.ts';

/**
 * `text` in lines of at most `columns`, broken between words. A longer word stays whole, to be copied, and so does a
 * command that stands at the end after a colon: broken by us it would be pasted as two.
 */
export function wrapText(text: string, columns: number | undefined): string[] {
  if (columns === undefined || textWidth(text) <= columns) return [text];
  return filled(wordsOf(text), columns);
}

/** The same, but for a longer word, which is broken: no line is longer. */
export function wrapToWidth(text: string, columns: number): string[] {
  if (textWidth(text) <= columns || columns <= 0) return [text];
  const words = text.split(' ').flatMap((word) => splitToWidth(word, columns));
  return filled(words, columns);
}

function filled(words: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

function wordsOf(text: string): string[] {
  const at = text.search(/(?<=: )(?:remedyctl|kubectl) [a-z]/);
  if (at === -1) return text.split(' ');
  return [...text.slice(0, at).trimEnd().split(' '), text.slice(at)];
}
