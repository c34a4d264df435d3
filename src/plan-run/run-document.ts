/** A run as `-o json` shows it: kind PlanRun. */
import type { Plan, PlanMode } from '../plan/plan.ts';
import type { FoundObject, Outcome, RecordedError } from './journal-entry.ts';
import type { RunHead, RunState } from './journal.ts';
import { counterText } from '../plan/action-metrics.ts';
import { metricsOf } from './run-metrics.ts';
import type { ActionProgress, RequestLine, RunProgress } from './run-progress.ts';

/** An action of a run: what became of it, or how far it is. Times are RFC 3339, UTC, with milliseconds. */
export interface ActionResult {
  index: number;
  type: string;
  replaces?: number;
  outcome: Outcome;
  attempts: number;
  requests: RequestLine[];
  startedAt?: string;
  endedAt?: string;
  /** What the system calls the object that was made. */
  id?: string;
  /** Of `skipped_duplicate`: what was there already, as far as the system tells. */
  found?: FoundObject;
  error?: RecordedError;
}

/** A run in a list. */
export interface RunSummary {
  run: string;
  plan: { name: string; hash: string };
  mode: PlanMode;
  state: RunState;
  /** RFC 3339, UTC. */
  startedAt: string;
  /** RFC 3339, UTC; absent while it is running. */
  endedAt?: string;
}

/** A run as it is shown. Times are RFC 3339, UTC, with milliseconds. */
export interface PlanRun extends RunSummary {
  apiVersion: 'remedyctl.dev/v1';
  kind: 'PlanRun';
  /** What the plan is about, as far as it says. */
  cluster?: { id: string; name?: string };
  incident?: { id: string };
  actions: ActionResult[];
  /** By series, `name{label="value"}`. */
  metrics: Record<string, number>;
}

/** What a document is made of. */
export interface DescribedRun {
  readonly run: RunHead;
  readonly state: RunState;
  readonly endedAt?: number | undefined;
  readonly progress: RunProgress;
}

/** The document of a run as far as it has come. */
export function planRunOf({ run, state, endedAt, progress }: DescribedRun): PlanRun {
  const { plan } = run;
  return {
    apiVersion: 'remedyctl.dev/v1',
    kind: 'PlanRun',
    run: run.id,
    plan: { name: plan.name, hash: run.hash },
    mode: plan.options.mode,
    state,
    startedAt: timeText(run.startedAt),
    ...(endedAt === undefined ? {} : { endedAt: timeText(endedAt) }),
    ...aboutOf(plan),
    actions: progress.actions.map(actionResult),
    metrics: Object.fromEntries(
      metricsOf(plan, progress).map((series) => [counterText(series), series.value]),
    ),
  };
}

function aboutOf({ cluster, incident }: Plan): Pick<PlanRun, 'cluster' | 'incident'> {
  return {
    ...(cluster === undefined
      ? {}
      : { cluster: { id: cluster.id, ...(cluster.name === undefined ? {} : { name: cluster.name }) } }),
    ...(incident === undefined ? {} : { incident: { id: incident.id } }),
  };
}

function actionResult(progress: ActionProgress): ActionResult {
  const { action, outcome, attempts, requests, begun, settled } = progress;
  const error = settled === undefined ? progress.lastError : settled.error;
  return {
    index: action.index,
    type: action.type,
    ...(action.replaces === undefined ? {} : { replaces: action.replaces }),
    outcome,
    attempts,
    requests: [...requests],
    ...(begun === undefined ? {} : { startedAt: timeText(begun.at) }),
    ...(settled === undefined ? {} : { endedAt: timeText(settled.at) }),
    ...(settled?.id === undefined ? {} : { id: settled.id }),
    ...(settled?.found === undefined ? {} : { found: settled.found }),
    ...(error === undefined ? {} : { error }),
  };
}

function timeText(at: number): string {
  return new Date(at).toISOString();
}
