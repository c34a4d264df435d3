import { matchesFilter, type StateFilter } from './state-filter.ts';
import type { StateChange } from './state-watch.ts';

/** Changes of states as those see them who want some only: what comes into the selection is new to them. */
export class StateSelection {
  readonly #filter: StateFilter;
  readonly #inside = new Set<string>();

  constructor(filter: StateFilter) {
    this.#filter = filter;
  }

  /** A state that comes into the selection is ADDED to it, one that leaves it DELETED; undefined: no matter of it. */
  take({ type, object }: StateChange): StateChange | undefined {
    const { fingerprint } = object;
    const wasIn = this.#inside.has(fingerprint);
    if (type === 'DELETED' || !matchesFilter(object, this.#filter)) {
      this.#inside.delete(fingerprint);
      return wasIn ? { type: 'DELETED', object } : undefined;
    }
    this.#inside.add(fingerprint);
    return { type: wasIn ? 'MODIFIED' : 'ADDED', object };
  }
}
