/**
 * What each action says to its system. The run hands these to the clients and the preview makes the same requests of
 * them, so that what is shown is what is sent. What only the run knows comes in as an argument.
 */
import type { NewReport } from '../backplane/report-requests.ts';
import type { NewLimitedSupport, NewServiceLog } from '../ocm/ocm-requests.ts';
import type { IncidentChanges } from '../pagerduty/incident-requests.ts';
import type { LimitedSupport, PagerDutyTitleUpdate, PlannedActionOf, ServiceLog } from './plan.ts';

/** The service log of an action for the cluster with this internal id. */
export function serviceLogPayload(action: ServiceLog, clusterId: string): NewServiceLog {
  const { severity, serviceName, summary, description, internalOnly } = action;
  return { clusterId, severity, serviceName, summary, description, internalOnly };
}

/** The reason of limited support of an action. */
export function limitedSupportPayload({ summary, details }: LimitedSupport): NewLimitedSupport {
  return { summary, details };
}

/** `notes` is the text of the notes, `sentAt` the time of sending in RFC 3339 with seconds, UTC. */
export function reportPayload(
  action: PlannedActionOf<'backplane_report'>,
  { notes, sentAt }: { notes: string; sentAt: string },
): NewReport {
  return {
    summary: action.timestamped ? `${sentAt} : ${action.summary}` : action.summary,
    data: action.fromNotes === true ? notes : action.data,
  };
}

/** The text of a note; `notes` is that of the notes of the run. */
export function noteContent(action: PlannedActionOf<'pagerduty_note'>, notes: string): string {
  return action.fromNotes === true ? notes : action.content;
}

/** Nothing where the title has the prefix already, wherever it stands in it. */
export function titleChanges(
  { prefix }: Pick<PagerDutyTitleUpdate, 'prefix'>,
  title: string,
): IncidentChanges | undefined {
  return title.includes(prefix) ? undefined : { title: `${prefix} ${title}` };
}

/** What silences an incident; the policy by its id. */
export function silenceChanges(silentPolicy: string): IncidentChanges {
  return { escalationPolicy: silentPolicy };
}

/** The level is counted from 1. */
export function escalationChanges(escalationLevel: number): IncidentChanges {
  return { escalationLevel };
}
