/**
 * Hands the signals that this process gets on to the command.
 *
 * - Before the command runs, SIGINT, SIGTERM, SIGHUP and SIGQUIT end the waiting.
 * - SIGTERM, SIGHUP, SIGINT and SIGQUIT go to everything the command started, SIGUSR1, SIGUSR2 and SIGWINCH to the
 *   command alone, which knows what they mean.
 * - In the foreground of a terminal the keys have sent SIGINT, SIGQUIT and SIGWINCH to the command already, so that
 *   they are not sent twice. Whoever sends one of the first two to this process by `kill` then is not heard; SIGTERM is.
 * - Job control: this process stops once the command has stopped, so that the shell takes the terminal back; a
 *   command that does not stop at Ctrl-Z keeps its lock and runs on. Continued, the lease is looked at first.
 */
import type { RunUnderLock } from '../lease/run-under-lock.ts';
import type { Clock } from '../time/clock.ts';
import { isForeground } from './process-table.ts';
import type { SpawnedCommand } from './spawned-command.ts';

const ending = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const telling = ['SIGUSR1', 'SIGUSR2', 'SIGWINCH'] as const;
/** SIGTTOU keeps its default: a handler would make the kernel repeat the write for ever. */
const stopping = ['SIGTSTP', 'SIGTTIN'] as const;
const fromKeys: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

const stopsWithinMs = 1000;
const pollMs = 20;

/** Who gets the signals. */
export interface RelayTarget {
  command: SpawnedCommand;
  run: RunUnderLock;
}

/** Listens to this process's signals from its making until `close`. */
export class SignalRelay {
  readonly #clock: Clock;
  readonly #stop = new AbortController();
  readonly #listeners = new Map<NodeJS.Signals, () => void>();
  #target: RelayTarget | undefined;
  #endedBy: NodeJS.Signals | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    for (const signal of ending)
      this.#on(signal, () => {
        this.#end(signal);
      });
    for (const signal of telling)
      this.#on(signal, () => {
        this.#tell(signal);
      });
    for (const signal of stopping) this.#on(signal, () => void this.#suspend(signal));
    this.#on('SIGCONT', () => {
      this.#continue();
    });
  }

  /** Aborts when a signal ends the waiting. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** The signal that ended the waiting. */
  get endedBy(): NodeJS.Signals | undefined {
    return this.#endedBy;
  }

  /** From now on signals are the command's. */
  handTo(target: RelayTarget): void {
    this.#target = target;
  }

  close(): void {
    for (const [signal, listener] of this.#listeners) process.off(signal, listener);
    this.#listeners.clear();
  }

  #on(signal: NodeJS.Signals, listener: () => void): void {
    this.#listeners.set(signal, listener);
    process.on(signal, listener);
  }

  #end(signal: NodeJS.Signals): void {
    const { command } = this.#target ?? {};
    if (command === undefined) {
      this.#endedBy ??= signal;
      this.#stop.abort(new DOMException(`stopped by ${signal}`, 'AbortError'));
    } else if (!this.#hadByKeys(command, signal)) command.tree?.signalAll(signal);
  }

  #tell(signal: NodeJS.Signals): void {
    const { command } = this.#target ?? {};
    if (command !== undefined && !this.#hadByKeys(command, signal)) command.tree?.signalRoot(signal);
  }

  #hadByKeys(command: SpawnedCommand, signal: NodeJS.Signals): boolean {
    return !command.ownSession && fromKeys.has(signal) && isForeground();
  }

  async #suspend(signal: NodeJS.Signals): Promise<void> {
    const { command } = this.#target ?? {};
    if (command?.ownSession === true) {
      command.tree?.signalAll('SIGSTOP');
      process.kill(process.pid, 'SIGSTOP');
    } else if (command === undefined || (await this.#stops(command))) this.#stopOurselves(signal);
  }

  /** The same signal has gone to the command, which may tidy the terminal up before it stops. */
  async #stops(command: SpawnedCommand): Promise<boolean> {
    const untilMs = this.#clock.monotonicMs() + stopsWithinMs;
    while (this.#clock.monotonicMs() < untilMs) {
      if (command.tree?.isStopped() === true) return true;
      await this.#clock.sleep(pollMs);
    }
    return false;
  }

  /** By the default action of the signal, which the shell shows; the listener is back at SIGCONT. */
  #stopOurselves(signal: NodeJS.Signals): void {
    const listener = this.#listeners.get(signal);
    if (listener === undefined) return;
    process.off(signal, listener);
    process.kill(process.pid, signal);
  }

  #continue(): void {
    for (const signal of stopping) {
      const listener = this.#listeners.get(signal);
      if (listener !== undefined && !process.listeners(signal).includes(listener))
        process.on(signal, listener);
    }
    const { command, run } = this.#target ?? {};
    if (run?.wake() === true && command?.ownSession === true) command.tree?.signalAll('SIGCONT');
  }
}
