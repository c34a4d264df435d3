/**
 * The bodies of PagerDuty REST v2 as far as they are used. A test holds them against the published document: what is
 * sent fits it, and what is read is there with this type. What it does not require is optional here.
 */

export interface CreateNoteBody {
  readonly note: { readonly content: string };
}

export interface UpdateIncidentBody {
  readonly incident: IncidentUpdate;
}

export interface IncidentUpdate {
  readonly type: 'incident_reference';
  readonly title?: string;
  /** 1 is the first level. */
  readonly escalation_level?: number;
  readonly escalation_policy?: { readonly id: string; readonly type: 'escalation_policy_reference' };
  readonly status?: 'acknowledged' | 'resolved' | 'triggered';
}

export interface NoteFields {
  readonly id?: string;
  readonly content: string;
  readonly created_at?: string;
}

export interface NoteAnswer {
  readonly note: NoteFields;
}

export interface NotesAnswer {
  readonly notes: readonly NoteFields[];
}

export interface ReferenceFields {
  readonly id?: string;
}

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

export interface AlertFields {
  readonly id?: string;
  readonly body?: { readonly details?: unknown };
}

export interface AlertsAnswer {
  readonly alerts: readonly AlertFields[];
  readonly more?: boolean;
}

export interface UserFields {
  readonly email: string;
  readonly role?: string;
}

export interface UsersAnswer {
  readonly users: readonly UserFields[];
  readonly more?: boolean;
}

export interface EscalationPolicyFields {
  readonly id?: string;
  readonly name: string;
}

export interface EscalationPolicyAnswer {
  readonly escalation_policy: EscalationPolicyFields;
}

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
