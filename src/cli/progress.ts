import type { Ora } from 'ora';
import type { Clock } from '../time/clock.ts';
import type { OutputStream } from './runtime.ts';
import { assumeSize } from './terminal-size.ts';

const showAfterMs = 1_000;
const redrawEveryMs = 100;
const countdownEveryMs = 1_000;

/**
 * Progress on stderr: only on a terminal, and only once the work has taken a second. Does nothing elsewhere,
 * and never touches stdout.
 */
export class Progress {
  readonly #stream: OutputStream;
  readonly #clock: Clock;
  readonly #enabled: boolean;
  readonly #ended = new AbortController();
  #spinner: Ora | undefined;
  #text = '';
  #drawnMs = 0;
  /** Stands in the place of the count. */
  #held: (() => string) | undefined;

  constructor(stream: OutputStream, clock: Clock, options: { quiet: boolean }) {
    this.#stream = stream;
    this.#clock = clock;
    this.#enabled = stream.isTTY === true && !options.quiet;
  }

  /** Begins to wait for the second to pass. */
  start(text: string): void {
    this.#text = text;
    if (this.#enabled) void this.#showLater();
  }

  /** New text, such as a count; redrawn ten times a second at most. */
  update(text: () => string): void {
    if (!this.#enabled || this.#spinner === undefined || this.#held !== undefined) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#drawnMs < redrawEveryMs) return;
    this.#drawnMs = nowMs;
    this.#text = text();
    this.#spinner.text = this.#text;
  }

  /** Shows this, asked for every second, where nothing else is shown in its place: how long work goes that may last for days. */
  keep(text: () => string): void {
    if (this.#enabled) void this.#refresh(text);
  }

  /** Shows this, asked for every second, in place of what `update` says, until it is taken back. */
  hold(text: (() => string) | undefined): void {
    this.#held = text;
    if (this.#enabled && text !== undefined) void this.#countDown(text);
  }

  /** Runs `print` with the spinner out of the way, for lines that go to the same terminal. */
  aside<T>(print: () => T): T {
    this.#spinner?.clear();
    return print();
  }

  /** Takes the spinner away; nothing stays on the screen. */
  stop(): void {
    this.#ended.abort();
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #refresh(text: () => string): Promise<void> {
    try {
      for (;;) {
        this.update(text);
        await this.#clock.sleep(countdownEveryMs, this.#ended.signal);
      }
    } catch {
      // stopped
    }
  }

  async #countDown(text: () => string): Promise<void> {
    try {
      while (this.#held === text) {
        this.#text = text();
        if (this.#spinner !== undefined) this.#spinner.text = this.#text;
        await this.#clock.sleep(countdownEveryMs, this.#ended.signal);
      }
    } catch {
      // stopped
    }
  }

  async #showLater(): Promise<void> {
    try {
      await this.#clock.sleep(showAfterMs, this.#ended.signal);
      const { default: ora } = await import('ora');
      if (this.#ended.signal.aborted) return;
      assumeSize(this.#stream);
      this.#spinner = ora({ text: this.#text, stream: this.#stream as never, discardStdin: false }).start();
    } catch {
      // stopped before the second was over: there is nothing to show
    }
  }
}
