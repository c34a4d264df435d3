import { RemedyError } from '../../errors/remedy-error.ts';
import { arrangePlan } from '../../plan/arrange.ts';
import { planHash } from '../../plan/hash.ts';
import type { Plan } from '../../plan/plan.ts';
import type { RunHead } from '../../plan/run/journal.ts';
import { settingsFindings } from '../../plan/settings-findings.ts';
import { requestSettings } from '../plan/request-settings.ts';
import type { Session } from '../session.ts';
import { refuseReadOnly } from '../write-guard.ts';
import { exitCodeOfRuns, printRuns } from './print-runs.ts';
import { pushAddress, reportMetrics } from './report-metrics.ts';
import { confirmRun } from './run-confirmation.ts';
import { makeReady, withRunGround, type RunGround } from './run-ground.ts';
import type { WorkFlags } from './run-flags.ts';
import { refuseRepeated } from './run-guard.ts';
import { lockRun } from './run-lock.ts';
import { workOnRun, type WorkedRun } from './work-on-run.ts';

export interface RunFlags extends WorkFlags {
  readonly 'expect-hash'?: string | undefined;
  readonly again: boolean;
}

/**
 * Runs plans one after the other and prints what became of them. Returns the exit code. Errors, before anything is sent:
 * PLAN_CHANGED, PLAN_RUNNING, PLAN_FINISHED, PLAN_UNFINISHED, READ_ONLY_PROFILE, NEEDS_YES, DECLINED, CONFIG_INVALID,
 * CREDENTIALS_FAILED.
 */
export async function runPlans(session: Session, plans: readonly Plan[], flags: RunFlags): Promise<number> {
  checkHash(plans, flags['expect-hash']);
  pushAddress(flags);
  refuseReadOnly(session, { dryRun: false });
  for (const plan of plans) checkSettings(session, plan);
  const runs = await withRunGround(session, flags, async (ground) => {
    const worked: WorkedRun[] = [];
    for (const plan of plans) {
      if (worked.length > 0 && session.runtime.signal.aborted) break;
      worked.push(await runOne(ground, plan, flags));
    }
    return worked;
  });
  return reportRuns(session, flags, runs);
}

/** Prints runs, reports their counters, gives the exit code. */
export async function reportRuns(
  session: Session,
  flags: WorkFlags,
  runs: readonly WorkedRun[],
): Promise<number> {
  const documents = runs.map(({ document }) => document);
  await printRuns(session, documents);
  await reportMetrics(
    session,
    flags,
    runs.flatMap(({ series }) => series),
  );
  return exitCodeOfRuns(session, documents);
}

async function runOne(ground: RunGround, plan: Plan, { again, yes }: RunFlags): Promise<WorkedRun> {
  const { session, journal, systems } = ground;
  const { runtime, config } = session;
  const hash = planHash(plan);
  const lock = await lockRun(session, journal, hash);
  try {
    if (!again) refuseRepeated(journal, hash);
    const silentPolicy = config.values['pagerduty.silentPolicy'];
    const run: RunHead = {
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
    await makeReady(systems, run.steps);
    await confirmRun(session, run, { yes, verb: 'runs' });
    journal.begin(run);
    session.notices.say(`run ${run.id} of plan ${plan.name} (${hash.slice(0, 12)})`);
    return await workOnRun(ground, run, lock);
  } finally {
    await lock.release();
  }
}

function checkHash(plans: readonly Plan[], expected: string | undefined): void {
  if (expected === undefined) return;
  const [plan, second] = plans;
  if (plan === undefined || second !== undefined) {
    throw new RemedyError('USAGE', `--expect-hash is for one plan, not for ${plans.length}`);
  }
  const hash = planHash(plan);
  if (hash === expected.toLowerCase()) return;
  throw new RemedyError('PLAN_CHANGED', `the plan ${plan.name} has the hash ${hash}, not ${expected}`, {
    hint: 'plan show prints what it says now',
    details: { expected, hash },
  });
}

function checkSettings(session: Session, plan: Plan): void {
  const findings = settingsFindings(plan, requestSettings(session));
  if (findings.length === 0) return;
  const lines = findings.map(({ index, message }) => `action ${index} ${message}`);
  throw new RemedyError('CONFIG_INVALID', `the plan ${plan.name} cannot be run: ${lines.join('; ')}`, {
    hint: 'plan validate says everything that is missing',
    details: { findings },
  });
}
