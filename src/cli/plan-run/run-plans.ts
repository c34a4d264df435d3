import { arrangePlan } from '../../plan/arrange.ts';
import { planHash, shortHash } from '../../plan/hash.ts';
import type { Plan } from '../../plan/plan.ts';
import type { RunHead } from '../../plan/run/journal.ts';
import type { Session } from '../session.ts';
import { refuseReadOnly } from '../write-guard.ts';
import { exitCodeOfRuns, printRuns } from './print-runs.ts';
import { checkReporting, reportMetrics } from './report-metrics.ts';
import { confirmRun } from './run-confirmation.ts';
import { makeReady, withRunGround, type RunGround } from './run-ground.ts';
import type { WorkFlags } from './run-flags.ts';
import { checkPlans, checkSettings } from './run-checks.ts';
import { refuseRepeated } from './run-guard.ts';
import { lockRun, type PlanLock } from './run-lock.ts';
import { workOnRun, type WorkedRun } from './work-on-run.ts';

export interface RunFlags extends WorkFlags {
  readonly 'expect-hash'?: string | undefined;
  readonly again: boolean;
}

/**
 * Runs plans one after the other and prints what became of them; nothing of the first is sent before the last is locked,
 * known to be new, ready and confirmed. Returns the exit code. Errors, before anything is sent: PLAN_CHANGED,
 * PLAN_RUNNING, PLAN_FINISHED, PLAN_UNFINISHED, READ_ONLY_PROFILE, NEEDS_YES, DECLINED, CONFIG_INVALID,
 * CREDENTIALS_FAILED, USAGE.
 */
export async function runPlans(session: Session, plans: readonly Plan[], flags: RunFlags): Promise<number> {
  checkPlans(plans, flags['expect-hash']);
  await checkReporting(session, flags);
  refuseReadOnly(session, { dryRun: false });
  checkSettings(session, plans);
  const worked = await withRunGround(session, flags, (ground) => runAll(ground, plans, flags));
  return reportRuns(session, flags, { worked, planCount: plans.length });
}

interface EndedRuns {
  readonly worked: readonly WorkedRun[];
  /** Those that were not begun included. */
  readonly planCount: number;
}

/** Prints runs, reports their counters, also where stdout takes nothing, gives the exit code. */
export async function reportRuns(
  session: Session,
  flags: WorkFlags,
  { worked, planCount }: EndedRuns,
): Promise<number> {
  const documents = worked.map(({ document }) => document);
  const series = worked.flatMap((run) => run.series);
  try {
    await printRuns(session, documents, planCount);
  } finally {
    await reportMetrics(session, flags, series);
  }
  return exitCodeOfRuns(session, documents);
}

interface LockedRun {
  readonly run: RunHead;
  readonly lock: PlanLock;
}

async function runAll(ground: RunGround, plans: readonly Plan[], flags: RunFlags): Promise<WorkedRun[]> {
  const { session, journal } = ground;
  const locks: PlanLock[] = [];
  try {
    const ready: LockedRun[] = [];
    for (const plan of plans) {
      const hash = planHash(plan);
      const lock = await lockRun(session, journal, hash);
      locks.push(lock);
      if (!flags.again) refuseRepeated(journal, hash, plans.length);
      ready.push({ run: newRun(session, plan, hash), lock });
    }
    for (const { run } of ready) await makeReady(ground.systems, run.steps);
    for (const { run } of ready) await confirmRun(session, run, { yes: flags.yes, verb: 'runs' });
    return await workOnAll(ground, ready);
  } finally {
    for (const lock of locks) await lock.release();
  }
}

async function workOnAll(ground: RunGround, ready: readonly LockedRun[]): Promise<WorkedRun[]> {
  const { session, journal } = ground;
  const { notices, runtime } = session;
  const worked: WorkedRun[] = [];
  for (const { run: prepared, lock } of ready) {
    if (worked.length > 0 && runtime.signal.aborted) break;
    const run = { ...prepared, startedAt: runtime.clock.now() };
    await journal.begin(run);
    notices.say(`run ${run.id} of plan ${run.plan.name} (${shortHash(run.hash)})`);
    worked.push(await workOnRun(ground, run, lock));
  }
  const left = ready.slice(worked.length).map(({ run }) => run.plan.name);
  if (left.length > 0) notices.say(`not begun: ${left.join(', ')}; plan run of these alone does them`);
  return worked;
}

function newRun({ runtime, config }: Session, plan: Plan, hash: string): RunHead {
  const silentPolicy = config.values['pagerduty.silentPolicy'];
  return {
    id: runtime.random.uuid(),
    hash,
    plan,
    steps: arrangePlan(plan),
    settings: {
      ...(silentPolicy === undefined ? {} : { silentPolicy }),
      escalationLevel: config.values['pagerduty.escalationLevel'],
    },
    startedAt: runtime.clock.now(),
  };
}
