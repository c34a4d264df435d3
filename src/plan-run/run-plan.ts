/**
 * The executor: the actions of an arranged plan in their order, from wherever an earlier process left them.
 *
 * - Sequential: one after another. Concurrent: remedies and reports at once, then PagerDuty one after another. A
 *   report made of the notes waits for the remedies; two actions that say the same wait for each other, because a
 *   look-up could not tell them apart.
 * - A silence whose remedy did not come about is not run; an escalation takes its place, unless there is one.
 * - stopOnError: after an action that failed, or of unknown outcome, no other begins; in a concurrent plan after one
 *   of PagerDuty only.
 * - Stopped from outside: no attempt begins, what is under way has a few seconds to end.
 */
import { setMaxListeners } from 'node:events';
import { known } from '../http/json-fields.ts';
import { planActions } from '../retry/retry-policy.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';
import { escalationFor, nextIndex } from '../plan/arrange.ts';
import type { PlannedActionOf } from '../plan/plan.ts';
import { ActionAttempts, type AttemptsEnd, type RunGround } from './action-attempts.ts';
import { effectOf } from './effect-of.ts';
import type { EffectContext, RemoteClients } from './effect-context.ts';
import type { JournalEntry, Settled } from './journal-entry.ts';
import type { Journal, RunHead, RunState } from './journal.ts';
import { phasesOf } from './lanes.ts';
import { failureOf } from './run-failure.ts';
import { isRemedied, missingRemedies, notesText } from './run-lines.ts';
import { progressIn, type ActionProgress, type RunProgress } from './run-progress.ts';
import { stateOf } from './run-state.ts';

/** How long requests under way may still take once the run is stopped. */
const graceMs = 3_000;

/** What the executor works with. */
export interface ExecutorOptions {
  /** As it was begun. */
  readonly run: RunHead;
  /** Has the entries of earlier processes, and takes those of this one. */
  readonly journal: Pick<Journal, 'append' | 'entries' | 'end'>;
  readonly clients: RemoteClients;
  readonly clock: Clock;
  readonly random: Random;
  /** The ids of what earlier runs of the plan have made: a look-up must not take it for this run's. */
  readonly madeBefore?: ReadonlySet<string> | undefined;
  /** Ends the run as interrupted. */
  readonly signal: AbortSignal;
  /** Asks the operator; undefined: nobody is there, or nobody knows. */
  readonly ask?: ((question: string) => Promise<boolean | undefined>) | undefined;
  /** Told of every entry once it is durable. */
  readonly onEntry?: ((entry: JournalEntry) => void) | undefined;
  /** An attempt at an action has failed, or waits for a rate limit; the next one begins after so many milliseconds. */
  readonly onWait?: RunGround['onWait'];
}

/** What became of a run. */
export interface RunEnd {
  readonly state: Exclude<RunState, 'running'>;
  /** Milliseconds since the epoch, as in the journal. */
  readonly endedAt: number;
  /** What became of each action. */
  readonly progress: RunProgress;
  /** Every cause, where an action failed or nobody knows whether it did. */
  readonly failure?: AggregateError | undefined;
}

/**
 * Carries out what is missing of a run: of one that has begun in the journal, or of one that an earlier process left.
 * Whoever calls it keeps others from working on the same run. What fails in a system is an outcome and no error.
 * Errors: those of the journal; CONFIG_INVALID or INVALID_FIELD before anything is sent.
 */
export async function runPlan(options: ExecutorOptions): Promise<RunEnd> {
  return new Executor(options).run();
}

class Executor {
  readonly #options: ExecutorOptions;
  readonly #ground: RunGround;
  readonly #context: EffectContext;
  readonly #aborting = new AbortController();
  /** Ends what this executor waits for beside its actions. */
  readonly #over = new AbortController();
  #broken: Error | undefined;

