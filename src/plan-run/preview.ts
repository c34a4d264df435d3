/** A plan as it would be sent: every request of every action, to the byte, without asking anybody anything. */
import { createReportRequest } from '../backplane/report-requests.ts';
import type { RemoteRequest, RemoteSystem } from '../http/remote-request.ts';
import {
  createLimitedSupportRequest,
  createServiceLogRequest,
  findServiceLogsRequest,
  listLimitedSupportRequest,
} from '../ocm/ocm-requests.ts';
import { serviceLogSearch } from '../ocm/search-text.ts';
import {
  createNoteRequest,
  getIncidentRequest,
  updateIncidentRequest,
} from '../pagerduty/incident-requests.ts';
import { counterOf, counterText } from '../plan/action-metrics.ts';
import { arrangePlan, type ArrangedAction, type Treatment } from '../plan/arrange.ts';
import { loggedCluster } from './plan-subject.ts';
import { expectedNotes } from './expected-notes.ts';
import { planHash } from '../plan/hash.ts';
import {
  escalationChanges,
  limitedSupportPayload,
  noteContent,
  reportPayload,
  serviceLogPayload,
  silenceChanges,
} from '../plan/payloads.ts';
import type { ActionType, Plan, PlanMode, PlannedAction, PlannedActionOf } from '../plan/plan.ts';
import { questionRequest, questionsOf } from '../plan/questions.ts';
import type { RequestSettings } from '../plan/request-settings.ts';
import { audienceOf, systemOf, type WrittenSystem } from '../plan/written-system.ts';

/** Stands for what only the run knows: times, ids, the title of an incident. */
export const atRun = '<at run>';
/** Stands for a secret. */
const hidden = '***';

/** A request as it would leave, secrets as `***`. */
export interface PreviewRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** An action, and what it would send. */
export interface PreviewedAction {
  readonly index: number;
  readonly type: ActionType;
  readonly treatment: Treatment;
  readonly phase: 1 | 2;
  readonly dependsOn: readonly number[];
  readonly replaces?: number;
  readonly system: WrittenSystem;
  /** customer: the cluster's owner reads it. */
  readonly audience: 'customer' | 'internal';
  /** Look-ups that come first, then the write; empty where nothing is sent. */
  readonly requests: readonly PreviewRequest[];
  /** The counter that success adds one to. */
  readonly metric?: string;
}

/** A plan, and everything that a run of it would send. */
export interface PlanPreview {
  readonly apiVersion: 'remedyctl.dev/v1';
  readonly kind: 'PlanPreview';
  readonly plan: { readonly name: string; readonly hash: string };
  readonly mode: PlanMode;
  readonly cluster?: Plan['cluster'];
  readonly incident?: Plan['incident'];
  readonly options: Plan['options'];
  /** What is asked before the first write: it proves the credentials, and that two ids are of one cluster. */
  readonly before: readonly PreviewRequest[];
  readonly actions: readonly PreviewedAction[];
}

/**
 * What a run of the plan would send when all goes well. Asks nobody and reads nothing.
 *
 * @throws INVALID_OPTION for an id that no path can hold; a plan that was read or built has none
 */
export function previewPlan(plan: Plan, settings: RequestSettings): PlanPreview {
  const { cluster, incident } = plan;
  const arranged = arrangePlan(plan);
  const running = arranged.flatMap(({ action, treatment }) => (treatment === 'run' ? [action] : []));
  const ground = { plan, settings, notes: expectedNotes(plan, arranged, atRun) };
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'PlanPreview',
    plan: { name: plan.name, hash: planHash(plan) },
    mode: plan.options.mode,
    ...(cluster === undefined ? {} : { cluster }),
    ...(incident === undefined ? {} : { incident }),
    options: plan.options,
    before: questionsOf(plan, running).map((question) => shownRequest(questionRequest(question), settings)),
    actions: arranged.map((one) => previewAction(one, ground)),
  };
}

/** What the requests of every action are made of. */
interface PreviewGround {
  readonly plan: Plan;
  readonly settings: RequestSettings;
  readonly notes: ReadonlyMap<number, string>;
}

