/** One run, from where the journal has it to its end. */
import { RemedyError, messageOf } from '../../errors/remedy-error.ts';
import type { Journal, RunHead } from '../../plan/run/journal.ts';
import type { PlanRun } from '../../plan/run/run-document.ts';
import { progressIn } from '../../plan/run/run-progress.ts';
import { planRunOf } from '../../plan/run/run-document.ts';
import { metricsOf, type Series } from '../../plan/run/run-metrics.ts';
import { runPlan } from '../../plan/run/run-plan.ts';
import { durationFlag } from '../lease/duration-flag.ts';
import type { Session } from '../session.ts';
import { askOperator } from './ask-operator.ts';
import { brokenRun } from './broken-run.ts';
import { chooseTeller } from './choose-teller.ts';
import type { RunGround } from './run-ground.ts';
import type { PlanLock } from './run-lock.ts';

export interface WorkedRun {
  readonly document: PlanRun;
  readonly series: readonly Series[];
}

/** To be called under the plan's lock. Errors: those of the journal, INVALID_FIELD, CONFIG_INVALID. */
export async function workOnRun(ground: RunGround, run: RunHead, lock: PlanLock): Promise<WorkedRun> {
  const { session, journal, systems, flags } = ground;
  const { runtime, notices } = session;
  const { clock, random } = runtime;
  const limit = new AbortController();
  const over = new AbortController();
  const timeoutMs = durationFlag('timeout', flags.timeout);
  const stop = AbortSignal.any([runtime.signal, lock.lost, limit.signal]);
  const teller = await chooseTeller(session, { run, entries: journal.entries(run.id), stop });
  if (timeoutMs !== undefined) void abortAfter(clock, timeoutMs, { limit, over: over.signal });
  try {
    const end = await runPlan({
      run,
      journal,
      madeBefore: madeBefore(journal, run),
      clients: systems,
      clock,
      random,
      signal: stop,
      ask: (question) =>
        teller.aside(() =>
          askOperator(question, { stdin: runtime.stdin, stderr: runtime.stderr, signal: stop }),
        ),
      onEntry: (entry) => {
        teller.entry(entry);
      },
      onWait: (index, waitMs, thrown) => {
        teller.wait(index, waitMs, messageOf(thrown));
      },
    });
    teller.end();
    if (end.state === 'interrupted') {
      notices.say(`${reasonOf(lock, limit.signal)}; plan resume ${run.id} does what is missing`);
    }
    const document = planRunOf({ run, ...end });
    return { document, series: metricsOf(run.plan, end.progress) };
  } catch (thrown) {
    throw brokenRun(thrown, run.id);
  } finally {
    teller.end();
    over.abort();
  }
}

function madeBefore(journal: Journal, { id, hash }: RunHead): ReadonlySet<string> {
  const earlier = journal.runsOfHash(hash).filter((run) => run.id !== id);
  return new Set(earlier.flatMap((run) => [...progressIn(journal, run).madeIds]));
}

async function abortAfter(
  clock: Session['runtime']['clock'],
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
