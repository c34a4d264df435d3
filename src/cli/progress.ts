import type { Ora } from 'ora';
import type { Clock } from '../time/clock.ts';
import type { OutputStream } from './runtime.ts';

const showAfterMs = 1_000;
const redrawEveryMs = 100;

/**
 * Progress on stderr: only on a terminal, and only once the work has taken a second. Does nothing elsewhere,
 * and never touches stdout.
 */
export class Progress {
  private readonly stream: OutputStream;
  private readonly clock: Clock;
  private readonly enabled: boolean;
  private readonly ended = new AbortController();
  private spinner: Ora | undefined;
  private text = '';
  private drawnMs = 0;

  constructor(stream: OutputStream, clock: Clock, options: { quiet: boolean }) {
    this.stream = stream;
    this.clock = clock;
    this.enabled = stream.isTTY === true && !options.quiet;
  }

  /** Begins to wait for the second to pass. */
  start(text: string): void {
    this.text = text;
    if (this.enabled) void this.showLater();
  }

  /** New text, such as a count; redrawn ten times a second at most. */
  update(text: () => string): void {
    if (!this.enabled || this.spinner === undefined) return;
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.drawnMs < redrawEveryMs) return;
    this.drawnMs = nowMs;
    this.text = text();
    this.spinner.text = this.text;
  }

  /** Runs `print` with the spinner out of the way, for lines that go to the same terminal. */
  async aside(print: () => Promise<void>): Promise<void> {
    this.spinner?.clear();
    await print();
  }

  /** Takes the spinner away; nothing stays on the screen. */
  stop(): void {
    this.ended.abort();
    this.spinner?.stop();
    this.spinner = undefined;
  }

  private async showLater(): Promise<void> {
    try {
      await this.clock.sleep(showAfterMs, this.ended.signal);
      const { default: ora } = await import('ora');
      if (this.ended.signal.aborted) return;
      this.spinner = ora({ text: this.text, stream: this.stream as never, discardStdin: false }).start();
    } catch {
      // stopped before the second was over: there is nothing to show
    }
  }
}
