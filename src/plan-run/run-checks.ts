/** What is checked of plans before anything is opened, also where nothing will be sent. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isHashExpected, planHash } from '../plan/hash.ts';
import type { Plan } from '../plan/plan.ts';
import { settingsFindings } from '../plan/settings-findings.ts';
import { requestSettings, type RequestSettings } from '../plan/request-settings.ts';
import type { SystemSettings } from '../plan/system-settings.ts';

/** Errors: PLAN_CHANGED for another hash than expected, INVALID_OPTION for one hash and several plans, or the same plan twice. */
export function checkPlans(plans: readonly Plan[], expectedHash: string | undefined): void {
  checkHash(plans, expectedHash);
  refuseTwins(plans);
}

function refuseTwins(plans: readonly Plan[]): void {
  const names = new Map<string, string>();
  for (const plan of plans) {
    const hash = planHash(plan);
    const twin = names.get(hash);
    if (twin !== undefined) {
      throw new RemedyError(
        'INVALID_OPTION',
        `the same plan is given twice, as ${twin} and as ${plan.name}`,
        {
          hint: 'leave one of them out',
        },
      );
    }
    names.set(hash, plan.name);
  }
}

function checkHash(plans: readonly Plan[], expected: string | undefined): void {
  if (expected === undefined) return;
  const [plan, second] = plans;
  if (plan === undefined || second !== undefined) {
    throw new RemedyError(
      'INVALID_OPTION',
      `${optionName('expectHash')} is for one plan, not for ${plans.length}`,
    );
  }
  const hash = planHash(plan);
  if (isHashExpected(hash, expected)) return;
  throw new RemedyError('PLAN_CHANGED', `the plan ${plan.name} has the hash ${hash}, not ${expected}`, {
    hint: 'plan show prints what it says now',
    details: { expected, hash },
  });
}

/** Errors: CONFIG_INVALID with everything that the configuration lacks to run a plan; credentials are not looked at. */
export function checkSettings(plans: readonly Plan[], { settings, version }: SettingsOptions): void {
  const requests = requestSettings(settings, version);
  for (const plan of plans) checkSettingsOf(plan, requests);
}

interface SettingsOptions {
  readonly settings: SystemSettings;
  /** Of remedyctl, for the user agent. */
  readonly version: string;
}

function checkSettingsOf(plan: Plan, requests: RequestSettings): void {
  const findings = settingsFindings(plan, requests);
  if (findings.length === 0) return;
  const lines = findings.map(({ index, message }) => `action ${index} ${message}`);
  throw new RemedyError('CONFIG_INVALID', `the plan ${plan.name} cannot be run: ${lines.join('; ')}`, {
    hint: 'everything that is missing is said by: remedyctl plan validate',
    details: { findings },
  });
}
