import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Notes } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import type { Checkpoint, CheckpointFile } from './checkpoint-file.ts';

/** What a writer of checkpoints goes by. */
export interface CheckpointWriterOptions {
  file: CheckpointFile;
  /** As it is now. */
  checkpoint: () => Checkpoint;
  clock: Clock;
  random: Random;
  notes: Pick<Notes, 'warn'>;
}

/** How long what has ended may wait for what begins, to be written with it. */
const touchedWaitMs = 250;
/** A checkpoint that takes long to write takes half of the time, as long as that delays nothing by much. */
const longestRestMs = 100;

/**
 * Writes checkpoints one at a time, each as it stands then: what comes up while one is being written is in the next.
 *
 * A full disk ends no stream: it is said, and the next write is tried all the same. Until one succeeds a crash repeats
 * more than what was in flight.
 */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;
  readonly #closing = new AbortController();
  #waiting: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isTouched = false;
  #touches: Promise<void> | undefined;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #failure: RemedyError | undefined;

  constructor(options: CheckpointWriterOptions) {
    this.#options = options;
  }

  /** The first one has to succeed. @throws as {@link CheckpointFile.write} does */
  first(): Promise<void> {
    return this.#write();
  }

  /**
   * Resolves when what is known now is written, or could not be.
   * @throws CHECKPOINT_UNUSABLE where another process has written it
   */
  save(): Promise<void> {
    this.#waiting ??= this.#writing.then(() => this.#next());
    return this.#waiting;
  }

  /** To be written soon. */
  touch(): void {
    this.#isTouched = true;
    this.#touches ??= this.#saveSoon();
  }

  /** Writes the last one. Returns why it could not be. */
  async close(): Promise<RemedyError | undefined> {
    this.#closing.abort();
    await this.#touches;
    await this.#writing.catch(() => undefined);
    if (this.#failure?.code === 'CHECKPOINT_UNUSABLE') return undefined;
    try {
      await this.#write();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof RemedyError) return thrown;
      throw thrown;
    }
  }

  async #next(): Promise<void> {
    const { clock } = this.#options;
    await clock.sleep(this.#restUntilMs - clock.monotonicMs(), this.#closing.signal).catch(() => undefined);
    this.#waiting = undefined;
    this.#writing = this.#try();
    // whoever comes now waits for the one after it
    this.#writing.catch(() => undefined);
    await this.#writing;
  }

  async #try(): Promise<void> {
    const { clock, notes } = this.#options;
    const beganMs = clock.monotonicMs();
    try {
      await this.#write();
      if (this.#failure !== undefined) notes.warn('the checkpoint is written again');
      this.#failure = undefined;
    } catch (thrown) {
      if (!(thrown instanceof RemedyError)) throw thrown;
      const before = this.#failure;
      this.#failure = thrown;
      if (thrown.code === 'CHECKPOINT_UNUSABLE') throw thrown;
      if (before === undefined) {
        notes.warn(`${messageOf(thrown)}; going on, but a restart would repeat what comes from now on`);
      }
    } finally {
      const endedMs = clock.monotonicMs();
      this.#restUntilMs = endedMs + Math.min(endedMs - beganMs, longestRestMs);
    }
  }

  async #write(): Promise<void> {
    const { file, checkpoint, random } = this.#options;
    this.#isTouched = false;
    await file.write(checkpoint(), random);
  }

  #isBehind(): boolean {
    return this.#isTouched;
  }

  async #saveSoon(): Promise<void> {
    try {
      while (this.#isBehind()) {
        await this.#options.clock.sleep(touchedWaitMs, this.#closing.signal);
        if (this.#isBehind()) await this.save();
      }
    } catch {
      // closing, which writes it too; or another process writes it, which the next one who saves is told
    } finally {
      this.#touches = undefined;
    }
  }
}
