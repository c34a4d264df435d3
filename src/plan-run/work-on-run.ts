/** One run, from where the journal has it to its end. */
import { RemedyError, messageOf } from '../errors/remedy-error.ts';
import type { Journal, RunHead } from './journal.ts';
import type { PlanRun } from './run-document.ts';
import { progressIn } from './run-progress.ts';
import { planRunOf } from './run-document.ts';
import { metricsOf, type Series } from './run-metrics.ts';
import { runPlan } from './run-plan.ts';
import type { Clock } from '../time/clock.ts';
import { brokenRun } from './broken-run.ts';
import type { RunGround } from './run-ground.ts';
import type { PlanLock } from './run-lock.ts';
import type { RunTeller } from './run-teller.ts';

/** A run on which nobody works any more, and what it has counted. */
export interface WorkedRun {
  readonly document: PlanRun;
  readonly series: readonly Series[];
}

/** To be called under the plan's lock. Errors: those of the journal, INVALID_FIELD, CONFIG_INVALID. */
export async function workOnRun(run: RunHead, lock: PlanLock, ground: RunGround): Promise<WorkedRun> {
  const { journal, systems, options } = ground;
  const { clock, random, notes, timeoutMs, ask } = options;
  const limit = new AbortController();
  const over = new AbortController();
  const stop = AbortSignal.any([options.signal, lock.lost, limit.signal]);
  // what the journal had, and what it has taken since: it may be gone when it is to be told
  const done = progressIn(journal, run);
  const teller = await options.tell?.({ run, entries: journal.entries(run.id), stop });
  if (timeoutMs !== undefined) void abortAfter(clock, timeoutMs, { limit, over: over.signal });
  try {
    const end = await runPlan({
      run,
      journal: underLock(journal, lock),
      madeBefore: madeBefore(journal, run),
      clients: systems,
      clock,
      random,
      signal: stop,
      ask: ask && ((question) => aside(teller, () => ask(question, stop))),
      onEntry: (entry) => {
        done.apply(entry);
        teller?.entry(entry);
      },
      onWait: (index, waitMs, thrown, tries) => {
        teller?.wait(index, waitMs, messageOf(thrown), tries);
      },
    });
    teller?.end();
    if (end.state === 'interrupted') {
      notes.say(`${reasonOf(lock, limit.signal)}; to do what is missing: remedyctl plan resume ${run.id}`);
    }
    const document = planRunOf({ run, ...end });
    return { document, series: metricsOf(run.plan, end.progress) };
  } catch (thrown) {
    throw brokenRun(thrown, { id: run.id, progress: done });
  } finally {
    teller?.end();
    over.abort();
  }
}

function aside<T>(teller: RunTeller | undefined, work: () => Promise<T>): Promise<T> {
  return teller === undefined ? work() : teller.aside(work);
}

/** Every request is written down before it is sent: a lock that is gone shows there as a journal does that is gone. */
function underLock(journal: Journal, lock: PlanLock): Pick<Journal, 'append' | 'entries' | 'end'> {
  return {
    append: async (run, entry) => {
      lock.requireHeld();
      await journal.append(run, entry);
    },
    entries: (run) => journal.entries(run),
    end: (run, state, endedAt) => journal.end(run, state, endedAt),
  };
}

function madeBefore(journal: Journal, { id, hash }: RunHead): ReadonlySet<string> {
  const earlier = journal.runsOfHash(hash).filter((run) => run.id !== id);
  return new Set(earlier.flatMap((run) => [...progressIn(journal, run).madeIds]));
}

async function abortAfter(
  clock: Clock,
  timeoutMs: number,
  { limit, over }: { limit: AbortController; over: AbortSignal },
): Promise<void> {
  try {
    await clock.sleep(timeoutMs, over);
  } catch {
    return;
  }
  limit.abort(new RemedyError('TIMEOUT', `the run was not over after ${seconds(timeoutMs)} s`));
}

function reasonOf({ lost }: PlanLock, limit: AbortSignal): string {
  if (lost.aborted) return 'stopped, because the lease of this plan was lost';
  return limit.aborted ? messageOf(limit.reason) : 'stopped';
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
