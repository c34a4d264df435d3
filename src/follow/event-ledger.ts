/**
 * Which versions of events have been taken, and how far a watch has got: what a checkpoint is written from.
 *
 * Guarantees: the place is a version after which a watch tells whatever has no certain outcome yet, and beyond it nothing
 * that has one but what is named as `ahead`; a version of an event is taken once, also when a listing shows it again;
 * what is remembered is bounded by the events that there are and those under way.
 * Non-guarantee: of versions that came and went between two listings only the last one is taken.
 */

/** One version of one event. */
export interface EventVersion {
  uid: string;
  resourceVersion: string;
}

/** What is to outlive the process. */
export interface LedgerState {
  /** Where to watch from; absent before the first listing is done with. */
  place?: string | undefined;
  /** Taken and not ended: whether they were counted is not known. */
  inFlight: EventVersion[];
  /** Done, though a watch from the place tells them again. */
  ahead: EventVersion[];
  /** The last version that was done of each event that there is. */
  seen: EventVersion[];
}

/** What came, in its order. Each has the place that a watch has got to with it; absent: it was listed. */
type Entry = { place: string | undefined } & (
  | { kind: 'event'; event: EventVersion; state: 'waiting' | 'begun' | 'done' }
  | { kind: 'gone'; uid: string }
  | { kind: 'listed'; uids: ReadonlySet<string> }
  | { kind: 'again'; event: EventVersion }
  | { kind: 'mark' }
);
type EventEntry = Extract<Entry, { kind: 'event' }>;

/** A taken event, for telling how it ended. */
export type TakenEvent = Pick<EventEntry, 'event'>;

export class EventLedger {
  #place: string | undefined;
  readonly #seen: Map<string, string>;
  readonly #ahead: Set<string>;
  /** Entries behind the first one that has not ended. */
  readonly #entries: Entry[] = [];
  /** Versions among them. */
  readonly #held = new Set<string>();
  #open = 0;

  /** `state`: of the run before. What was in flight then counts as never taken. */
  constructor(state: LedgerState = { inFlight: [], ahead: [], seen: [] }) {
    this.#place = state.place;
    this.#seen = new Map(state.seen.map(({ uid, resourceVersion }) => [uid, resourceVersion]));
    this.#ahead = new Set(state.ahead.map(keyOf));
  }

  get place(): string | undefined {
    return this.#place;
  }

  /** Taken events that have not ended. */
  get open(): number {
    return this.#open;
  }

  /** Events that are remembered as done. */
  get remembered(): number {
    return this.#seen.size;
  }

  /** Whether this version was taken before. */
  has(event: EventVersion): boolean {
    const key = keyOf(event);
    return this.#seen.get(event.uid) === event.resourceVersion || this.#held.has(key) || this.#ahead.has(key);
  }

  /** The event's turn has come; `place`: absent for a listed one. */
  take(event: EventVersion, place?: string): TakenEvent {
    const entry: EventEntry = { kind: 'event', event, place, state: 'waiting' };
    this.#held.add(keyOf(event));
    this.#open += 1;
    this.#entries.push(entry);
    return entry;
  }

  /** From now on nobody knows whether it was counted. */
  begin(taken: TakenEvent): void {
    asEntry(taken).state = 'begun';
  }

  /** It was not begun after all; it stays open, and whoever goes on from the place takes it again. */
  leave(taken: TakenEvent): void {
    asEntry(taken).state = 'waiting';
  }

  /** Its outcome is certain. */
  end(taken: TakenEvent): void {
    const entry = asEntry(taken);
    if (entry.state === 'done') return;
    entry.state = 'done';
    this.#open -= 1;
    this.#remember(entry.event);
    this.#settle();
  }

  /** Was there before anybody looked, and is not to be taken in this version. */
  pass(event: EventVersion): void {
    this.#remember(event);
  }

  /** A watch has got here, with nothing to take. */
  mark(place: string): void {
    const last = this.#entries.at(-1);
    if (last?.kind === 'mark') last.place = place;
    else this.#entries.push({ kind: 'mark', place });
    this.#settle();
  }

  /** A watch told again what was taken before. */
  again(event: EventVersion, place: string): void {
    this.#entries.push({ kind: 'again', event, place });
    this.#settle();
  }

  /** The event is there no more. */
  gone(uid: string, place: string): void {
    this.#entries.push({ kind: 'gone', uid, place });
    this.#settle();
  }

  /** A listing is complete, and these are all that there are. */
  listed(uids: ReadonlySet<string>, place: string | undefined): void {
    this.#entries.push({ kind: 'listed', uids, place });
    this.#settle();
  }

  state(): LedgerState {
    const events = this.#entries.filter((entry) => entry.kind === 'event');
    const done = events.filter(({ state }) => state === 'done').map(({ event }) => keyOf(event));
    return {
      place: this.#place,
      inFlight: events.filter(({ state }) => state === 'begun').map(({ event }) => event),
      ahead: [...new Set([...this.#ahead, ...done])].map(versionOf),
      seen: Array.from(this.#seen, ([uid, resourceVersion]) => ({ uid, resourceVersion })),
    };
  }

  /** Moved to the end, so that the oldest come first. */
  #remember({ uid, resourceVersion }: EventVersion): void {
    this.#seen.delete(uid);
    this.#seen.set(uid, resourceVersion);
  }

  /** Takes the place as far as everything has ended. */
  #settle(): void {
    let ended = 0;
    for (const entry of this.#entries) {
      if (entry.kind === 'event' && entry.state !== 'done') break;
      ended += 1;
      this.#leaveBehind(entry, ended);
    }
    this.#entries.splice(0, ended);
  }

  /** `next`: where the entries after it begin. */
  #leaveBehind(entry: Entry, next: number): void {
    if (entry.place !== undefined) this.#place = entry.place;
    if (entry.kind === 'event') this.#held.delete(keyOf(entry.event));
    else if (entry.kind === 'again') this.#ahead.delete(keyOf(entry.event));
    else if (entry.kind === 'gone') this.#forget(entry.uid);
    else if (entry.kind === 'listed') this.#forgetAllBut(entry.uids, next);
  }

  /** Events that came after the listing are not in it. */
  #forgetAllBut(listed: ReadonlySet<string>, next: number): void {
    const later = new Set<string>();
    for (const entry of this.#entries.slice(next)) if (entry.kind === 'event') later.add(entry.event.uid);
    for (const uid of this.#seen.keys()) if (!listed.has(uid) && !later.has(uid)) this.#seen.delete(uid);
    // what a watch would have told again lies before the listing
    this.#ahead.clear();
  }

  #forget(uid: string): void {
    this.#seen.delete(uid);
    for (const key of this.#ahead) if (versionOf(key).uid === uid) this.#ahead.delete(key);
  }
}

function asEntry(taken: TakenEvent): EventEntry {
  return taken as EventEntry;
}

/** A uid has no slash. */
function keyOf({ uid, resourceVersion }: EventVersion): string {
  return `${resourceVersion}/${uid}`;
}

function versionOf(key: string): EventVersion {
  const cut = key.indexOf('/');
  return { resourceVersion: key.slice(0, cut), uid: key.slice(cut + 1) };
}