  constructor(options: ExecutorOptions) {
    const { run, journal, clock, random, signal } = options;
    const progress = progressIn(journal, run);
    const stop = AbortSignal.any([signal, this.#aborting.signal]);
    // every action that runs beside others listens: Node.js would warn of a leak on stderr from the eleventh on
    setMaxListeners(0, stop, this.#aborting.signal);
    this.#options = options;
    this.#context = {
      plan: run.plan,
      settings: run.settings,
      clients: options.clients,
      notesText: () => notesText(run.plan, progress),
      now: () => clock.now(),
    };
    this.#ground = {
      progress,
      madeBefore: options.madeBefore ?? new Set(),
      record: (entry) => this.#record(entry),
      broken: () => this.#broken,
      clock,
      random,
      policy: { ...planActions, maxAttempts: run.plan.options.maxRetries + 1 },
      stop,
      abort: this.#aborting.signal,
      ask: options.ask ?? (() => Promise.resolve(undefined)),
      onWait: options.onWait,
    };
  }

  async run(): Promise<RunEnd> {
    const { progress } = this.#ground;
    for (const one of progress.actions) if (!one.isOver) effectOf(one.action, this.#context, one.content);
    const onStop = (): void => {
      void this.#abortSoon();
    };
    const { signal } = this.#options;
    if (signal.aborted) onStop();
    signal.addEventListener('abort', onStop, { once: true });
    try {
      await this.#runAll();
    } finally {
      signal.removeEventListener('abort', onStop);
      this.#over.abort();
    }
    return this.#end();
  }

  async #runAll(): Promise<void> {
    const { progress } = this.#ground;
    const { concurrent } = this.#options.run.plan.options;
    const planned = new Set(this.#options.run.steps.map(({ action }) => action.index));
    // a stand-in of an earlier process belongs to the last lane alone: what stays unknown is not over
    const own = progress.actions.filter(({ action }) => planned.has(action.index));
    for (const lanes of phasesOf(own, concurrent)) {
      await this.#together(lanes.map((lane) => this.#runLane(lane)));
    }
    await this.#runLane(progress.actions.filter(({ action }) => !planned.has(action.index)));
  }

  /** As Promise.all, but nothing of it is still at work when it ends; the first failure ends the others. */
  async #together(lanes: readonly Promise<void>[]): Promise<void> {
    const failures: Error[] = [];
    await Promise.all(
      lanes.map((lane) =>
        lane.catch((thrown: unknown) => {
          failures.push(thrown instanceof Error ? thrown : new Error(String(thrown)));
          this.#aborting.abort(thrown);
        }),
      ),
    );
    if (failures[0] !== undefined) throw failures[0];
  }

  async #runLane(lane: readonly ActionProgress[]): Promise<void> {
    for (const own of lane) {
      if (this.#mayBegin(own)) await this.#runAction(own);
    }
  }

  #mayBegin(own: ActionProgress): boolean {
    if (own.isOver || this.#ground.stop.aborted) return false;
    const { concurrent, stopOnError } = this.#options.run.plan.options;
    if (!stopOnError) return true;
    return !this.#ground.progress.actions.some(
      (one) =>
        one !== own &&
        one.settled !== undefined &&
        isError(one.settled.outcome) &&
        // what runs at once cannot stop each other, and colleagues have to hear of it
        (!concurrent || one.action.phase === 2),
    );
  }

  async #runAction(own: ActionProgress): Promise<void> {
    const { action } = own;
    if (action.type === 'silence_incident' && !isRemedied(this.#ground.progress, action)) {
      await this.#replace(action);
      return;
    }
    const effect = effectOf(action, this.#context, own.content);
    const { clock, record } = this.#ground;
    if (own.begun === undefined) {
      await record({ kind: 'begun', action: action.index, at: clock.now(), content: effect.content });
    }
    await this.#settle(own, await new ActionAttempts(effect, own, this.#ground).run());
  }

  async #settle(own: ActionProgress, end: AttemptsEnd): Promise<void> {
    if (end.kind === 'stopped') return;
    const base = { kind: 'settled', action: own.action.index, at: this.#ground.clock.now() } as const;
    const attempts = own.attempts;
    if (end.kind !== 'done') {
      await this.#record({ ...base, attempts, outcome: end.kind, lines: [], error: end.error });
      return;
    }
    const { outcome, lines = [], id, found } = end.done;
    const settled: Settled = { ...base, attempts, outcome, lines, ...known({ id, found }) };
    await this.#record(settled);
  }

  /** The decision and the escalation that it brings are one entry, so that no crash comes between them. */
  async #replace(silence: PlannedActionOf<'silence_incident'>): Promise<void> {
    const { progress, clock } = this.#ground;
    const actions = progress.actions.filter(({ treatment }) => treatment === 'run').map((one) => one.action);
    const missing = missingRemedies(progress, silence).map(({ action }) => `${action.type} ${action.index}`);
    const why = `not silenced, because its remedy did not come about (${missing.join(', ')})`;
    const isEscalated = actions.some(({ type }) => type === 'escalate_incident');
    const index = nextIndex(progress.actions.map(({ action }) => action));
    await this.#record({
      kind: 'settled',
      action: silence.index,
      at: clock.now(),
      outcome: 'skipped_dependency',
      attempts: 0,
      lines: [],
      error: { code: 'REMEDY_MISSING', message: why },
      ...(isEscalated ? {} : { standIn: escalationFor(silence, index, why) }),
    });
  }

  async #record(entry: JournalEntry): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    const { run, journal, onEntry } = this.#options;
    try {
      await journal.append(run.id, entry);
    } catch (thrown) {
      this.#broken = thrown instanceof Error ? thrown : new Error(String(thrown));
      throw this.#broken;
    }
    this.#ground.progress.apply(entry);
    onEntry?.(entry);
  }

  async #abortSoon(): Promise<void> {
    const { clock, signal } = this.#options;
    try {
      await clock.sleep(graceMs, this.#over.signal);
      this.#aborting.abort(signal.reason);
    } catch {
      // everything ended by itself
    }
  }

  async #end(): Promise<RunEnd> {
    const { run, journal, clock, signal } = this.#options;
    const { progress } = this.#ground;
    const isCut = signal.aborted && progress.actions.some((one) => one.outcome === 'not_run' || !one.isOver);
    const state = isCut ? 'interrupted' : stateOf(progress);
    const endedAt = clock.now();
    await journal.end(run.id, state, endedAt);
    return { state, endedAt, progress, failure: failureOf(progress) };
  }
}

function isError(outcome: Settled['outcome']): boolean {
  return outcome === 'failed' || outcome === 'unknown';
}
