import { textWidth } from '../text-width.ts';

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
