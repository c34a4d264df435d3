/** Commands of one action: plans of one, from flags; the same checks, journal and outcomes as any plan. */
import path from 'node:path';
import { boolean, integer } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { PlanSubject } from '../../plan/builders.ts';
import { mostRetries, type ActionType, type Plan } from '../../plan/plan.ts';
import { readPlanFile, readPlanFromStdin } from '../../documents/read-plan-file.ts';
import type { Session } from '../session.ts';
import { dryRun, dryRunFlag, type DryRunFlags } from './dry-run.ts';
import { inFlags } from '../flag-names.ts';
import { runGroup, workFlags, type WorkFlags } from './run-flags.ts';

/** The flags of every command of one action. */
export const oneActionFlags = {
  ...workFlags,
  ...dryRunFlag,
  'max-retries': integer({
    helpGroup: runGroup,
    helpValue: 'COUNT',
    min: 0,
    max: mostRetries,
    default: 3,
    summary: 'Attempts after the first.',
  }),
  again: boolean({ helpGroup: runGroup, summary: 'Do it although the very same was done before.' }),
};

export interface OneActionFlags extends WorkFlags {
  readonly 'dry-run'?: DryRunFlags['dry-run'];
  readonly 'max-retries': number;
  readonly again: boolean;
  readonly 'duplicate-within'?: string | undefined;
}

export interface OneAction {
  readonly type: ActionType;
  /** As in a plan file. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly subject: PlanSubject;
}

/** Runs or previews the plan of this action. Returns the exit code. Errors: INVALID_FIELD, and those of `plan run`. */
export async function runOneAction(session: Session, one: OneAction, flags: OneActionFlags): Promise<number> {
  const plan = await planOfOne(one, flags);
  if (flags['dry-run'] !== undefined) {
    await dryRun(session, [plan], flags);
    return 0;
  }
  const { executePlans } = await import('./execute.ts');
  try {
    return await executePlans(session, [plan], flags);
  } catch (thrown) {
    throw inFlags(thrown);
  }
}

async function planOfOne({ type, fields, subject }: OneAction, flags: OneActionFlags): Promise<Plan> {
  const { buildAction, buildPlan } = await import('../../plan/builders.ts');
  try {
    const action = buildAction(type, fields, subject.cluster);
    return buildPlan({ ...subject, options: { maxRetries: flags['max-retries'] } }, [action]);
  } catch (thrown) {
    throw inFlags(thrown);
  }
}

/** Where a text of a command comes from: its flag, or the flag of a file, in which `-` is stdin. */
export interface GivenText {
  readonly text?: string | undefined;
  readonly file?: string | undefined;
  /** Stdin holds credentials. */
  readonly 'token-stdin': boolean;
}

/** Exactly one of the two. Errors: USAGE, and those of reading. */
export async function textOf(session: Session, flag: string, given: GivenText): Promise<string> {
  const text = await optionalTextOf(session, flag, given);
  if (text !== undefined) return text;
  throw new RemedyError('USAGE', `give either --${flag} or --${flag}-file`);
}

/** One of the two, or none. The same errors. */
export async function optionalTextOf(
  { runtime }: Session,
  flag: string,
  { text, file, 'token-stdin': holdsTokens }: GivenText,
): Promise<string | undefined> {
  if (file === undefined) return text;
  if (text !== undefined) throw new RemedyError('USAGE', `give either --${flag} or --${flag}-file`);
  if (file !== '-') return readPlanFile(file, path.resolve(runtime.cwd, file));
  if (holdsTokens) {
    throw new RemedyError('USAGE', `--${flag}-file - and --token-stdin both read stdin`);
  }
  return readPlanFromStdin(runtime);
}
