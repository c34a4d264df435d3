/**
 * The bodies of OCM's service logs v1 and clusters_mgmt v1 as far as they are used. A test holds them against the
 * published documents, which require no field at all: what is sent has every field here, what is read has none for sure.
 */

/** The severities of service logs. */
export const serviceLogSeverities = [
  'Debug',
  'Info',
  'Warning',
  'Error',
  'Fatal',
  'Major',
  'Critical',
  'Important',
  'Moderate',
  'Low',
] as const;
/** One of `serviceLogSeverities`. */
export type ServiceLogSeverity = (typeof serviceLogSeverities)[number];

/** Sends a service log. */
export interface CreateServiceLogBody {
  readonly kind: 'LogEntry';
  readonly severity: ServiceLogSeverity;
  readonly service_name: string;
  readonly summary: string;
  readonly description: string;
  readonly internal_only: boolean;
  /** OCM's internal id. */
  readonly cluster_id: string;
}

/** Adds a reason of limited support. */
export interface CreateLimitedSupportBody {
  readonly kind: 'LimitedSupportReason';
  readonly summary: string;
  readonly details: string;
  readonly detection_type: 'manual';
}

/** An item of a list, and the answer to a create. */
export interface ServiceLogFields {
  readonly id?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly severity?: string;
  readonly service_name?: string;
  readonly internal_only?: boolean;
  readonly cluster_id?: string;
  readonly created_at?: string;
  readonly timestamp?: string;
  readonly created_by?: string;
  readonly username?: string;
}

/** An item of a list, and the answer to a create. */
export interface LimitedSupportFields {
  readonly id?: string;
  readonly summary?: string;
  readonly details?: string;
  readonly override?: { readonly enabled?: boolean };
  readonly creation_timestamp?: string;
}

/** An item of a list, and an answer of its own. */
export interface ClusterFields {
  readonly id?: string;
  readonly external_id?: string;
  /** Not in the document; the reference searches by it. */
  readonly display_name?: string;
  readonly name?: string;
  readonly state?: string;
  readonly product?: { readonly id?: string };
}

/** A page of any list; the items are read as what they should be. */
export interface ListAnswer<Item = unknown> {
  /** An empty list may come without. */
  readonly items?: readonly Item[];
  readonly total?: number;
}

/** Why a request was refused. */
export interface OcmErrorAnswer {
  readonly code?: string;
  /** A number by the document; older services give a text. */
  readonly id?: number | string;
  readonly reason?: string;
  /** Not in the documents. */
  readonly operation_id?: string;
}
