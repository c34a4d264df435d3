import type { CallOptions } from '../http/remote-request.ts';
import type { IncidentChanges } from './incident-requests.ts';

/** An incident as far as plans need it. */
export interface Incident {
  readonly id: string;
  readonly title: string;
  /** triggered, acknowledged, resolved. */
  readonly status: string;
  readonly escalationPolicyId?: string;
  readonly serviceId?: string;
  readonly htmlUrl?: string;
}

export interface IncidentNote {
  readonly id?: string;
  readonly content: string;
  /** RFC 3339. */
  readonly createdAt?: string;
}

export interface IncidentAlert {
  readonly id: string;
  /** `body.details`, as it came. */
  readonly details: unknown;
}

/**
 * PagerDuty REST v2. Every call is one HTTP attempt (an iteration over alerts: one for each page); errors are
 * RemoteError, and UnknownOutcomeError from the two writes.
 */
export interface PagerDutyClient {
  createNote(incidentId: string, content: string, options?: CallOptions): Promise<IncidentNote>;
  listNotes(incidentId: string, options?: CallOptions): Promise<IncidentNote[]>;
  /** Errors: USAGE where nothing is to be changed, or to an empty escalation policy. */
  updateIncident(incidentId: string, changes: IncidentChanges, options?: CallOptions): Promise<Incident>;
  getIncident(incidentId: string, options?: CallOptions): Promise<Incident>;
  /** All pages, each asked for when the one before has been read. */
  listAlerts(incidentId: string, options?: CallOptions): AsyncGenerator<IncidentAlert, void>;
}
