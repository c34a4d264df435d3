/**
 * What docs/gateway-semantics.md 1 makes of a signal where it asks for something else than the gateway does. Each rule
 * finds its cases by what is in them; what then is the target is worked out from the labels.
 */
import type { ApiResource } from '../../../src/api/objects.ts';

export interface SignalCase {
  id: string;
  note: string;
  adapter: 'alertmanager' | 'kubernetes-event';
  ownerLookup: unknown;
  existing?: { groupVersion: string; resource: string; namespace?: string; name: string }[];
  error: string | null;
  signals: unknown[];
}

/** A case with its text and the kinds that are served. */
export interface Given {
  one: SignalCase;
  text: string;
  resources: readonly ApiResource[];
}

interface Rule {
  because: string;
  concerns: (given: Given) => boolean;
  /** One per item: a code, or `cluster Kind/name in namespace of apiVersion`. */
  items: (given: Given) => string[];
}

interface Alert {
  status?: string;
  labels: Record<string, string>;
}

interface Candidate {
  key: string;
  name: string;
  resource: ApiResource;
}

const largestWebhook = 102_400;
const dateKeys = ['startsAt', 'endsAt', 'firstTimestamp', 'lastTimestamp', 'eventTime'];
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const reserved = ['job', 'service', 'instance', 'endpoint', 'container', 'namespace', 'cluster'];
const firstTier = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'DeploymentConfig'];
const lastTier = ['Pod', 'Node'];
const labelName = /^[a-z0-9]([a-z0-9-]{0,251}[a-z0-9])?$/;
const dottedName = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;
const needed = { alertmanager: ['alerts'], 'kubernetes-event': ['reason', 'involvedObject'] };

export const rules: readonly Rule[] = [
  {
    because: '§1.2: dates are RFC 3339, and what it does not know is refused',
    concerns: ({ one, text }) => one.error === null && datesOf(text).some((date) => !rfc3339.test(date)),
    items: () => ['INVALID_DOCUMENT'],
  },
  {
    because: '§1.2: keys are exact, so a needed one in another spelling is missing',
    concerns: ({ one, text }) =>
      one.error === null && needed[one.adapter].some((key) => !Object.hasOwn(bodyOf(text), key)),
    items: ({ one }) => [one.adapter === 'alertmanager' ? 'INVALID_DOCUMENT' : 'INVALID_FIELD'],
  },
  {
    because: '§1.1: no server is to be protected from a large body',
    concerns: ({ one, text }) => one.error !== null && Buffer.byteLength(text) > largestWebhook,
    items: targetsOf,
  },
  {
    because: "§1.3: the alert's own cluster goes before that of the group, and is never a target",
    concerns: concernsLabels(({ labels }) => Boolean(labels['cluster'])),
    items: targetsOf,
  },
  {
    because: '§1.4: job_name names a Job',
    concerns: concernsLabels(({ labels }) => labels['job_name'] !== undefined),
    items: targetsOf,
  },
  {
    because: '§1.4: names may have dots where the kind allows it',
    concerns: concernsLabels(({ labels }, { resources }) =>
      candidatesIn(labels, resources).some(({ name }) => name.includes('.')),
    ),
    items: targetsOf,
  },
  {
    because: "§1.4: existence is asked by the kind's scope",
    concerns: concernsLabels(({ labels }, given) =>
      candidatesIn(labels, given.resources).some(
        (candidate) => !candidate.resource.namespaced && exists(candidate, '', given),
      ),
    ),
    items: targetsOf,
  },
];

/** Absent where the gateway's outcomes are ours. */
export function itemsByRule(given: Given): string[] | undefined {
  return rules.find(({ concerns }) => concerns(given))?.items(given);
}

function concernsLabels(test: (alert: Alert, given: Given) => boolean): Rule['concerns'] {
  return (given) =>
    given.one.ownerLookup === null &&
    given.one.error === null &&
    alertsOf(given.text).some((alert) => test(alert, given));
}

