import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { AskSystemsOptions } from '../plan/ask-systems.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanFinding } from '../plan/plan-checks.ts';
import type { SystemSettings } from '../plan/system-settings.ts';
import { checkPlans, checkSettings } from './run-checks.ts';

/** What plans are checked with, and how far. */
export interface DryRunOptions extends AskSystemsOptions {
  readonly settings: SystemSettings;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  /** As of `runPlans`. */
  readonly expectHash?: string | undefined;
  /** Ask the systems too. Default: false. */
  readonly online?: boolean;
}

/**
 * Whether plans would be run. Nothing is locked, written down or sent, so it is not known whether one was run before.
 * Errors: PLAN_CHANGED, INVALID_OPTION, CONFIG_INVALID; INVALID_DOCUMENT for what the systems say.
 */
export async function checkDryRun(plans: readonly Plan[], options: DryRunOptions): Promise<void> {
  checkPlans(plans, options.expectHash);
  checkSettings(plans, options);
  if (options.online === true) await refuseFound(plans, options);
}

async function refuseFound(plans: readonly Plan[], options: AskSystemsOptions): Promise<void> {
  const { askSystems } = await import('../plan/ask-systems.ts');
  const found = await askSystems(plans, options);
  const problems = found.flatMap((findings, place) => findings.map((finding) => line(finding, plans[place])));
  if (problems.length === 0) return;
  throw new RemedyError('INVALID_DOCUMENT', `this would not go through: ${problems.join('; ')}`, {
    hint: `plan validate ${optionName('online')} says the same of a file, one problem a line`,
    details: { problems },
  });
}

function line({ index, message }: PlanFinding, plan: Plan | undefined): string {
  const action = plan?.actions.find((one) => one.index === index);
  return action === undefined ? message : `action ${action.index} ${action.type}: ${message}`;
}
