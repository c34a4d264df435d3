/** Everything that is wrong with plans and can be known before a byte is sent. */
import type { ConfigProblem } from '../documents/config-problem.ts';
import type { AskSystemsOptions } from './ask-systems.ts';
import { credentialPresence } from './credential-presence.ts';
import { readPlanFiles, type LoadedPlan, type LoadPlansOptions } from './load-plans.ts';
import type { PlanFinding } from './plan-checks.ts';
import { credentialSources, type Logins } from './logins.ts';
import { requestSettings } from './request-settings.ts';
import type { SeenLogin } from './seen-logins.ts';
import { settingsFindings } from './settings-findings.ts';
import type { SystemSettings } from './system-settings.ts';

/** What plans are checked with, and how far. */
export interface ValidateOptions
  extends LoadPlansOptions, Omit<AskSystemsOptions, 'settings' | 'onLogins' | 'loginGround'> {
  readonly settings: SystemSettings;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
  /** Of other programs, see `findLogins`. */
  readonly logins?: Logins | undefined;
  /** Only what stands in the files; not whether this machine could run them. Default: false. */
  readonly filesOnly?: boolean;
  /** Also what the systems say about cluster, incident and permissions. Default: false. */
  readonly online?: boolean;
}

/** What there is, and what is wrong with it; a plan is valid where there is no problem. */
export interface PlanValidation {
  /** Those in which nothing is wrong by themselves. */
  readonly plans: readonly LoadedPlan[];
  readonly problems: readonly ConfigProblem[];
  /** Who is seen by each system that was asked. */
  readonly logins: readonly SeenLogin[];
}

/** Errors: those of reading, see `loadPlans`; what is in the files is a problem and no error. */
export async function validatePlans(
  inputs: readonly string[],
  options: ValidateOptions,
): Promise<PlanValidation> {
  const { plans, problems } = await readPlanFiles(inputs, options);
  if (options.filesOnly !== true) problems.push(...(await machineProblems(plans, options)));
  let logins: readonly SeenLogin[] = [];
  const hear = (seen: readonly SeenLogin[]): void => {
    logins = seen;
  };
  if (options.online === true) problems.push(...(await systemProblems(plans, options, hear)));
  return { plans, problems, logins };
}

async function machineProblems(
  plans: readonly LoadedPlan[],
  { settings, version, env, logins }: ValidateOptions,
): Promise<ConfigProblem[]> {
  if (plans.length === 0) return [];
  const requests = requestSettings(settings, version);
  const { present, problems } = await credentialPresence(settings, { env, logins });
  const findings = plans.flatMap((loaded) =>
    settingsFindings(loaded.plan, requests, present).map((finding) => placed(finding, loaded)),
  );
  return [...problems.map((message) => ({ where: 'credentials', message })), ...findings];
}

async function systemProblems(
  plans: readonly LoadedPlan[],
  options: ValidateOptions,
  onLogins: AskSystemsOptions['onLogins'],
): Promise<ConfigProblem[]> {
  const { askSystems } = await import('./ask-systems.ts');
  const { urls } = requestSettings(options.settings, options.version);
  const loginGround = { urls, sources: credentialSources(options.settings, options) };
  const found = await askSystems(
    plans.map(({ plan }) => plan),
    { ...options, onLogins, loginGround },
  );
  return plans.flatMap((loaded, place) => (found[place] ?? []).map((finding) => placed(finding, loaded)));
}

function placed({ index, message }: PlanFinding, { file, plan }: LoadedPlan): ConfigProblem {
  const action = plan.actions.find((one) => one.index === index);
  const about = action === undefined ? '' : `: action ${action.index} ${action.type}`;
  const field = { field: `${plan.name}${about}` };
  return { where: file, file, ...field, message };
}
