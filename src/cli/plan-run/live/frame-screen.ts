import { stripVTControlCharacters } from 'node:util';
import type cliCursor from 'cli-cursor';
import type { createLogUpdate } from 'log-update';
import { drawnSize, type SizedStream } from '../../terminal-size.ts';
import { textWidth } from '../../text-width.ts';

const escape = '\u001b[';
/** Lines are not wrapped meanwhile: one that a terminal takes for longer than we do must not move the others. */
const noWrap = `${escape}?7l`;
const wrap = `${escape}?7h`;
/** More than any terminal has. */
const endless = 100_000;

/**
 * The last lines of a terminal, drawn over and over. Lines must fit the width, and be fewer than the terminal's.
 * The cursor is hidden while something is drawn, and comes back with `clear` and `keep`, and with the end of the
 * process, however it ends (but for SIGKILL).
 */
export class FrameScreen {
  readonly #stream: SizedStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #cursor: typeof cliCursor;
  #drawn: { readonly lines: readonly string[]; readonly columns: number; readonly rows: number } | undefined;

  private constructor(
    stream: SizedStream,
    update: ReturnType<typeof createLogUpdate>,
    cursor: typeof cliCursor,
  ) {
    this.#stream = stream;
    this.#update = update;
    this.#cursor = cursor;
  }

  static async open(stream: SizedStream): Promise<FrameScreen> {
    const [{ createLogUpdate }, { default: cursor }] = await Promise.all([
      import('log-update'),
      import('cli-cursor'),
    ]);
    return new FrameScreen(stream, createLogUpdate(unwrapped(stream), { showCursor: true }), cursor);
  }

  get size(): { columns: number; rows: number } {
    return drawnSize(this.#stream);
  }

  draw(lines: readonly string[]): void {
    const { columns, rows } = this.size;
    if (this.#drawn === undefined) this.#cursor.hide(this.#stream);
    else if (this.#drawn.columns !== columns || this.#drawn.rows !== rows) this.#eraseReflowed(this.#drawn);
    this.#update(lines.join('\n'));
    this.#drawn = { lines, columns, rows };
  }

  /** Takes away what is drawn, and whatever was typed below it. */
  clear(): void {
    if (this.#drawn === undefined) return;
    const { columns, rows } = this.size;
    if (this.#drawn.columns === columns && this.#drawn.rows === rows) this.#update.clear();
    else this.#eraseReflowed(this.#drawn);
    this.#drawn = undefined;
    this.#cursor.show(this.#stream);
  }

  /** Puts lines in place of what is drawn, to stay. There may be more of them than the terminal has. */
  keep(lines: readonly string[]): void {
    this.clear();
    this.#stream.write(lines.map((line) => `${line}\n`).join(''));
  }

  /** A terminal that has become narrower has broken the lines: then they take more of it than were drawn. */
  #eraseReflowed({ lines }: { readonly lines: readonly string[] }): void {
    const { columns, rows } = this.size;
    const taken = lines.reduce((sum, line) => {
      return sum + Math.max(1, Math.ceil(textWidth(stripVTControlCharacters(line)) / Math.max(columns, 1)));
    }, 0);
    const up = Math.min(taken, Math.max(rows - 1, 0));
    this.#stream.write(`\r${up > 0 ? `${escape}${up}A` : ''}${escape}J`);
    this.#update.done();
  }
}

/** To log-update a stream that is never too small: the lines fit, and widths are counted in one way only. */
function unwrapped(stream: SizedStream): NodeJS.WritableStream {
  const write = (text: string): boolean => stream.write(`${noWrap}${text}${wrap}`);
  return { write, columns: endless, rows: endless } as unknown as NodeJS.WritableStream;
}
