/**
 * The bodies of PagerDuty REST v2 as far as they are used. A test holds them against the published document: what is
 * sent fits it, and what is read is there with this type. What it does not require is optional here.
 */

/** Adds a note. */
export interface CreateNoteBody {
  readonly note: { readonly content: string };
}

/** Changes an incident. */
export interface UpdateIncidentBody {
  readonly incident: IncidentUpdate;
}

/** What is changed; what is absent stays. */
export interface IncidentUpdate {
  readonly type: 'incident_reference';
  readonly title?: string;
  /** 1 is the first level. */
  readonly escalation_level?: number;
  readonly escalation_policy?: { readonly id: string; readonly type: 'escalation_policy_reference' };
  readonly status?: 'acknowledged' | 'resolved' | 'triggered';
}

/** A note. */
export interface NoteFields {
  readonly id?: string;
  readonly content: string;
  readonly created_at?: string;
}

/** Of a create. */
export interface NoteAnswer {
  readonly note: NoteFields;
}

/** All notes of an incident. */
export interface NotesAnswer {
  readonly notes: readonly NoteFields[];
}

/** A reference to another object. */
export interface ReferenceFields {
  readonly id?: string;
}

/** An incident. */
export interface IncidentFields {
  readonly id?: string;
  readonly title?: string;
  readonly status?: string;
  readonly html_url?: string | null;
  readonly escalation_policy?: ReferenceFields;
  readonly service?: ReferenceFields;
}

/** Of a read and of an update. */
export interface IncidentAnswer {
  readonly incident: IncidentFields;
}

/** An alert. */
export interface AlertFields {
  readonly id?: string;
  readonly body?: { readonly details?: unknown };
}

/** A page of alerts. */
export interface AlertsAnswer {
  readonly alerts: readonly AlertFields[];
  readonly more?: boolean;
}

/** A user. */
export interface UserFields {
  readonly email: string;
  readonly role?: string;
}

/** Of a read. */
export interface UserAnswer {
  readonly user: UserFields;
}

/** A page of users. */
export interface UsersAnswer {
  readonly users: readonly UserFields[];
  readonly more?: boolean;
}

/** An escalation policy. */
export interface EscalationPolicyFields {
  readonly id?: string;
  readonly name: string;
}

/** Of a read. */
export interface EscalationPolicyAnswer {
  readonly escalation_policy: EscalationPolicyFields;
}

/** Why a request was refused. */
export interface ErrorFields {
  readonly code?: number | string;
  readonly message?: string;
  /** The document knows lists only; one text comes too. */
  readonly errors?: string | readonly string[];
}

/** The document knows `error` as an object only; a text comes too, and a bare message. */
export interface PagerDutyErrorAnswer {
  readonly error?: ErrorFields | string;
  readonly message?: string;
}
