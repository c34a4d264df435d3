/**
 * Tells watchers that something was committed: at once for writes of this process, by polling SQLite's
 * `data_version` for those of others. It polls only while someone waits. What this process has just written is handed
 * on with it.
 */
import type { Clock } from '../time/clock.ts';
import { RecentChanges, type CommittedChange, type NotedChanges } from './recent-changes.ts';
import type { SqliteDatabase, SqliteStatement } from '../sqlite/sqlite.ts';

const pollMs = 25;

export class ChangeFeed {
  readonly #clock: Clock;
  readonly #dataVersion: SqliteStatement;
  readonly #waiting = new Set<() => void>();
  readonly #recent = new RecentChanges();
  readonly #requireThere: () => void;
  #lastSeen: number;
  #polling: AbortController | undefined;

  /** `requireThere`: throws where the database's files are gone; those who wait are called then. */
  constructor(database: SqliteDatabase, clock: Clock, requireThere: () => void) {
    this.#clock = clock;
    this.#requireThere = requireThere;
    this.#dataVersion = database.prepare('PRAGMA data_version');
    this.#lastSeen = this.#readVersion();
  }

  /** Calls back once, after the next commit of anyone; the result takes the call back. */
  onceChanged(callback: () => void): () => void {
    this.#waiting.add(callback);
    if (this.#polling === undefined) this.#startPolling();
    return () => {
      this.#waiting.delete(callback);
      if (this.#waiting.size === 0) this.#stopPolling();
    };
  }

  /** A transaction of this process was committed. `noted`: its changes; without them they have to be read. */
  committed(noted?: NotedChanges): void {
    if (noted === undefined) this.#recent.clear();
    else this.#recent.add(noted);
    this.#announce();
  }

  /** The changes after a version as far as this process knows them; undefined where they have to be read. */
  recentAfter(version: number): readonly CommittedChange[] | undefined {
    return this.#recent.after(version);
  }

  #announce(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of waiting) callback();
  }

  close(): void {
    this.#stopPolling();
  }

  /** Whether another connection committed since this was last asked. */
  #seesForeignCommit(): boolean {
    const version = this.#readVersion();
    const changed = version !== this.#lastSeen;
    this.#lastSeen = version;
    return changed;
  }

  #readVersion(): number {
    return (this.#dataVersion.get() as { data_version: number }).data_version;
  }

  #startPolling(): void {
    const polling = new AbortController();
    this.#polling = polling;
    void this.#poll(polling.signal);
  }

  #stopPolling(): void {
    this.#polling?.abort();
    this.#polling = undefined;
  }

  async #poll(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.#clock.sleep(pollMs, signal);
        this.#requireThere();
        if (!this.#seesForeignCommit()) continue;
        this.#recent.clear();
        this.#announce();
      }
    } catch {
      // Whoever waits reads next, and reports what is wrong with the database.
      if (signal.aborted) return;
      this.#polling = undefined;
      this.#announce();
    }
  }
}
