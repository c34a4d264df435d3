/**
 * The plan of an executor: what is to be written to PagerDuty, OCM and Backplane about one cluster and one incident.
 *
 * A `Plan` is canonical: validated, with every default filled in, `include`, `${KEY}` and `${env:…}` resolved and its
 * actions in the order of execution. It holds nothing that is live: no time, no title of an incident, no credentials.
 */

import { serviceLogSeverities, type ServiceLogSeverity } from '../ocm/ocm-wire.ts';

/** Everything that a plan can do, by the name that plan files have for it. */
export const actionTypes = [
  'service_log',
  'limited_support',
  'pagerduty_note',
  'pagerduty_title_update',
  'silence_incident',
  'escalate_incident',
  'backplane_report',
] as const;
/** One of `actionTypes`. */
export type ActionType = (typeof actionTypes)[number];

/** The severities of service logs, as OCM has them. */
export const severities = serviceLogSeverities;
/** One of `severities`. */
export type Severity = ServiceLogSeverity;

/** The largest number of attempts after the first that a plan may ask for. */
export const mostRetries = 20;

/** execute: do it. informing: do nothing, post what would be done as a note. manual: no PagerDuty. */
export const planModes = ['execute', 'informing', 'manual'] as const;
/** One of `planModes`. */
export type PlanMode = (typeof planModes)[number];

/** A plan in its canonical form, as `buildPlan` and `loadPlans` make it. */
export interface Plan {
  /** `metadata.name`. */
  readonly name: string;
  /** The label `alert_type` of the metrics. Default: the name. */
  readonly alertType: string;
  /** The name in the header of the notes. Default: the name. */
  readonly noteTitle: string;
  readonly cluster?: PlanCluster;
  readonly incident?: PlanIncident;
  readonly options: PlanOptions;
  /** What the notes hold before anything ran. */
  readonly notes: readonly NoteLine[];
  /** In the order of execution; `index` tells the place in the file. */
  readonly actions: readonly PlannedAction[];
}

/** The cluster that a plan is about. */
export interface PlanCluster {
  /** OCM's internal id. */
  readonly id: string;
  /** The UUID; service logs are looked for by it, else by `id`: an installation that failed has none. */
  readonly externalId?: string;
  readonly name?: string;
  /** In lower case, as OCM has it: rosa, osd, … Links to the documentation of the other of these two are refused. */
  readonly product?: string;
}

/** The incident of PagerDuty that a plan is about. */
export interface PlanIncident {
  readonly id: string;
  /** The escalation policy of `silence_incident`, in place of the configured one. */
  readonly silentPolicy?: string;
}

/** How a plan is carried out. */
export interface PlanOptions {
  /** Default false. */
  readonly concurrent: boolean;
  /** Default false. */
  readonly stopOnError: boolean;
  /** Attempts after the first; 0 is none. Default 3. */
  readonly maxRetries: number;
  /** Default execute. */
  readonly mode: PlanMode;
  /** Limited support, service log and silence become a note and an escalation. Default false. */
  readonly infraCluster: boolean;
  /**
   * How old a service log may be to count as the same, such as `7d`; 0s: none does. Default: as configured, else 7 days. Not
   * there where the plan does not say it, so that its hash stays.
   */
  readonly duplicateWithin?: string;
}

/** One line of the notes of a run. */
export type NoteLine =
  | { readonly kind: 'success' | 'warning' | 'automation'; readonly text: string }
  /** A line `## title`. */
  | { readonly kind: 'section'; readonly text: string };

/** What every action has beside its own fields. */
export interface ActionPlace {
  /** Its place among the actions of the file and its includes, from 0; stand-ins follow the last one. */
  readonly index: number;
  /** 1: reports, service logs, limited supports. 2: PagerDuty, in order. */
  readonly phase: 1 | 2;
  /** Indexes of the actions that come before it for a reason: a failed remedy stops the silence. */
  readonly dependsOn: readonly number[];
  /** The index of the action that it stands in for. */
  readonly replaces?: number;
}

/** A message to the owner of the cluster, in the log of its services at OCM. */
export interface ServiceLog {
  readonly type: 'service_log';
  readonly severity: Severity;
  readonly summary: string;
  /** Default: empty. */
  readonly description: string;
  /** Default: SREManualAction. */
  readonly serviceName: string;
  /** Default: false. */
  readonly internalOnly: boolean;
  /** Goes nowhere but into the plan and its run. */
  readonly reason?: string;
  /** Default: false. */
  readonly allowDuplicates: boolean;
}

/** A reason of OCM why the cluster is in limited support; the owner reads it. */
export interface LimitedSupport {
  readonly type: 'limited_support';
  readonly summary: string;
  readonly details: string;
  /** The metric's label `ls_summary`. */
  readonly context: string;
  /** Default: false. */
  readonly allowDuplicates: boolean;
}

/** Either a text of its own, or the notes as they are when it is sent. */
export type NoteContent =
  | { readonly content: string; readonly fromNotes?: undefined }
  | { readonly fromNotes: true; readonly content?: undefined };

/** A note of the incident. */
export type PagerDutyNote = { readonly type: 'pagerduty_note' } & NoteContent;

/** A prefix before the title of the incident, unless the title has it. */
export interface PagerDutyTitleUpdate {
  readonly type: 'pagerduty_title_update';
  readonly prefix: string;
}

/** Moves the incident to the silent escalation policy, once every remedy before it came about. */
export interface SilenceIncident {
  readonly type: 'silence_incident';
  /** Put into the notes. */
  readonly reason?: string;
  /** It is meant to silence with nothing sent before. Default: false. */
  readonly withoutRemedy: boolean;
}

/** Escalates the incident to the configured level. */
export interface EscalateIncident {
  readonly type: 'escalate_incident';
  /** Put into the notes. */
  readonly reason?: string;
}

/** Either a text of its own, or the notes as they are when it is sent. */
export type ReportData =
  | { readonly data: string; readonly fromNotes?: undefined }
  | { readonly fromNotes: true; readonly data?: undefined };

/** A report of a cluster, kept by Backplane. */
export type BackplaneReport = {
  readonly type: 'backplane_report';
  /** Default: the plan's cluster. */
  readonly clusterId: string;
  readonly summary: string;
  /** The summary is sent as `<time of sending, UTC, RFC 3339> : <summary>`. Default: false. */
  readonly timestamped: boolean;
} & ReportData;

/** An action of a plan without its place. */
export type Action =
  | ServiceLog
  | LimitedSupport
  | PagerDutyNote
  | PagerDutyTitleUpdate
  | SilenceIncident
  | EscalateIncident
  | BackplaneReport;

/** An action at its place in a plan. */
export type PlannedAction = Action & ActionPlace;

/** The action of one type. */
export type ActionOf<T extends ActionType> = Extract<Action, { type: T }>;
/** The action of one type at its place in a plan. */
export type PlannedActionOf<T extends ActionType> = Extract<PlannedAction, { type: T }>;

/** A remedy is what tells the customer: a silence without one before it hides an open problem. */
export function isRemedy(action: Action): action is ServiceLog | LimitedSupport {
  return action.type === 'service_log' || action.type === 'limited_support';
}

/** A remedy that the customer reads: a service log may be hidden from them. */
export function tellsCustomer(action: Action): boolean {
  return action.type === 'limited_support' || (action.type === 'service_log' && !action.internalOnly);
}

/** Whether it is a write to PagerDuty. */
export function isPagerDutyAction(
  action: Action,
): action is PagerDutyNote | PagerDutyTitleUpdate | SilenceIncident | EscalateIncident {
  return !isRemedy(action) && action.type !== 'backplane_report';
}
