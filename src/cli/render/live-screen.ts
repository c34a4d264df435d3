import { drawnSize, type SizedStream } from '../terminal-size.ts';
import { cutToWidth, splitToWidth } from '../text-width.ts';
import type { Output } from './output.ts';

const escape = '\u001b[';
/** Lines are not wrapped meanwhile: one that is too long must not move the others. */
const enter = `${escape}?1049h${escape}?25l${escape}?7l`;
const leave = `${escape}?7h${escape}?25h${escape}?1049l`;
const home = `${escape}H`;
/** Before the line is written: after one of the terminal's whole width it would clear its last character. */
const clearLine = `${escape}2K`;
const clearBelow = `${escape}J`;

/** A picture of the terminal's size; made anew for each drawing, since the size may have changed. */
export interface Picture {
  /** One line, cut where it is too long; it must be safe for a terminal. */
  title: string;
  /** Lines that fit already, colours included; a name without colour that is longer goes on below. */
  lines: readonly string[];
}

/**
 * Redraws a terminal in place, on the alternate screen, so that what stood there before comes back at the end.
 * A changed size is drawn at once.
 */
export class LiveScreen {
  readonly #output: Output;
  readonly #stream: SizedStream;
  readonly #paint: (size: { columns: number; rows: number }) => Picture;
  readonly #onResize = (): void => {
    void this.draw();
  };
  #drawing: Promise<void> | undefined;

  constructor(output: Output, paint: (size: { columns: number; rows: number }) => Picture) {
    this.#output = output;
    this.#stream = output.stream;
    this.#paint = paint;
  }

  async enter(): Promise<void> {
    this.#stream.on('resize', this.#onResize);
    await this.#output.write(enter);
  }

  /** The terminal as it was before. */
  async leave(): Promise<void> {
    this.#stream.off('resize', this.#onResize);
    await this.#drawing;
    await this.#output.write(leave);
  }

  /** One drawing at a time; further ones meanwhile are this one. */
  draw(): Promise<void> {
    this.#drawing ??= this.#draw().finally(() => {
      this.#drawing = undefined;
    });
    return this.#drawing;
  }

  async #draw(): Promise<void> {
    const { columns, rows } = drawnSize(this.#stream);
    const { title, lines: painted } = this.#paint({ columns, rows });
    const lines = painted.flatMap((line) => (line.includes(escape) ? [line] : splitToWidth(line, columns)));
    const room = Math.max(rows - 1, 1);
    const shown =
      lines.length <= room ? lines : [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more`];
    const all = [cutToWidth(title, columns), ...shown];
    const text = all.map((line) => clearLine + line).join('\r\n');
    await this.#output.write(`${home}${text}${all.length < rows ? `\r\n${clearBelow}` : ''}`);
  }
}
