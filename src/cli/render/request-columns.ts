import type { ChalkInstance } from 'chalk';
import type { KubeObject } from '../../api/objects.ts';
import { ageOf } from '../../time/age.ts';
import { compilePath } from '../../jsonpath/jsonpath.ts';
import { paintPhase } from './request-phase.ts';
import type { TableColumn } from './table.ts';

/** The first of several paths that has a value: newer layouts first. */
function field(...paths: string[]): (request: KubeObject) => string | undefined {
  const finders = paths.map(compilePath);
  return (request) => {
    for (const find of finders) {
      const [value] = find(request);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
}

const phase = field('.status.overallPhase');
const outcome = field('.status.completionStatus.outcome', '.status.outcome');
const occurrences = field('.status.deduplication.occurrenceCount', '.spec.deduplication.occurrenceCount');
const lastSeen = field('.status.deduplication.lastSeenAt', '.spec.deduplication.lastSeen');
const nextAllowed = field('.status.routingStatus.nextAllowedExecution', '.status.nextAllowedExecution');
const fingerprint = field('.spec.signalFingerprint');
const signalName = field('.spec.signalName');
const severity = field('.spec.severity');
const kind = field('.spec.targetResource.kind');
const name = field('.spec.targetResource.name');
const namespace = field('.spec.targetResource.namespace');
const cluster = field('.spec.clusterID');

/** `cluster/namespace/Kind/name`, without what is absent. */
function target(request: KubeObject): string | undefined {
  const parts = [cluster, namespace, kind, name].map((part) => part(request));
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join('/');
}

interface RequestColumnOptions {
  /** What times are relative to, milliseconds since the epoch; asked for each row, since a watch goes on. */
  now: () => number;
  paint: ChalkInstance;
  /** Of several namespaces; default: one. */
  withNamespace?: boolean | undefined;
}

/** A table of RemediationRequests. */
export function requestColumns({
  now,
  paint,
  withNamespace,
}: RequestColumnOptions): TableColumn<KubeObject>[] {
  const namespaceColumn: TableColumn<KubeObject> = {
    header: 'NAMESPACE',
    cell: ({ metadata }) => metadata.namespace,
    key: true,
  };
  return [
    ...(withNamespace === true ? [namespaceColumn] : []),
    { header: 'NAME', cell: ({ metadata }) => metadata.name, key: true },
    {
      header: 'PHASE',
      key: true,
      cell: phase,
      usual: 'AwaitingApproval'.length,
      paint: (text, request) => paintPhase(paint, { phase: phase(request), outcome: outcome(request) }, text),
    },
    { header: 'OUTCOME', cell: outcome, spare: 2, usual: 'Remediated'.length },
    { header: 'TARGET', cell: target, cutLeft: true },
    { header: 'SIGNAL', cell: signalName, spare: 4 },
    { header: 'SEVERITY', cell: severity, wide: true },
    { header: 'COUNT', cell: occurrences, spare: 3 },
    { header: 'LAST SEEN', cell: (request) => ageOf(lastSeen(request), now()), spare: 1 },
    { header: 'AGE', cell: ({ metadata }) => ageOf(metadata.creationTimestamp, now()), spare: 5 },
    { header: 'NEXT ALLOWED', cell: nextAllowed, wide: true },
    { header: 'FINGERPRINT', cell: fingerprint, wide: true },
  ];
}

/** `remediationrequest.kubernaut.ai/name`, as `kubectl -o name` has it. */
export function requestName(group: string): (request: KubeObject) => string {
  return ({ metadata }) => `remediationrequest.${group}/${metadata.name}`;
}
