import { textWidth } from '../../src/cli/text-width.ts';

interface Size {
  columns: number;
  rows: number;
}

/** What a terminal shows of what is written to it, with everything that has scrolled away: as much of VT100 as the views use. */
export class TerminalScreen {
  readonly size: Size;
  isCursorShown = true;
  #cells: string[][] = [[]];
  #row = 0;
  #column = 0;
  #wraps = true;

  constructor(size: Size) {
    this.size = { ...size };
  }

  /** From the first line ever to the last one that is not empty. */
  get lines(): string[] {
    const lines = this.#cells.map((cells) => cells.join('').trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  write(text: string): void {
    for (const [token] of text.matchAll(/\u001b\[[?0-9;]*[A-Za-z]|[^]/gu)) {
      if (token.startsWith('\u001b[')) this.#control(token.slice(2, -1), token.at(-1) ?? '');
      else this.#put(token);
    }
  }

  /** Lines that are too long from now on are broken; broken lines are not joined again. */
  resize(size: Size): void {
    Object.assign(this.size, size);
    const broken = this.#cells.map((cells) => {
      const count = Math.max(1, Math.ceil(cells.length / size.columns));
      return Array.from({ length: count }, (_, part) =>
        cells.slice(part * size.columns, (part + 1) * size.columns),
      );
    });
    this.#row = broken.slice(0, this.#row).flat().length;
    this.#cells = broken.flat();
    // empty lines below the cursor go before any above it scrolls away
    while (this.#cells.length - 1 > this.#row && this.#cells.at(-1)?.length === 0) this.#cells.pop();
  }

  get #top(): number {
    return Math.max(0, this.#cells.length - this.size.rows);
  }

  get #line(): string[] {
    return (this.#cells[this.#row] ??= []);
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#lineFeed();
    else this.#print(character);
  }

  #print(character: string): void {
    const width = textWidth(character);
    if (this.#column + width > this.size.columns) {
      if (this.#wraps) this.#lineFeed();
      else this.#column = this.size.columns - width;
    }
    const line = this.#line;
    while (line.length < this.#column) line.push(' ');
    line.splice(this.#column, width, character, ...Array.from({ length: width - 1 }, () => ''));
    this.#column += width;
  }

  #lineFeed(): void {
    this.#row += 1;
    this.#column = 0;
    this.#cells[this.#row] ??= [];
  }

  #control(parameters: string, final: string): void {
    const count = Number(parameters === '' ? 1 : parameters);
    switch (final) {
      case 'A':
        this.#row = Math.max(this.#top, this.#row - count);
        return;
      case 'G':
        this.#column = count - 1;
        return;
      case 'K':
        if (parameters === '2') this.#cells[this.#row] = [];
        else this.#line.splice(this.#column);
        return;
      case 'J':
        this.#line.splice(this.#column);
        for (const cells of this.#cells.slice(this.#row + 1)) cells.length = 0;
        return;
      case 'm':
        return;
      case 'h':
      case 'l':
        this.#mode(parameters, final === 'h');
        return;
      default:
        throw new Error(`this screen does not know CSI ${parameters}${final}`);
    }
  }

  #mode(name: string, isSet: boolean): void {
    if (name === '?7') this.#wraps = isSet;
    if (name === '?25') this.isCursorShown = isSet;
  }
}