function previewAction({ action, treatment }: ArrangedAction, ground: PreviewGround): PreviewedAction {
  const { index, type, phase, dependsOn, replaces } = action;
  const runs = treatment === 'run';
  const counter = runs ? counterOf(action, ground.plan) : undefined;
  return {
    index,
    type,
    treatment,
    phase,
    dependsOn,
    ...(replaces === undefined ? {} : { replaces }),
    system: systemOf(action),
    audience: audienceOf(action),
    requests: runs ? requestsOf(action, ground) : [],
    ...(counter === undefined ? {} : { metric: counterText(counter) }),
  };
}

/** The requests of an action when all goes well, in their order, as they are sent. */
function requestsOf(action: PlannedAction, ground: PreviewGround): PreviewRequest[] {
  return remoteRequests(action, ground).map((request) => shownRequest(request, ground.settings));
}

const firstPage = { page: 1, size: 100 };
const notConfigured = '<not configured>';

/** Without an id there is no request to show; a plan that needs one has it. */
function remoteRequests(action: PlannedAction, ground: PreviewGround): RemoteRequest[] {
  const { plan } = ground;
  const cluster = plan.cluster ?? { id: notConfigured };
  switch (action.type) {
    case 'service_log': {
      const write = createServiceLogRequest(serviceLogPayload(action, cluster.id));
      if (action.allowDuplicates) return [write];
      const search = serviceLogSearch(action.summary);
      return [findServiceLogsRequest(loggedCluster(cluster), search), write];
    }
    case 'limited_support': {
      const write = createLimitedSupportRequest(cluster.id, limitedSupportPayload(action));
      return action.allowDuplicates ? [write] : [listLimitedSupportRequest(cluster.id, firstPage), write];
    }
    case 'backplane_report':
      return [reportRequest(action, notesFor(action, ground))];
    default:
      return incidentRequests(action, plan.incident ?? { id: notConfigured }, ground);
  }
}

/** Of base64 nothing can be left open: notes with an id that only the run knows are left open as a whole. */
function reportRequest(action: PlannedActionOf<'backplane_report'>, notes: string): RemoteRequest {
  const payload = reportPayload(action, { notes, sentAt: atRun });
  const request = createReportRequest(action.clusterId, payload);
  const isOpen = action.fromNotes === true && notes.includes(atRun);
  return isOpen ? { ...request, body: { ...request.body, data: atRun } } : request;
}

function notesFor(action: PlannedAction, { notes }: PreviewGround): string {
  return notes.get(action.index) ?? atRun;
}

function incidentRequests(
  action: Extract<PlannedAction, { phase: 1 | 2 }>,
  incident: NonNullable<Plan['incident']>,
  ground: PreviewGround,
): RemoteRequest[] {
  const { settings } = ground;
  switch (action.type) {
    case 'pagerduty_note':
      return [createNoteRequest(incident.id, noteContent(action, notesFor(action, ground)))];
    case 'pagerduty_title_update': {
      const changes = { title: `${action.prefix} ${atRun}` };
      return [getIncidentRequest(incident.id), updateIncidentRequest(incident.id, changes)];
    }
    case 'silence_incident': {
      const policy = incident.silentPolicy ?? settings.silentPolicy ?? notConfigured;
      return [updateIncidentRequest(incident.id, silenceChanges(policy))];
    }
    case 'escalate_incident':
      return [updateIncidentRequest(incident.id, escalationChanges(settings.escalationLevel))];
    default:
      return [];
  }
}

function shownRequest(
  { system, method, path, body }: RemoteRequest,
  settings: RequestSettings,
): PreviewRequest {
  const urls: Partial<Record<RemoteRequest['system'], string | undefined>> = settings.urls;
  const base = urls[system];
  return {
    method,
    url: `${base?.replace(/\/+$/, '') ?? notConfigured}${path}`,
    headers: shownHeaders(system, method, settings),
    ...(body === undefined ? {} : { body }),
  };
}

function shownHeaders(
  system: RemoteSystem,
  method: string,
  { from, userAgent }: RequestSettings,
): Readonly<Record<string, string>> {
  const writes = method !== 'GET';
  if (system === 'pagerduty') {
    return {
      'user-agent': userAgent,
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${hidden}`,
      'content-type': 'application/json',
      ...(writes ? { from: from ?? notConfigured } : {}),
    };
  }
  return {
    'user-agent': userAgent,
    accept: 'application/json',
    authorization: `Bearer ${hidden}`,
    ...(writes ? { 'content-type': 'application/json' } : {}),
  };
}
