/** The columns in which an API server shows the kinds that people look at most (its own printers, release 1.35). */
import { isObject, type Json } from './json.ts';
import { podStatusCells } from './pod-cells.ts';
import { at, objectsAt, since, size, text, textsAt, whole } from './table-cells.ts';

export type Cell = string | number | boolean | null;

export interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'boolean' | 'date';
  format?: 'name';
  /** 1: shown by `-o wide` alone. */
  priority?: 1;
  cell: (object: Json, nowMs: number) => Cell;
}

export const nameColumn: PrinterColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => text(object, 'metadata.name'),
};

const age: PrinterColumn = {
  name: 'Age',
  type: 'string',
  cell: (object, nowMs) => since(at(object, 'metadata.creationTimestamp'), nowMs),
};

const createdAt: PrinterColumn = {
  name: 'Created At',
  type: 'date',
  cell: (object) => text(object, 'metadata.creationTimestamp'),
};

const texts = (
  name: string,
  cell: PrinterColumn['cell'],
  rest: Partial<PrinterColumn> = {},
): PrinterColumn => ({
  name,
  type: 'string',
  cell,
  ...rest,
});
const field = (name: string, path: string, absent?: string): PrinterColumn =>
  texts(name, (object) => text(object, path, absent));
const number = (name: string, path: string, absent?: number): PrinterColumn => ({
  name,
  type: 'integer',
  cell: (object) => whole(object, path, absent),
});
const wide = (column: PrinterColumn): PrinterColumn => ({ ...column, priority: 1 });

const joined = (objects: Json[], name: string): string => objects.map((one) => text(one, name)).join(',');

function containers(template: string): PrinterColumn[] {
  const path = `${template}.spec.containers`;
  return [
    wide(texts('Containers', (object) => joined(objectsAt(object, path), 'name'))),
    wide(texts('Images', (object) => joined(objectsAt(object, path), 'image'))),
  ];
}

