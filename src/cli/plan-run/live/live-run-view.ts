import type { ChalkInstance } from 'chalk';
import type { JournalEntry } from '../../../plan-run/journal-entry.ts';
import type { Clock } from '../../../time/clock.ts';
import type { RunTeller } from '../../../plan-run/run-teller.ts';
import { asciiGlyphs, unicodeGlyphs, type Glyphs } from './action-lines.ts';
import type { SizedStream } from '../../terminal-size.ts';
import { FrameScreen } from './frame-screen.ts';
import type { RunActivity } from './run-activity.ts';
import { runFrame, runRecord } from './run-frame.ts';

const redrawEveryMs = 100;

export interface LiveRunOptions {
  readonly stream: SizedStream;
  readonly clock: Clock;
  readonly paint: ChalkInstance;
  readonly activity: RunActivity;
  /** The kind of terminal: `TERM`. */
  readonly terminal: string | undefined;
  /** Aborts when nothing more is begun. */
  readonly stop: AbortSignal;
  /** Whether what stays says why actions failed; else whatever follows does. */
  readonly keepsReasons: boolean;
}

/** Every action of a run with its state, drawn in place until the run is over; then the states at its end stay. */
export class LiveRunView implements RunTeller {
  readonly #options: LiveRunOptions;
  readonly #screen: FrameScreen;
  readonly #glyphs: Glyphs;
  readonly #startedMs: number;
  readonly #ended = new AbortController();
  #asides = 0;
  readonly #onResize = (): void => {
    this.#draw();
  };
  /** The terminal has written ^C below the lines. */
  readonly #onStop = (): void => {
    if (this.#asides === 0) this.#screen.clear();
    this.#draw();
  };

  private constructor(screen: FrameScreen, options: LiveRunOptions) {
    this.#screen = screen;
    this.#options = options;
    this.#glyphs = options.terminal === 'linux' ? asciiGlyphs : unicodeGlyphs;
    this.#startedMs = options.clock.monotonicMs();
  }

  static async begin(options: LiveRunOptions): Promise<LiveRunView> {
    const view = new LiveRunView(await FrameScreen.open(options.stream), options);
    options.stream.on('resize', view.#onResize);
    options.stop.addEventListener('abort', view.#onStop, { once: true });
    void view.#keepDrawing();
    return view;
  }

  entry(entry: JournalEntry): void {
    this.#options.activity.apply(entry, this.#options.clock.monotonicMs());
    this.#draw();
  }

  wait(index: number, waitMs: number, why: string): void {
    const { activity, clock } = this.#options;
    activity.pause(index, { untilMs: clock.monotonicMs() + waitMs, why });
    this.#draw();
  }

  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.#asides += 1;
    this.#screen.clear();
    try {
      return await work();
    } finally {
      this.#asides -= 1;
      this.#draw();
    }
  }

  end(): void {
    if (this.#ended.signal.aborted) return;
    const { stream, stop, activity, keepsReasons } = this.#options;
    this.#ended.abort();
    stream.off('resize', this.#onResize);
    stop.removeEventListener('abort', this.#onStop);
    const style = { ...this.#style(), reasons: keepsReasons ? 'whole' : 'none' } as const;
    this.#screen.keep(runRecord(activity.rows({ isOver: true }), style));
  }

  async #keepDrawing(): Promise<void> {
    const { clock } = this.#options;
    try {
      for (;;) {
        this.#draw();
        await clock.sleep(redrawEveryMs, this.#ended.signal);
      }
    } catch (thrown) {
      if (!this.#ended.signal.aborted) throw thrown;
    }
  }

  #draw(): void {
    if (this.#asides > 0 || this.#ended.signal.aborted) return;
    const { activity, stop } = this.#options;
    const style = { ...this.#style(), startedMs: this.#startedMs, isStopping: stop.aborted };
    this.#screen.draw(runFrame(activity.rows(), style));
  }

  #style(): { columns: number; rows: number; paint: ChalkInstance; glyphs: Glyphs; nowMs: number } {
    const { paint, clock } = this.#options;
    return { ...this.#screen.size, paint, glyphs: this.#glyphs, nowMs: clock.monotonicMs() };
  }
}
