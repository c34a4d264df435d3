/**
 * The newest changes of the store, as far as this process made them itself: watches of it take them from here instead
 * of reading back what was just written.
 *
 * Guarantees: what is handed out is every change after a version, of all kinds, in order; undefined where that is not
 * known, because others have written in between or it is too long ago. Bounded in number and in text.
 */
import type { ChangeType, ObjectKey } from './object-table.ts';

export interface CommittedChange extends ObjectKey {
  rv: number;
  type: ChangeType;
  /** The object after; of a deletion the last state with the deletion's resourceVersion. */
  after: string;
}

const most = 1024;
const mostCharacters = 2 * 1024 * 1024;

/** What one transaction has changed, noted as long as it is little. */
export class NotedChanges {
  readonly changes: CommittedChange[] = [];
  /** Of the store before the first of them. */
  readonly since: number;
  isWhole = true;
  #characters = 0;

  constructor(since: number) {
    this.since = since;
  }

  add(change: CommittedChange): void {
    this.#characters += change.after.length;
    this.isWhole &&= this.changes.length < most && this.#characters <= mostCharacters;
    if (this.isWhole) this.changes.push(change);
    else this.changes.length = 0;
  }
}

export class RecentChanges {
  /** Versions follow each other without a gap: the first is that after `#since`. */
  readonly #changes: CommittedChange[] = [];
  #since: number | undefined;
  #characters = 0;

  /** What was committed by this process. */
  add(noted: NotedChanges): void {
    if (!noted.isWhole) {
      this.clear();
      return;
    }
    if (this.#newest() !== noted.since) {
      this.clear();
      this.#since = noted.since;
    }
    for (const change of noted.changes) {
      this.#changes.push(change);
      this.#characters += change.after.length;
    }
    this.#forgetOldest();
  }

  /** Others have committed, or history was dropped: what there is has to be read. */
  clear(): void {
    this.#changes.length = 0;
    this.#characters = 0;
    this.#since = undefined;
  }

  /** The changes after a version, of every kind; undefined where they have to be read. */
  after(version: number): readonly CommittedChange[] | undefined {
    const since = this.#since;
    if (since === undefined || version < since || version > since + this.#changes.length) return undefined;
    return this.#changes.slice(version - since);
  }

  #newest(): number | undefined {
    return this.#since === undefined ? undefined : this.#since + this.#changes.length;
  }

  #forgetOldest(): void {
    let forgotten = 0;
    while (this.#changes.length - forgotten > most || this.#characters > mostCharacters) {
      this.#characters -= this.#changes[forgotten]?.after.length ?? 0;
      forgotten += 1;
    }
    this.#changes.splice(0, forgotten);
    this.#since = (this.#since ?? 0) + forgotten;
  }
}
