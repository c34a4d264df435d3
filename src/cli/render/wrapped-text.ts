import { splitToWidth, textWidth } from '../text-width.ts';

/** `text` in lines of at most `columns`, broken between words; a longer word stays whole, to be copied. */
export function wrapText(text: string, columns: number | undefined): string[] {
  if (columns === undefined || textWidth(text) <= columns) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
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

/** The same, but for a longer word, which is broken: no line is longer. */
export function wrapToWidth(text: string, columns: number): string[] {
  if (textWidth(text) <= columns || columns <= 0) return [text];
  const words = text.split(' ').map((word) => splitToWidth(word, columns).join(' '));
  return wrapText(words.join(' '), columns);
}
