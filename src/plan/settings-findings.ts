/** What a plan needs of the configuration and does not find there. Values of credentials are never looked at. */
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
  return needs(plan, settings, credentials).flatMap(({ isMet, of, message }) => {
    const first = isMet ? undefined : running.find(of);
    return first === undefined ? [] : [{ index: first.index, message }];
  });
}

interface Need {
  isMet: boolean;
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
  return [...problems, { isMet: isThere, of: isReport, message: 'needs the setting backplane.url' }];
}

function needs(plan: Plan, settings: RequestSettings, credentials: CredentialPresence | undefined): Need[] {
  const isSet = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';
  return [
    {
      isMet: isSet(settings.from),
      of: isPagerDutyAction,
      message: 'needs the setting pagerduty.from: the e-mail address of a user of the PagerDuty account',
    },
    {
      isMet: isSet(plan.incident?.silentPolicy ?? settings.silentPolicy),
      of: ({ type }) => type === 'silence_incident',
      message:
        'needs a silent escalation policy: spec.incident.silentPolicy, or the setting pagerduty.silentPolicy',
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
