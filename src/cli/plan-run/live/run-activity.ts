/** What goes on in a run at this moment, folded from its journal and its waits: for whoever looks on, not for the record. */
import type { PlannedAction } from '../../../plan/plan.ts';
import type { ArrangedStep, JournalEntry, Outcome, RecordedError } from '../../../plan-run/journal-entry.ts';
import { RunProgress, type ActionProgress } from '../../../plan-run/run-progress.ts';

/** One attempt of those that this process may make. */
interface Attempt {
  readonly number: number;
  readonly of: number;
}

/** Times are those of a clock that never goes back, in milliseconds. */
export type ActionState =
  | { readonly kind: 'waiting' }
  | {
      readonly kind: 'working';
      readonly doing: 'starting' | 'checking' | 'sending' | 'looking up' | 'failed';
      readonly attempt: Attempt;
      readonly sinceMs: number;
    }
  | { readonly kind: 'pausing'; readonly attempt: Attempt; readonly untilMs: number; readonly why: string }
  | { readonly kind: 'over'; readonly outcome: Outcome; readonly error?: RecordedError };

export interface ActionRow {
  readonly action: PlannedAction;
  readonly state: ActionState;
}

type Activity = Extract<ActionState, { kind: 'working' | 'pausing' }>;

const waiting: ActionState = { kind: 'waiting' };

export class RunActivity {
  readonly #progress: RunProgress;
  readonly #activities = new Map<number, Activity>();
  /** Attempts of earlier processes, by action. */
  readonly #before: ReadonlyMap<number, number>;
  readonly #maxAttempts: number;

  /** `entries`: what earlier processes have written. */
  constructor(steps: readonly ArrangedStep[], entries: readonly JournalEntry[], maxAttempts: number) {
    this.#progress = new RunProgress(steps, entries);
    this.#before = new Map(this.#progress.actions.map(({ action, attempts }) => [action.index, attempts]));
    this.#maxAttempts = maxAttempts;
  }

  apply(entry: JournalEntry, nowMs: number): void {
    this.#progress.apply(entry);
    const { action: index } = entry;
    switch (entry.kind) {
      case 'begun':
        this.#work(index, 'starting', nowMs);
        return;
      case 'sending':
        this.#work(index, this.#kindOfRequest(index, entry.write), nowMs);
        return;
      case 'failed':
        this.#work(index, 'failed', nowMs);
        return;
      case 'settled':
        this.#activities.delete(index);
        return;
      case 'answered':
      case 'notFound':
    }
  }

  /** The next attempt at an action begins only then. */
  pause(index: number, until: { untilMs: number; why: string }): void {
    const { number, of } = this.#attempt(index);
    this.#activities.set(index, { kind: 'pausing', attempt: { number: number + 1, of }, ...until });
  }

  /** In the order of execution, stand-ins last. `isOver`: the run is, so nothing waits or works any more. */
  rows({ isOver = false }: { isOver?: boolean } = {}): ActionRow[] {
    return this.#progress.actions.map((one) => ({
      action: one.action,
      state: isOver ? endOf(one) : this.#stateOf(one),
    }));
  }

  #stateOf(one: ActionProgress): ActionState {
    const activity = this.#activities.get(one.action.index);
    if (activity !== undefined) return activity;
    return one.treatment === 'run' && one.settled === undefined ? waiting : endOf(one);
  }

  /** The time of a step of one attempt counts from its beginning, that of another step anew. */
  #work(index: number, doing: Extract<Activity, { kind: 'working' }>['doing'], nowMs: number): void {
    const attempt = this.#attempt(index);
    const now = this.#activities.get(index);
    const goesOn = now?.kind === 'working' && now.doing === doing && now.attempt.number === attempt.number;
    this.#activities.set(index, {
      kind: 'working',
      doing,
      attempt,
      sinceMs: goesOn ? now.sinceMs : nowMs,
    });
  }

  #kindOfRequest(index: number, write: boolean): 'sending' | 'looking up' | 'checking' {
    if (write) return 'sending';
    return this.#progress.of(index).openWrite === undefined ? 'checking' : 'looking up';
  }

  #attempt(index: number): Attempt {
    const number = Math.max(this.#progress.of(index).attempts, 1);
    return { number, of: (this.#before.get(index) ?? 0) + this.#maxAttempts };
  }
}

function endOf(one: ActionProgress): ActionState {
  const error = one.settled === undefined ? one.lastError : one.settled.error;
  return { kind: 'over', outcome: one.outcome, ...(error === undefined ? {} : { error }) };
}
