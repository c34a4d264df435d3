import { option } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanFinding } from '../../plan/plan-checks.ts';
import type { Session } from '../session.ts';
import type { WorkFlags } from './run-flags.ts';

/** `--dry-run` of commands that run plans. */
export const dryRunFlag = {
  'dry-run': option({
    options: ['client', 'server'] as const,
    summary:
      'Send nothing, show what would be sent; server: ask the systems too, as plan validate --online does. --dry-run alone means client.',
  })(),
};

export interface DryRunFlags extends Pick<WorkFlags, 'token-stdin'> {
  readonly 'dry-run'?: 'client' | 'server' | undefined;
  readonly 'expect-hash'?: string | undefined;
}

/**
 * Shows what a run would send, unless it would be refused. Nothing is locked, written down or sent, so it is not known
 * whether the plan was run before. Errors: those of the run's checks, INVALID_DOCUMENT for what the systems say.
 */
export async function dryRun(session: Session, plans: readonly Plan[], flags: DryRunFlags): Promise<void> {
  const [{ checkPlans, checkSettings }, { printPreviews }] = await Promise.all([
    import('./run-checks.ts'),
    import('../plan/show-run.ts'),
  ]);
  checkPlans(plans, flags['expect-hash']);
  checkSettings(session, plans);
  if (flags['dry-run'] === 'server') await refuseFound(session, plans, flags);
  await printPreviews(session, plans);
}

async function refuseFound(session: Session, plans: readonly Plan[], flags: DryRunFlags): Promise<void> {
  const [{ askSystems }, { givenSecrets }] = await Promise.all([
    import('../plan/ask-systems.ts'),
    import('./run-ground.ts'),
  ]);
  const found = await askSystems(session, plans, await givenSecrets(session, flags));
  const problems = found.flatMap((findings, place) => findings.map((finding) => line(finding, plans[place])));
  if (problems.length === 0) return;
  throw new RemedyError('INVALID_DOCUMENT', `this would not go through: ${problems.join('; ')}`, {
    hint: 'plan validate --online says the same of a file, one problem a line',
    details: { problems },
  });
}

function line({ index, message }: PlanFinding, plan: Plan | undefined): string {
  const action = plan?.actions.find((one) => one.index === index);
  return action === undefined ? message : `action ${action.index} ${action.type}: ${message}`;
}