function bodyOf(text: string): Record<string, unknown> {
  const body = JSON.parse(text) as unknown;
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function alertsOf(text: string): Alert[] {
  const { alerts } = bodyOf(text) as { alerts?: (Partial<Alert> | null)[] };
  return (Array.isArray(alerts) ? alerts : []).map((alert) => ({ labels: {}, ...alert }));
}

function datesOf(text: string): string[] {
  const body = bodyOf(text);
  const places = [body, ...alertsOf(text)] as Record<string, unknown>[];
  return places.flatMap((place) =>
    dateKeys.map((key) => place[key]).filter((date) => typeof date === 'string'),
  );
}

/** One for each alert of a webhook, as 1.3 and 1.4 have it; nobody owns the targets. */
export function targetsOf(given: Given): string[] {
  const { commonLabels } = bodyOf(given.text) as { commonLabels?: Record<string, string> };
  return alertsOf(given.text).map(({ status, labels }) => {
    if (status?.toLowerCase() === 'resolved') return 'RESOLVED_ALERT';
    const target = targetOf(labels, given);
    if (target === undefined) return 'NO_TARGET';
    if (!labels['alertname']) return 'INVALID_FIELD';
    const cluster = labels['cluster'] || commonLabels?.['cluster'];
    return cluster ? `${cluster} ${target}` : target;
  });
}

function targetOf(labels: Record<string, string>, given: Given): string | undefined {
  const candidates = candidatesIn(labels, given.resources);
  const found = candidates.find((candidate) => exists(candidate, namespaceOf(labels, candidate), given));
  const chosen = found ?? candidates[0];
  if (chosen === undefined) return undefined;
  const namespace = namespaceOf(labels, chosen);
  return `${chosen.resource.kind}/${chosen.name} in ${namespace || '-'} of ${apiVersionOf(chosen, namespace, given)}`;
}

/** Of the only group that serves the Kind, else of the only one in which the object exists. */
function apiVersionOf({ key, name, resource }: Candidate, namespace: string, given: Given): string {
  const served = given.resources.filter(({ kind }) => kind === resource.kind);
  const groups = served.filter(
    ({ group }, index) => served.findIndex((one) => one.group === group) === index,
  );
  const existing = groups.filter((one) => exists({ key, name, resource: one }, namespace, given));
  const [only, second] = groups.length === 1 ? groups : existing;
  return only === undefined || second !== undefined ? '-' : groupVersionOf(only);
}

function groupVersionOf({ group, version }: ApiResource): string {
  return [group, version].filter(Boolean).join('/');
}

function namespaceOf(labels: Record<string, string>, { resource }: Candidate): string {
  const given = [labels['exported_namespace'], labels['namespace']].find((name) =>
    labelName.test(name ?? ''),
  );
  return given ?? (resource.namespaced ? 'default' : '');
}

function candidatesIn(labels: Record<string, string>, resources: readonly ApiResource[]): Candidate[] {
  const served = resources.filter(({ plural }) => !plural.includes('/'));
  const candidates = Object.entries(labels).flatMap(([key, name]) => {
    const resource =
      served.find(({ singular }) => singular === key) ??
      served.find(({ kind }) => (key === 'job_name' ? kind === 'Job' : kind.toLowerCase() === key));
    const isName = labelName.test(name) || dottedName.test(name);
    return resource === undefined || reserved.includes(key) || !isName ? [] : [{ key, name, resource }];
  });
  return candidates.sort(
    (a, b) => tierOf(a) - tierOf(b) || compare(a.resource.kind, b.resource.kind) || compare(a.key, b.key),
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function tierOf({ resource: { kind } }: Candidate): number {
  if (firstTier.includes(kind)) return 1;
  return lastTier.includes(kind) ? 3 : 2;
}

function exists({ resource, name }: Candidate, namespace: string, { one }: Given): boolean {
  return (one.existing ?? []).some(
    (object) =>
      object.resource === resource.plural &&
      object.groupVersion === groupVersionOf(resource) &&
      object.name === name &&
      (object.namespace ?? '') === (resource.namespaced ? namespace : ''),
  );
}
