/** Runs of plans at the terminal: who is asked, how it is told, and the exit code. */
import { identityOf } from '../../lease/identity.ts';
import type { Plan } from '../../plan/plan.ts';
import { resumeRun } from '../../plan-run/resume-run.ts';
import type { RunOptions } from '../../plan-run/run-options.ts';
import { runPlans } from '../../plan-run/run-plans.ts';
import { connectTo } from '../composition.ts';
import { ageFlag, durationFlag } from '../lease/duration-flag.ts';
import { signIn, type SignedIn } from '../plan/sign-in.ts';
import { exchangeLog } from '../request-log.ts';
import type { Session } from '../session.ts';
import { refuseReadOnly } from '../write-guard.ts';
import { askOperator } from './ask-operator.ts';
import { chooseTeller } from './choose-teller.ts';
import { exitCodeOfRuns, printRuns } from './print-runs.ts';
import { confirmRun } from './run-confirmation.ts';
import type { WorkFlags } from './run-flags.ts';

export interface RunFlags extends WorkFlags {
  readonly 'expect-hash'?: string | undefined;
  readonly again: boolean;
  readonly 'duplicate-within'?: string | undefined;
}

/** Runs plans and prints what became of them. Returns the exit code. Errors: those of `runPlans`, USAGE. */
export async function executePlans(
  session: Session,
  plans: readonly Plan[],
  flags: RunFlags,
): Promise<number> {
  const runs = await runPlans(plans, {
    ...runOptions(await signIn(session, flags), flags, plans.length),
    refuseWrites: () => {
      refuseReadOnly(session, { dryRun: false });
    },
    expectHash: flags['expect-hash'],
    again: flags.again,
    duplicateWithinMs: ageFlag('duplicate-within', flags['duplicate-within']),
  });
  return exitCodeOfRuns(session, runs);
}

export interface ResumeFlags extends WorkFlags {
  readonly moved: boolean;
}

/** Goes on with a run and prints what became of it. Returns the exit code. Errors: those of `resumeRun`, USAGE. */
export async function executeResume(session: Session, key: string, flags: ResumeFlags): Promise<number> {
  const run = await resumeRun(key, {
    ...runOptions(await signIn(session, flags), flags, 1),
    refuseWrites: () => {
      refuseReadOnly(session);
    },
    moved: flags.moved,
  });
  return exitCodeOfRuns(session, [run]);
}

function runOptions({ session, openSystems }: SignedIn, flags: WorkFlags, planCount: number): RunOptions {
  const { runtime, config, notices, output } = session;
  const { clock, random, signal, env, cwd, version, stdin, stderr } = runtime;
  const { values } = config;
  return {
    clock,
    random,
    signal,
    env,
    cwd,
    version,
    settings: values,
    notes: notices,
    identity: identityOf(runtime),
    onExchange: notices.isVerbose ? exchangeLog(notices) : undefined,
    timeoutMs: durationFlag('timeout', flags.timeout),
    metricsFile: flags['metrics-file'],
    pushgateway: flags.pushgateway,
    openSystems,
    connect:
      values.target === 'embedded'
        ? undefined
        : (observers) => connectTo(session, { ...observers, use: 'records' }),
    confirm: (run) => confirmRun(session, run, flags.yes),
    ask: (question, stop) => askOperator(question, { stdin, stderr, signal: stop }),
    tell: (run) => chooseTeller(session, run),
    show: (runs) => printRuns(session, runs, planCount),
    onUnreported: (failure) => {
      output.fail(failure);
    },
  };
}
