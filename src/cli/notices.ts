import type { Progress } from './progress.ts';
import type { OutputStream } from './runtime.ts';
import { wrapText } from './render/wrapped-text.ts';
import { toTerminalText } from './terminal-text.ts';
import { knownColumns } from './terminal-size.ts';

/** `verbose`: -v; `headers`: -vv. */
export type NoticeLevel = 'quiet' | 'normal' | 'verbose' | 'headers';

/** What a command says beside its result: lines on stderr, none of them part of any contract. */
export class Notices {
  readonly #stream: OutputStream;
  readonly #level: NoticeLevel;
  readonly #said = new Set<string>();
  readonly #progress: Pick<Progress, 'aside'> | undefined;

  /** `progress`: what is shown on the same terminal, and makes way for each line. */
  constructor(stream: OutputStream, level: NoticeLevel, progress?: Pick<Progress, 'aside'>) {
    this.#stream = stream;
    this.#level = level;
    this.#progress = progress;
  }

  say(text: string): void {
    if (this.#level !== 'quiet') this.#write(text);
  }

  /** The same in lines that end between words, where it is read on a terminal; a command in it stays whole. */
  sayWrapped(text: string): void {
    const columns = this.#stream.isTTY === true ? knownColumns(this.#stream) : undefined;
    for (const line of wrapText(text, columns)) this.say(line);
  }

  /** Said once in a run, however often it happens. */
  sayOnce(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.say(text);
  }

  warn(text: string): void {
    this.say(`warning: ${text}`);
  }

  get isQuiet(): boolean {
    return this.#level === 'quiet';
  }

  get isVerbose(): boolean {
    return this.#level === 'verbose' || this.#level === 'headers';
  }

  /** Under -vv. */
  get showsHeaders(): boolean {
    return this.#level === 'headers';
  }

  /** Under -v only. */
  detail(text: string): void {
    if (this.isVerbose) this.#write(text);
  }

  #write(text: string): void {
    const write = (): boolean => this.#stream.write(`${toTerminalText(text)}\n`);
    if (this.#progress === undefined) write();
    else this.#progress.aside(write);
  }
}
