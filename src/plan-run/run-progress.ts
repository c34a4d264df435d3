/** What is known of a run, folded from its journal: the same after a crash as before it. */
import type { NoteLine, PlannedAction } from '../plan/plan.ts';
import type {
  ArrangedStep,
  Begun,
  Content,
  JournalEntry,
  Outcome,
  RecordedError,
  Sending,
  Settled,
} from './journal-entry.ts';

/** As far as a run of the journal has come. */
export function progressIn(
  journal: { entries: (run: string) => readonly JournalEntry[] },
  { id, steps }: { readonly id: string; readonly steps: readonly ArrangedStep[] },
): RunProgress {
  return new RunProgress(steps, journal.entries(id));
}

/** A write that may have taken effect. */
export interface OpenWrite {
  /** When the first write of this action left: whatever is older is not ours. */
  readonly firstSentAt: number;
  /** An answer of success was on its way when the process died. */
  readonly accepted: boolean;
}

/** A request that was sent, and the status of its answer, if one came. */
export interface RequestLine {
  readonly method: string;
  readonly url: string;
  readonly status?: number;
}

/** Statuses of a write that say that nothing was written. */
function isRefusal(status: number): boolean {
  return (status >= 400 && status <= 499) || status === 503;
}

/** How far one action has come. */
export class ActionProgress {
  readonly action: PlannedAction;
  readonly treatment: ArrangedStep['treatment'];
  begun: Begun | undefined;
  settled: Settled | undefined;
  attempts = 0;
  readonly requests: { method: string; url: string; status?: number }[] = [];
  readonly #numbers = new Map<number, number>();
  #firstSentAt: number | undefined;
  #open: { request: number; status?: number } | undefined;
  #lastError: RecordedError | undefined;

  constructor({ action, treatment }: ArrangedStep) {
    this.action = action;
    this.treatment = treatment;
  }

  get content(): Content | undefined {
    return this.begun?.content;
  }

  get lastError(): RecordedError | undefined {
    return this.#lastError;
  }

  /** Where a write of unknown outcome has to be looked up first. */
  get openWrite(): OpenWrite | undefined {
    if (this.#open === undefined || this.#firstSentAt === undefined) return undefined;
    const { status } = this.#open;
    return { firstSentAt: this.#firstSentAt, accepted: status !== undefined && status < 300 };
  }

  /** When the first write of this action left. */
  get firstSentAt(): number | undefined {
    return this.#firstSentAt;
  }

  /** `not_run` for what has not come to an end. */
  get outcome(): Outcome {
    if (this.treatment !== 'run') return this.treatment;
    if (this.settled !== undefined) return this.settled.outcome;
    return this.openWrite === undefined ? 'not_run' : 'unknown';
  }

  /** Whether nothing more is to be done about it. What is unknown may still be found out. */
  get isOver(): boolean {
    if (this.treatment !== 'run') return true;
    return this.settled !== undefined && this.settled.outcome !== 'unknown';
  }

  apply(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'begun':
        this.begun ??= entry;
        return;
      case 'sending':
        this.#send(entry);
        return;
      case 'answered':
        this.#answer(entry.request, entry.status);
        return;
      case 'failed':
        this.#lastError = entry.error;
        // what is only looked for is not attempted again
        if (entry.unknown) return;
        this.attempts = Math.max(this.attempts, entry.attempt);
        this.#open = undefined;
        return;
      case 'notFound':
        this.#open = undefined;
        return;
      case 'settled':
        this.settled = entry;
        if (entry.outcome !== 'unknown') this.#open = undefined;
    }
  }

  #send({ request, attempt, method, url, write, at }: Sending): void {
    this.attempts = Math.max(this.attempts, attempt);
    this.#numbers.set(request, this.requests.push({ method, url }) - 1);
    if (!write) return;
    this.#firstSentAt ??= at;
    this.#open = { request };
  }

  #answer(request: number, status: number): void {
    const line = this.requests[this.#numbers.get(request) ?? -1];
    if (line !== undefined) line.status = status;
    if (this.#open?.request !== request) return;
    this.#open = isRefusal(status) ? undefined : { request, status };
  }
}

/** How far a run has come; `apply` takes it further. */
export class RunProgress {
  readonly #actions = new Map<number, ActionProgress>();
  #requests = 0;

  constructor(steps: readonly ArrangedStep[], entries: readonly JournalEntry[] = []) {
    for (const step of steps) this.#actions.set(step.action.index, new ActionProgress(step));
    for (const entry of entries) this.apply(entry);
  }

  apply(entry: JournalEntry): void {
    this.of(entry.action).apply(entry);
    if (entry.kind === 'sending') this.#requests = Math.max(this.#requests, entry.request);
    if (entry.kind !== 'settled' || entry.standIn === undefined) return;
    const { standIn } = entry;
    if (!this.#actions.has(standIn.index)) {
      this.#actions.set(standIn.index, new ActionProgress({ action: standIn, treatment: 'run' }));
    }
  }

  of(index: number): ActionProgress {
    const progress = this.#actions.get(index);
    if (progress === undefined) throw new Error(`the journal names an action ${index} that the run has not`);
    return progress;
  }

  /** In the order of execution, stand-ins last. */
  get actions(): readonly ActionProgress[] {
    return [...this.#actions.values()];
  }

  /** The number of the next request. */
  nextRequest(): number {
    this.#requests += 1;
    return this.#requests;
  }

  /** What the actions have added to the notes, in the order of execution. */
  get lines(): readonly NoteLine[] {
    return this.actions.flatMap(({ settled }) => settled?.lines ?? []);
  }

  /** The ids of what the run has made: each belongs to one action. */
  get madeIds(): ReadonlySet<string> {
    const ids = this.actions.flatMap(({ settled }) => (settled?.id === undefined ? [] : [settled.id]));
    return new Set(ids);
  }
}
