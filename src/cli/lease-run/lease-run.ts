/** `lease run` as a person sees it: what went wrong on stderr, the rest in the exit code. */
import { constants } from 'node:os';
import { RemedyError } from '../../errors/remedy-error.ts';
import { identityOf } from '../../lease/identity.ts';
import type { SubjectEnd } from '../../lease/run-subject.ts';
import {
  runLockedCommand,
  type LockedCommandGround,
  type LockedCommandOrder,
} from '../../locks/locked-command.ts';
import { errorText } from '../error-report.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import type { Session } from '../session.ts';

interface LeaseRunPlan extends Pick<LockedCommandGround, 'objects' | 'skew'> {
  order: LockedCommandOrder;
  conflictExitCode: number;
}

/** What a signal adds to 128 is its number. */
const signalBase = 128;

/**
 * Returns the exit code: the command's own, 126 or 127 where it cannot start, 128 + signal, and the conflict exit
 * code where the lock was not had or was lost. Throws what `runLockedCommand` throws.
 */
export async function runLease(session: Session, plan: LeaseRunPlan): Promise<number> {
  const { runtime, config, notices } = session;
  const { objects, skew, order, conflictExitCode } = plan;
  runtime.signal.throwIfAborted();
  runtime.ignoreInterruption();
  const outcome = await runLockedCommand(
    {
      objects,
      leaseNamespace: config.values.leaseNamespace,
      skew,
      clock: runtime.clock,
      random: runtime.random,
      identity: identityOf(runtime),
      env: runtime.env,
      notes: notices,
    },
    order,
  );
  if (outcome.kind === 'ended') return exitCodeOfEnd(outcome.end);
  if (outcome.kind === 'stopped') return exitCodeOfSignal(outcome.by);
  runtime.stderr.write(errorText(outcome.error, { version: runtime.version, verbose: false }));
  if (outcome.kind === 'notStarted') return exitCodeOfStart(outcome.error, conflictExitCode);
  if (outcome.kind === 'lost' && outcome.end === undefined)
    notices.warn('the command did not end although it was killed; it is left behind');
  return conflictExitCode;
}

function exitCodeOfStart(error: unknown, conflictExitCode: number): number {
  if (!(error instanceof RemedyError)) return exitCodeOf(error);
  if (error.code === 'LOCK_LOST') return conflictExitCode;
  return error.details?.['found'] === true ? exitCodes.notExecutable : exitCodeOf(error);
}

function exitCodeOfEnd(end: SubjectEnd): number {
  return end.signal === undefined ? end.exitCode : exitCodeOfSignal(end.signal);
}

function exitCodeOfSignal(name: string): number {
  return signalBase + ((constants.signals as Partial<Record<string, number>>)[name] ?? 0);
}
