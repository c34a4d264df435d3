/** What the reference did with a case, in the form of a run. */
import type { Case, GivenAction, ReferenceRequest } from './case.ts';
import {
  pathOf,
  readable,
  withoutReportIds,
  type Run,
  type Sent,
  type Step,
  type StepOutcome,
} from './sent.ts';

const remedies = new Set(['service_log', 'limited_support']);
const standIns: readonly GivenAction[] = [
  { type: 'pagerduty_note', standIn: true },
  { type: 'escalate_incident', standIn: true },
];

export function isRemedyType(type: string): boolean {
  return remedies.has(type);
}

export function isOfPagerDuty(type: string): boolean {
  return !remedies.has(type) && type !== 'backplane_report';
}

/** What an infrastructure cluster is spared. */
export function isHeldBack(type: string): boolean {
  return remedies.has(type) || type === 'silence_incident';
}

export function referenceRun(one: Case): Run {
  if (wasRefused(one)) return { refused: true };
  const left = [...one.requests];
  const steps = referenceOrder(one).flatMap((action): Step[] => {
    const requests = left.filter((request) => isFor(action, request, one));
    for (const request of requests) left.splice(left.indexOf(request), 1);
    if (action['standIn'] === true && requests.length === 0) return [];
    const outcome = outcomeOf(action, requests, one);
    return [{ type: action.type, outcome, requests: requests.map(sentOf) }];
  });
  if (left.length > 0) throw new Error(`${one.id}: whose requests are these? ${JSON.stringify(left)}`);
  return {
    refused: false,
    ok: one.result.ok,
    steps,
    appended: one.notesAppended
      .split('\n')
      .filter((line) => line !== '')
      .map(withoutReportIds),
    metrics: one.metrics,
    ...(one.elapsedSeconds === undefined ? {} : { elapsed: one.elapsedSeconds }),
  };
}

/** Before a byte was sent: an invalid action, or a check that the reference makes when the action runs. */
function wasRefused({ result, requests, script, options }: Case): boolean {
  if (options.maxRetries < 0) return false;
  if (result.error !== undefined) return !isOfWebhook(result.error);
  const hasRun =
    script.some(({ fault }) => fault === 'refused') || result.failed?.some(isOfTestType) === true;
  return !result.ok && requests.length === 0 && !hasRun;
}

/** The reference takes the title from the webhook, and stumbles there over an empty one. */
export function isOfWebhook(error: string | undefined): boolean {
  return error?.startsWith('could not unmarshal the payload') === true;
}

/** A type that only the reference's tests know: its action ran. */
function isOfTestType({ error }: { error: string }): boolean {
  return error === 'custom action broke';
}

function referenceOrder({ actions = [], options }: Case): GivenAction[] {
  if (!options.concurrent) return [...actions, ...standIns];
  const isFirst = ({ type }: GivenAction): boolean => !isOfPagerDuty(type);
  const first = actions.filter(isFirst);
  return [
    ...first.filter(({ type }) => isRemedyType(type)),
    ...first.filter(({ type }) => !isRemedyType(type)),
    ...actions.filter((action) => !isFirst(action)),
    ...standIns,
  ];
}

function isFor(action: GivenAction, { path, query, body = {} }: ReferenceRequest, one: Case): boolean {
  const changes = (body['incidents'] as Record<string, unknown>[] | undefined)?.[0] ?? {};
  switch (action.type) {
    case 'service_log':
      if (query !== undefined) return query['search'] === `summary='${String(action['summary'])}'`;
      return path.endsWith('/cluster_logs') && body['summary'] === action['summary'];
    case 'limited_support':
      return path.endsWith('/limited_support_reasons') && body['summary'] === action['summary'];
    case 'backplane_report':
      return path.endsWith('/reports') && body['summary'] === action['summary'];
    case 'pagerduty_note':
      return path.endsWith('/notes') && isItsContent(action, body, one);
    case 'pagerduty_title_update':
      return isItsTitle(action, changes, path);
    case 'silence_incident':
      return 'escalation_policy' in changes;
    default:
      return 'escalation_level' in changes;
  }
}

function isItsContent(action: GivenAction, body: Record<string, unknown>, one: Case): boolean {
  const { content } = body['note'] as { content: unknown };
  if (typeof content !== 'string') return action['standIn'] === true;
  if (action['fromNotes'] === true) return content.startsWith(`🤖 Automated ${one.notes.name} `);
  return content === action['content'];
}

function isItsTitle(action: GivenAction, changes: Record<string, unknown>, path: string): boolean {
  const { title } = changes;
  if (typeof title !== 'string') return /^\/incidents\/[^/]+$/.test(path);
  return title.startsWith(`${String(action['prefix'])} `);
}

function sentOf({ system, method, path, query, body, answer, waitSeconds }: ReferenceRequest): Sent {
  const status = /^\d{3}/.exec(answer)?.[0] ?? 'none';
  return {
    system,
    method,
    path: pathOf(path),
    query: query ?? {},
    ...(body === undefined ? {} : { body: readable(body) }),
    answer: status,
    ...(waitSeconds === undefined ? {} : { wait: waitSeconds }),
  };
}

function outcomeOf(action: GivenAction, requests: readonly ReferenceRequest[], one: Case): StepOutcome {
  const { variant, dryRun } = one.options;
  const { type } = action;
  if (variant.startsWith('infra') && isHeldBack(type)) return 'intercepted';
  if (variant.endsWith('manual') && isOfPagerDuty(type)) return 'skipped_mode';
  if (dryRun) return 'not_run';
  const hasFailed = one.result.failed?.some((failure) => failure.action === type) === true;
  const isLastBad = !/^2/.test(requests.at(-1)?.answer ?? '');
  if (hasFailed && (isLastBad || isAlone(type, one))) return 'failed';
  if (requests.length > 0) return 'succeeded';
  const hasPrefix = one.incident?.title.includes(String(action['prefix'])) === true;
  return type === 'pagerduty_title_update' && hasPrefix ? 'succeeded' : 'not_run';
}

function isAlone(type: string, { actions = [] }: Case): boolean {
  return actions.filter((action) => action.type === type).length === 1;
}
