/** Commands of one action: plans of one, from flags; the same checks, journal and outcomes as any plan. */
import path from 'node:path';
import { boolean, integer } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { PlanSubject } from '../../plan/builders.ts';
import type { ActionType } from '../../plan/plan.ts';
import { writeFlags } from '../global-flags.ts';
import { readPlanFile } from '../plan/read-plan-file.ts';
import type { Session } from '../session.ts';
import { workFlags, type WorkFlags } from './run-flags.ts';

const mostRetries = 10;

/** The flags of every command of one action. */
export const oneActionFlags = {
  ...workFlags,
  'dry-run': writeFlags['dry-run'],
  'max-retries': integer({
    helpValue: 'COUNT',
    min: 0,
    max: mostRetries,
    default: 3,
    summary: 'Attempts after the first.',
  }),
  again: boolean({ summary: 'Do it although the very same was done before.' }),
};

export interface OneActionFlags extends WorkFlags {
  readonly 'dry-run'?: string | undefined;
  readonly 'max-retries': number;
  readonly again: boolean;
}

export interface OneAction {
  readonly type: ActionType;
  /** As in a plan file. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly subject: PlanSubject;
}

/** Runs or previews the plan of this action. Returns the exit code. Errors: INVALID_FIELD, and those of `plan run`. */
export async function runOneAction(session: Session, one: OneAction, flags: OneActionFlags): Promise<number> {
  const { type, fields, subject } = one;
  const { buildAction, buildPlan } = await import('../../plan/builders.ts');
  const action = buildAction(type, fields, subject.cluster);
  const plan = buildPlan({ ...subject, options: { maxRetries: flags['max-retries'] } }, [action]);
  if (flags['dry-run'] !== undefined) {
    const { printPreviews } = await import('../plan/show-run.ts');
    await printPreviews(session, [plan]);
    return 0;
  }
  const { runPlans } = await import('./run-plans.ts');
  return runPlans(session, [plan], flags);
}

/** A text given as a flag, or as a file; exactly one of them. Errors: USAGE, and those of reading. */
export async function textOf(
  { runtime }: Session,
  flag: string,
  given: { text?: string | undefined; file?: string | undefined },
): Promise<string> {
  const { text, file } = given;
  if (text !== undefined && file === undefined) return text;
  if (file !== undefined && text === undefined) return readPlanFile(file, path.resolve(runtime.cwd, file));
  throw new RemedyError('USAGE', `give either --${flag} or --${flag}-file`);
}