/** Of labels, as `a=b,c=d` in the order of their names. */
function labelText(labels: unknown, absent: string): string {
  if (!isObject(labels) || Object.keys(labels).length === 0) return absent;
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${String(value)}`);
  return pairs.sort().join(',');
}

function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '<none>';
  const expressions = objectsAt(selector, 'matchExpressions').map((one) => {
    const operator = text(one, 'operator');
    const values = Array.isArray(one['values']) ? one['values'].map(String).sort().join(',') : '';
    const key = text(one, 'key');
    if (operator === 'Exists') return key;
    return operator === 'DoesNotExist' ? `!${key}` : `${key} ${operator.toLowerCase()} (${values})`;
  });
  const labels = labelText(selector['matchLabels'], '');
  const parts = [...(labels === '' ? [] : labels.split(',')), ...expressions.sort()];
  return parts.length === 0 ? '<none>' : parts.join(',');
}

const selector = (path: string): PrinterColumn =>
  wide(texts('Selector', (object) => selectorText(at(object, path))));

const ofParts = (name: string, done: string, wanted: string, absent = 1): PrinterColumn =>
  texts(name, (object) => `${whole(object, done)}/${whole(object, wanted, absent)}`);

function eventTimes(event: Json, nowMs: number): { first: string; last: string; count: number } {
  const first = since(at(event, 'firstTimestamp') ?? at(event, 'eventTime'), nowMs);
  const observed = at(event, 'series.lastObservedTime');
  if (isObject(at(event, 'series'))) {
    return { first, last: since(observed, nowMs), count: whole(event, 'series.count') };
  }
  const last = at(event, 'lastTimestamp');
  return { first, last: last === undefined ? first : since(last, nowMs), count: whole(event, 'count') || 1 };
}

function eventTarget(event: Json): string {
  const kind = text(event, 'involvedObject.kind').toLowerCase();
  const name = text(event, 'involvedObject.name');
  return name === '' ? kind : `${kind}/${name}`;
}

function eventSource(event: Json): string {
  const component = text(event, 'source.component', text(event, 'reportingComponent'));
  const instance = text(event, 'source.host', text(event, 'reportingInstance'));
  return instance === '' ? component : `${component}, ${instance}`;
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles(node: Json): string {
  const labels = at(node, 'metadata.labels');
  const roles = new Set<string>();
  for (const [name, value] of isObject(labels) ? Object.entries(labels) : []) {
    if (name.startsWith(rolePrefix) && name.length > rolePrefix.length)
      roles.add(name.slice(rolePrefix.length));
    if (name === 'kubernetes.io/role' && typeof value === 'string' && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

function nodeStatus(node: Json): string {
  const ready = objectsAt(node, 'status.conditions').find((one) => one['type'] === 'Ready');
  const words = [ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady'];
  if (at(node, 'spec.unschedulable') === true) words.push('SchedulingDisabled');
  return words.join(',');
}

const nodeAddress = (name: string, type: string): PrinterColumn =>
  wide(
    texts(name, (node) => {
      const found = objectsAt(node, 'status.addresses').find((one) => one['type'] === type);
      return found === undefined ? '<none>' : text(found, 'address');
    }),
  );

function externalAddress(service: Json): string {
  const given = textsAt(service, 'spec.externalIPs');
  const type = text(service, 'spec.type', 'ClusterIP');
  if (type === 'ExternalName') return text(service, 'spec.externalName');
  if (type !== 'LoadBalancer') return given.length === 0 ? '<none>' : given.join(',');
  const balanced = objectsAt(service, 'status.loadBalancer.ingress').map((one) =>
    text(one, 'ip', text(one, 'hostname')),
  );
  const all = [...balanced, ...given];
  return all.length === 0 ? '<pending>' : all.join(',');
}

function ports(service: Json): string {
  const all = objectsAt(service, 'spec.ports').map((port) => {
    const node = whole(port, 'nodePort');
    return `${whole(port, 'port')}${node > 0 ? `:${node}` : ''}/${text(port, 'protocol', 'TCP')}`;
  });
  return all.length === 0 ? '<none>' : all.join(',');
}

const jobStates: readonly [condition: string, word: string][] = [
  ['Complete', 'Complete'],
  ['Failed', 'Failed'],
  ['deleted', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['FailureTarget', 'FailureTarget'],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet'],
];

function jobStatus(job: Json): string {
  const held = new Set(
    objectsAt(job, 'status.conditions')
      .filter((one) => one['status'] === 'True')
      .map((one) => one['type']),
  );
  if (at(job, 'metadata.deletionTimestamp') !== undefined) held.add('deleted');
  return jobStates.find(([condition]) => held.has(condition))?.[1] ?? 'Running';
}

function jobCompletions(job: Json): string {
  const done = whole(job, 'status.succeeded');
  if (at(job, 'spec.completions') !== undefined) return `${done}/${whole(job, 'spec.completions')}`;
  const parallelism = whole(job, 'spec.parallelism');
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function jobDuration(job: Json, nowMs: number): string {
  const start = at(job, 'status.startTime');
  if (start === undefined) return '';
  const end = at(job, 'status.completionTime');
  return since(start, typeof end === 'string' ? Date.parse(end) : nowMs);
}

const replicas = (template: string): PrinterColumn[] => [
  nameColumn,
  number('Desired', 'spec.replicas', 1),
  number('Current', 'status.replicas'),
  number('Ready', 'status.readyReplicas'),
  age,
  ...containers(template),
];

const events: PrinterColumn[] = [
  texts('Last Seen', (event, nowMs) => eventTimes(event, nowMs).last),
  field('Type', 'type'),
  field('Reason', 'reason'),
  texts('Object', eventTarget),
  wide(field('Subobject', 'involvedObject.fieldPath')),
  wide(texts('Source', eventSource)),
  texts('Message', (event) => text(event, 'message').trim()),
  wide(texts('First Seen', (event, nowMs) => eventTimes(event, nowMs).first)),
  wide(texts('Count', (event, nowMs) => eventTimes(event, nowMs).count)),
  wide(nameColumn),
];

const podCell = (name: string, index: 0 | 1 | 2): PrinterColumn =>
  texts(name, (pod, nowMs) => podStatusCells(pod, nowMs)[index]);

const columnsOf: Readonly<Record<string, readonly PrinterColumn[]>> = {
  namespaces: [nameColumn, field('Status', 'status.phase'), age],
  'leases.coordination.k8s.io': [nameColumn, field('Holder', 'spec.holderIdentity'), age],
  events,
  'customresourcedefinitions.apiextensions.k8s.io': [nameColumn, createdAt],
  configmaps: [nameColumn, texts('Data', (object) => size(object, 'data') + size(object, 'binaryData')), age],
  secrets: [nameColumn, field('Type', 'type'), texts('Data', (object) => size(object, 'data')), age],
  pods: [
    nameColumn,
    podCell('Ready', 0),
    podCell('Status', 1),
    podCell('Restarts', 2),
    age,
    wide(field('IP', 'status.podIP', '<none>')),
    wide(field('Node', 'spec.nodeName', '<none>')),
    wide(field('Nominated Node', 'status.nominatedNodeName', '<none>')),
    wide(texts('Readiness Gates', readinessGates)),
  ],
  nodes: [
    nameColumn,
    texts('Status', nodeStatus),
    texts('Roles', nodeRoles),
    age,
    field('Version', 'status.nodeInfo.kubeletVersion'),
    nodeAddress('Internal-IP', 'InternalIP'),
    nodeAddress('External-IP', 'ExternalIP'),
    wide(field('OS-Image', 'status.nodeInfo.osImage', '<unknown>')),
    wide(field('Kernel-Version', 'status.nodeInfo.kernelVersion', '<unknown>')),
    wide(field('Container-Runtime', 'status.nodeInfo.containerRuntimeVersion', '<unknown>')),
  ],
  services: [
    nameColumn,
    field('Type', 'spec.type', 'ClusterIP'),
    texts(
      'Cluster-IP',
      (object) => textsAt(object, 'spec.clusterIPs')[0] ?? text(object, 'spec.clusterIP', '<none>'),
    ),
    texts('External-IP', externalAddress),
    texts('Port(s)', ports),
    age,
    wide(texts('Selector', (object) => labelText(at(object, 'spec.selector'), '<none>'))),
  ],
  'deployments.apps': [
    nameColumn,
    ofParts('Ready', 'status.readyReplicas', 'spec.replicas'),
    texts('Up-to-date', (object) => whole(object, 'status.updatedReplicas')),
    texts('Available', (object) => whole(object, 'status.availableReplicas')),
    age,
    ...containers('spec.template'),
    selector('spec.selector'),
  ],
  'replicasets.apps': [...replicas('spec.template'), selector('spec.selector')],
  replicationcontrollers: [
    ...replicas('spec.template'),
    wide(texts('Selector', (object) => labelText(at(object, 'spec.selector'), '<none>'))),
  ],
  'statefulsets.apps': [
    nameColumn,
    ofParts('Ready', 'status.readyReplicas', 'spec.replicas'),
    age,
    ...containers('spec.template'),
  ],
  'daemonsets.apps': [
    nameColumn,
    number('Desired', 'status.desiredNumberScheduled'),
    number('Current', 'status.currentNumberScheduled'),
    number('Ready', 'status.numberReady'),
    number('Up-to-date', 'status.updatedNumberScheduled'),
    number('Available', 'status.numberAvailable'),
    texts('Node Selector', (object) => labelText(at(object, 'spec.template.spec.nodeSelector'), '<none>')),
    age,
    ...containers('spec.template'),
    selector('spec.selector'),
  ],
  'jobs.batch': [
    nameColumn,
    texts('Status', jobStatus),
    texts('Completions', jobCompletions),
    texts('Duration', jobDuration),
    age,
    ...containers('spec.template'),
    selector('spec.selector'),
  ],
  'cronjobs.batch': [
    nameColumn,
    field('Schedule', 'spec.schedule'),
    field('Timezone', 'spec.timeZone', '<none>'),
    texts('Suspend', (object) => (at(object, 'spec.suspend') === true ? 'True' : 'False')),
    { name: 'Active', type: 'integer', cell: (object) => objectsAt(object, 'status.active').length },
    texts('Last Schedule', (object, nowMs) => {
      const last = at(object, 'status.lastScheduleTime');
      return last === undefined ? '<none>' : since(last, nowMs);
    }),
    age,
    ...containers('spec.jobTemplate.spec.template'),
    selector('spec.jobTemplate.spec.selector'),
  ],
};

function readinessGates(pod: Json): string {
  const gates = objectsAt(pod, 'spec.readinessGates');
  if (gates.length === 0) return '<none>';
  const held = gates.filter(({ conditionType }) =>
    objectsAt(pod, 'status.conditions').some(
      (one) => one['type'] === conditionType && one['status'] === 'True',
    ),
  );
  return `${held.length}/${gates.length}`;
}

/** Of a built-in kind, by the key of its objects in the tables. */
export function builtinColumns(res: string): readonly PrinterColumn[] {
  return columnsOf[res] ?? [nameColumn, age];
}
