import { parseAge } from '../time/duration.ts';
import { arrangePlan } from '../plan/arrange.ts';
import { planHash, shortHash } from '../plan/hash.ts';
import type { Plan } from '../plan/plan.ts';
import { askBefore } from './ask-before.ts';
import { endRuns } from './end-runs.ts';
import type { RunHead } from './journal.ts';
import { checkReporting } from './report-metrics.ts';
import { checkPlans, checkSettings } from './run-checks.ts';
import type { PlanRun } from './run-document.ts';
import { makeReady, withRunGround, type RunGround } from './run-ground.ts';
import { refuseRepeated } from './run-guard.ts';
import { lockRun, type PlanLock } from './run-lock.ts';
import type { RunOptions } from './run-options.ts';
import { workOnRun, type WorkedRun } from './work-on-run.ts';

/** What `runPlans` works with. */
export interface RunPlansOptions extends RunOptions {
  /** Run the one plan only if it has this hash (see `planHash`), of which 12 digits will do; default: any. */
  readonly expectHash?: string | undefined;
  /** How old a service log may be to count as the same, in milliseconds; default: as the plan says, else the settings. */
  readonly duplicateWithinMs?: number | undefined;
  /** Run plans that were run before once more, from their beginning. Default: false. */
  readonly again?: boolean;
}

/**
 * Runs plans one after the other; nothing of the first is sent before the last is locked, known to be new, ready,
 * confirmed and its credentials proven. Fewer runs than plans come back where `signal` stopped it between two.
 * Errors, before anything is sent: PLAN_CHANGED, PLAN_RUNNING, PLAN_FINISHED, PLAN_UNFINISHED, CONFIG_INVALID,
 * CREDENTIALS_FAILED, INVALID_OPTION, OUTPUT_FAILED for a `metricsFile` that cannot be, those of `askBefore`, and what
 * `refuseWrites` and `confirm` throw.
 */
export async function runPlans(plans: readonly Plan[], options: RunPlansOptions): Promise<PlanRun[]> {
  checkPlans(plans, options.expectHash);
  await checkReporting(options);
  options.refuseWrites?.();
  checkSettings(plans, options);
  const worked = await withRunGround(options, async (ground) => {
    const locks: PlanLock[] = [];
    try {
      const ready: LockedRun[] = [];
      for (const plan of plans) {
        const hash = planHash(plan);
        const lock = await lockRun(hash, ground);
        locks.push(lock);
        if (options.again !== true) refuseRepeated(ground.journal, hash, plans.length);
        ready.push({ run: newRun(plan, hash, options), lock });
      }
      for (const { run } of ready) await makeReady(ground.systems, run.steps);
      for (const { run } of ready) await options.confirm?.({ ...run, verb: 'runs' });
      const asked = ready.map(({ run: { plan, steps }, lock }) => ({ plan, steps, lost: lock.lost }));
      await askBefore(asked, ground);
      return await workOnAll(ready, ground);
    } finally {
      for (const lock of locks) await lock.release();
    }
  });
  return endRuns(worked, options);
}

interface LockedRun {
  readonly run: RunHead;
  readonly lock: PlanLock;
}

async function workOnAll(ready: readonly LockedRun[], ground: RunGround): Promise<WorkedRun[]> {
  const { journal, options } = ground;
  const { notes, signal, clock } = options;
  const worked: WorkedRun[] = [];
  for (const { run: prepared, lock } of ready) {
    if (worked.length > 0 && signal.aborted) break;
    const run = { ...prepared, startedAt: clock.now() };
    await journal.begin(run);
    notes.say(`run ${run.id} of plan ${run.plan.name} (${shortHash(run.hash)})`);
    worked.push(await workOnRun(run, lock, ground));
  }
  const left = ready.slice(worked.length).map(({ run }) => run.plan.name);
  if (left.length > 0) notes.say(`not begun: ${left.join(', ')}; plan run of these alone does them`);
  return worked;
}

function newRun(plan: Plan, hash: string, options: RunPlansOptions): RunHead {
  const { random, clock, settings } = options;
  const silentPolicy = settings['pagerduty.silentPolicy'];
  const age = plan.options.duplicateWithin ?? settings['plan.duplicateWithin'];
  const duplicateWithinMs = options.duplicateWithinMs ?? (age === undefined ? undefined : parseAge(age));
  return {
    id: random.uuid(),
    hash,
    plan,
    steps: arrangePlan(plan),
    settings: {
      ...(silentPolicy === undefined ? {} : { silentPolicy }),
      escalationLevel: settings['pagerduty.escalationLevel'],
      ...(duplicateWithinMs === undefined ? {} : { duplicateWithinMs }),
    },
    startedAt: clock.now(),
  };
}
