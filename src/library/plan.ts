/**
 * `remedyctl/plan`: plans of actions on PagerDuty, OCM and Backplane: built, read, previewed, executed (docs/plans.md), and
 * the three clients by themselves.
 */
export { arrangePlan, type ArrangedAction, type Treatment } from '../plan/arrange.ts';
export {
  buildAction,
  buildPlan,
  escalate,
  LimitedSupportBuilder,
  NoteActionBuilder,
  ReportBuilder,
  reportAndNote,
  ServiceLogBuilder,
  silence,
  titlePrefix,
  type PlanSubject,
} from '../plan/builders.ts';
export type { ConfigProblem } from '../documents/config-problem.ts';
export { isHashExpected, planHash, shortHash } from '../plan/hash.ts';
export { NoteBuilder } from '../plan/note-builder.ts';
export { NoteCollector } from '../plan/notes.ts';
export type * from '../plan/plan.ts';
export { actionTypes, planModes, severities } from '../plan/plan.ts';
export { loadPlans, type LoadedPlan, type LoadPlansOptions } from '../plan/load-plans.ts';
export { readPlans, type ReadPlanOptions, type ReadPlans } from '../plan/read-plan.ts';
export { fillTemplate, templateKeys, type PlanTemplate } from '../plan/template.ts';
export { templateOf, templates } from '../plan/templates.ts';

// executing
export type { ArrangedStep, JournalEntry, Outcome, RecordedError } from '../plan-run/journal-entry.ts';
export {
  Journal,
  openJournal,
  runStates,
  type JournalGround,
  type RecordedRun,
  type RunHead,
  type RunSettings,
  type RunState,
} from '../plan-run/journal.ts';
export {
  previewPlan,
  type PlanPreview,
  type PreviewedAction,
  type PreviewRequest,
} from '../plan-run/preview.ts';
export type { RemoteClients } from '../plan-run/effect-context.ts';
export { resumeRun, type ResumeOptions } from '../plan-run/resume-run.ts';
export type { ActionResult, PlanRun, RunSummary } from '../plan-run/run-document.ts';
export type { ConfirmedRun, RunOptions } from '../plan-run/run-options.ts';
export { runPlan, type ExecutorOptions, type RunEnd } from '../plan-run/run-plan.ts';
export { runPlans, type RunPlansOptions } from '../plan-run/run-plans.ts';
export { listRuns, readRun } from '../plan-run/run-status.ts';
export type { RunTeller, ToldRun } from '../plan-run/run-teller.ts';
export {
  remoteSystems,
  secretNames,
  type RemoteSystems,
  type RemoteSystemsOptions,
} from '../plan/remote-systems.ts';
export { requestSettings, type RequestSettings } from '../plan/request-settings.ts';
export type { SystemSettings } from '../plan/system-settings.ts';
export { systemOf, type WrittenSystem } from '../plan/written-system.ts';

// the clients
export {
  backplaneClient,
  type BackplaneClient,
  type BackplaneOptions,
} from '../backplane/backplane-client.ts';
export { RemoteError, UnknownOutcomeError } from '../http/remote-error.ts';
export { RemoteHttp, type RemoteHttpOptions } from '../http/remote-http.ts';
export type { CallOptions, RemoteRequest, RemoteSystem } from '../http/remote-request.ts';
export { Secret } from '../http/secret.ts';
export { ocmClient, type OcmClient, type OcmOptions } from '../ocm/ocm-client.ts';
export { OcmToken, type OcmTokenOptions } from '../ocm/ocm-token.ts';
export { tokenCredentials, type OcmCredentials } from '../ocm/token-grant.ts';
export {
  pagerDutyClient,
  type PagerDutyClient,
  type PagerDutyOptions,
} from '../pagerduty/pagerduty-client.ts';
