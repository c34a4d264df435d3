import { pathSegment } from '../http/path-segment.ts';
import type { RemoteRequest } from '../http/remote-request.ts';
import type { CreateNoteBody, IncidentUpdate, UpdateIncidentBody } from './pagerduty-wire.ts';

/** What may be changed of an incident; at least one of them. */
export interface IncidentChanges {
  readonly title?: string;
  /** 1 is the first level. */
  readonly escalationLevel?: number;
  /** Its id. */
  readonly escalationPolicy?: string;
  readonly status?: 'acknowledged' | 'resolved' | 'triggered';
}

/** The largest page that PagerDuty gives. */
const pageSize = 100;

/** Adds a note. */
export function createNoteRequest(incidentId: string, content: string): RemoteRequest {
  return {
    system: 'pagerduty',
    method: 'POST',
    path: `${incidentPath(incidentId)}/notes`,
    body: { note: { content } } satisfies CreateNoteBody,
  };
}

/** All notes of an incident, in one answer. */
export function listNotesRequest(incidentId: string): RemoteRequest {
  return { system: 'pagerduty', method: 'GET', path: `${incidentPath(incidentId)}/notes` };
}

/** One incident. */
export function getIncidentRequest(incidentId: string): RemoteRequest {
  return { system: 'pagerduty', method: 'GET', path: incidentPath(incidentId) };
}

/** One escalation policy. */
export function getEscalationPolicyRequest(policyId: string): RemoteRequest {
  const policy = pathSegment(policyId, 'the id of the escalation policy');
  return { system: 'pagerduty', method: 'GET', path: `/escalation_policies/${policy}` };
}

/** Users whose name or e-mail address contains the text. */
export function findUsersRequest(text: string, offset: number): RemoteRequest {
  const query = new URLSearchParams({ query: text, limit: String(pageSize), offset: String(offset) });
  return { system: 'pagerduty', method: 'GET', path: `/users?${query.toString()}` };
}

/** Whose key or token it is. */
export function currentUserRequest(): RemoteRequest {
  return { system: 'pagerduty', method: 'GET', path: '/users/me' };
}

/** Changes an incident. */
export function updateIncidentRequest(incidentId: string, changes: IncidentChanges): RemoteRequest {
  return {
    system: 'pagerduty',
    method: 'PUT',
    path: incidentPath(incidentId),
    body: { incident: incidentUpdate(changes) } satisfies UpdateIncidentBody,
  };
}

/** A page of the alerts of an incident; `offset` counts alerts. */
export function listAlertsRequest(incidentId: string, offset: number): RemoteRequest {
  return {
    system: 'pagerduty',
    method: 'GET',
    path: `${incidentPath(incidentId)}/alerts?limit=${pageSize}&offset=${offset}`,
  };
}

function incidentUpdate(changes: IncidentChanges): IncidentUpdate {
  const { title, escalationLevel, escalationPolicy, status } = changes;
  return {
    type: 'incident_reference',
    ...(title === undefined ? {} : { title }),
    ...(escalationLevel === undefined ? {} : { escalation_level: escalationLevel }),
    ...(escalationPolicy === undefined
      ? {}
      : { escalation_policy: { id: escalationPolicy, type: 'escalation_policy_reference' } }),
    ...(status === undefined ? {} : { status }),
  };
}

function incidentPath(incidentId: string): string {
  return `/incidents/${pathSegment(incidentId, 'the id of the incident')}`;
}
