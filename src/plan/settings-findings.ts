/** What a plan needs of the configuration and does not find there. Values of credentials are never looked at. */
import { environmentNames, type SettingKey } from '../config/settings.ts';
import { optionName } from '../errors/option-name.ts';
import { arrangePlan } from './arrange.ts';
import { isPagerDutyAction, type Plan, type PlannedAction } from './plan.ts';
import type { PlanFinding } from './plan-checks.ts';
import type { CredentialPresence } from './credential-presence.ts';
import type { RequestSettings } from './request-settings.ts';
import { systemOf } from './written-system.ts';

/** What is missing for the actions that will run; each finding names the first action that needs it. */
export function settingsFindings(
  plan: Plan,
  settings: RequestSettings,
  credentials?: CredentialPresence,
): PlanFinding[] {
  const running = arrangePlan(plan).flatMap(({ action, treatment }) => (treatment === 'run' ? [action] : []));
  return needs(plan, settings, credentials).flatMap(({ isMet, of, message, setting }) => {
    const first = isMet ? undefined : running.find(of);
    return first === undefined
      ? []
      : [{ index: first.index, message, ...(setting === undefined ? {} : { setting }) }];
  });
}

/**
 * Of these what a plan itself needs beside its file: without it a request cannot even be shown whole. URLs and
 * credentials belong to the machine that runs it.
 */
export function ownSettingsFindings(plan: Plan, settings: RequestSettings): PlanFinding[] {
  return settingsFindings(plan, settings).filter(({ setting }) => setting !== undefined);
}

/** Where a setting is given, for whoever has to. */
export function waysToSet(key: SettingKey): string {
  return [...environmentNames(key), `${key} in the configuration`].join(', or ');
}

interface Need {
  isMet: boolean;
  /** Absent where it is a matter of the machine. */
  setting?: string;
  of: (action: PlannedAction) => boolean;
  message: string;
}

const isReport = ({ type }: PlannedAction): boolean => type === 'backplane_report';
const isRemedyOrReport = (action: PlannedAction): boolean => !isPagerDutyAction(action);

function urlNeeds({ urls, urlProblems = {} }: RequestSettings): Need[] {
  const problems = (['pagerduty', 'ocm', 'backplane'] as const).flatMap((system): Need[] => {
    const message = urlProblems[system];
    const of = (action: PlannedAction): boolean => systemOf(action) === system;
    return message === undefined ? [] : [{ isMet: false, of, message: `needs another URL: ${message}` }];
  });
  const isThere = urls.backplane !== undefined || urlProblems.backplane !== undefined;
  return [
    ...problems,
    {
      isMet: isThere,
      of: isReport,
      message: `needs the setting backplane.url (${waysToSet('backplane.url')})`,
    },
  ];
}

function needs(plan: Plan, settings: RequestSettings, credentials: CredentialPresence | undefined): Need[] {
  const isSet = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';
  return [
    {
      isMet: isSet(settings.from),
      of: isPagerDutyAction,
      setting: 'pagerduty.from',
      message: `needs the setting pagerduty.from: the e-mail address of a user of the PagerDuty account (${waysToSet('pagerduty.from')})`,
    },
    {
      isMet: isSet(plan.incident?.silentPolicy ?? settings.silentPolicy),
      of: ({ type }) => type === 'silence_incident',
      setting: 'pagerduty.silentPolicy',
      message: `needs a silent escalation policy: ${optionName('spec.incident.silentPolicy')} for one silence, spec.incident.silentPolicy in a plan, or the setting pagerduty.silentPolicy (${waysToSet('pagerduty.silentPolicy')})`,
    },
    ...urlNeeds(settings),
    {
      isMet: credentials?.pagerduty ?? true,
      of: isPagerDutyAction,
      message: 'needs credentials of PagerDuty: PAGERDUTY_TOKEN, or a file of the token',
    },
    {
      isMet: credentials?.ocm ?? true,
      of: isRemedyOrReport,
      message: 'needs credentials of OCM: OCM_TOKEN, OCM_CLIENT_ID with OCM_CLIENT_SECRET, or files of them',
    },
  ];
}
