/** Which port of which pod is meant by `svc/NAME:PORT`, as kubectl port-forward has it, but for a pod that is ready. */
import type { KubeObject } from '../api/objects.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isFields, recordsOf, textOf } from './answer-shape.ts';
import type { PodPort } from './forward-stream.ts';
import type { ObjectAccess } from './object-access.ts';
import { podResource, serviceResource } from './well-known-resources.ts';

/** A service or pod, and a port of it by number or name; without one the only port that it has. */
export interface ForwardTarget {
  kind: 'service' | 'pod';
  namespace: string;
  name: string;
  port?: string | undefined;
}

/** One port as a service or a container declares it. */
interface DeclaredPort {
  name: string | undefined;
  number: number;
  isTcp: boolean;
  /** Of a service: where it leads, a number or a name of the pod's. */
  leadsTo?: number | string;
}

type Fields = Record<string, unknown>;

const kinds = new Map<string, ForwardTarget['kind']>([
  ['svc', 'service'],
  ['service', 'service'],
  ['services', 'service'],
  ['po', 'pod'],
  ['pod', 'pod'],
  ['pods', 'pod'],
]);
const largestPort = 65_535;
const podsNamed = 3;

/** Reads `svc/NAME[:PORT]` and `pod/NAME[:PORT]`. Errors: INVALID_OPTION. */
export function parseForwardTarget(text: string, namespace: string): ForwardTarget {
  const [, kindText = '', name = '', port] = /^([a-z]+)\/([^/:]+)(?::([^:]+))?$/.exec(text) ?? [];
  const kind = kinds.get(kindText);
  if (kind === undefined) {
    throw invalid(`must be svc/NAME[:PORT] or pod/NAME:PORT, not ${JSON.stringify(text)}`);
  }
  return { kind, namespace, name, port };
}

/**
 * One or two requests: the pod, or the service and its pods; of several that are ready the one that is so for longest.
 * Errors: NOT_FOUND (no such object, no pod that is ready, no such port), INVALID_OPTION (the port has to be said, or is
 * none of TCP), ApiError, NetworkError.
 */
export async function resolveForwardTarget(
  objects: ObjectAccess,
  target: ForwardTarget,
  signal: AbortSignal | undefined,
): Promise<PodPort> {
  const { namespace, name } = target;
  if (target.kind === 'pod') {
    const pod = await objects.get(podResource, { namespace, name }, { signal });
    if (phaseOf(pod) !== 'Running')
      throw notFound(`pod ${namespace}/${name} is ${phaseOf(pod)}, not Running`);
    return { namespace, pod: name, port: podPort(pod, target) };
  }
  const service = await objects.get(serviceResource, { namespace, name }, { signal });
  const port = chosenPort(servicePorts(service), target);
  const pod = await readyPod(objects, service, target, signal);
  const leadsTo = port.leadsTo ?? port.number;
  const number = typeof leadsTo === 'number' ? leadsTo : numberOf(containerPorts(pod), leadsTo);
  if (number === undefined) {
    throw notFound(
      `service ${namespace}/${name} leads to the port "${leadsTo}", which pod ${pod.metadata.name} does not have`,
    );
  }
  return { namespace, pod: pod.metadata.name, port: number };
}

async function readyPod(
  objects: ObjectAccess,
  service: KubeObject,
  { namespace, name }: ForwardTarget,
  signal: AbortSignal | undefined,
): Promise<KubeObject> {
  const selector = Object.entries(fieldsOf(fieldsOf(service['spec'])['selector']));
  if (selector.length === 0) {
    throw notFound(
      `service ${namespace}/${name} has no selector, so nothing says which pods are its`,
      'Name one of its pods in its place: pod/NAME:PORT.',
    );
  }
  const labelSelector = selector.map(([key, value]) => `${key}=${String(value)}`).join(',');
  const pods: KubeObject[] = [];
  for await (const page of objects.listPages(podResource, { namespace, labelSelector }, { signal })) {
    pods.push(...page.items);
  }
  const ready = pods.filter(isReady).sort((one, other) => compareText(readySince(one), readySince(other)));
  const [longest] = ready;
  if (longest !== undefined) return longest;
  throw notFound(
    `service ${namespace}/${name} has no pod that is ready: ${describePods(pods)}`,
    `Look at its pods: kubectl get pods -n ${namespace} -l ${labelSelector}`,
  );
}

function describePods(pods: readonly KubeObject[]): string {
  if (pods.length === 0) return 'its selector matches none';
  const named = pods.slice(0, podsNamed).map((pod) => `${pod.metadata.name} is ${stateOf(pod)}`);
  const more = pods.length - named.length;
  return named.join(', ') + (more > 0 ? `, and ${more} more` : '');
}

function stateOf(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'being deleted';
  return phaseOf(pod) === 'Running' ? 'running but not ready' : phaseOf(pod);
}

function isReady(pod: KubeObject): boolean {
  const isHere = phaseOf(pod) === 'Running' && pod.metadata.deletionTimestamp === undefined;
  return isHere && readyCondition(pod)['status'] === 'True';
}

function readySince(pod: KubeObject): string {
  // kubelets write times of one form, so the order of the text is that of time
  return `${textOf(readyCondition(pod)['lastTransitionTime']) ?? ''} ${pod.metadata.name}`;
}

function readyCondition(pod: KubeObject): Fields {
  const conditions = recordsOf(fieldsOf(pod['status'])['conditions']);
  return conditions.find(({ type }) => type === 'Ready') ?? {};
}

function phaseOf(pod: KubeObject): string {
  return textOf(fieldsOf(pod['status'])['phase']) ?? 'of an unknown phase';
}

/** The number of a port need not be declared by a pod; its name does. */
function podPort(pod: KubeObject, target: ForwardTarget): number {
  const declared = containerPorts(pod);
  const given = target.port === undefined ? undefined : portNumber(target.port);
  if (given === undefined) return chosenPort(declared, target).number;
  const same = declared.filter(({ number }) => number === given);
  if (same.length > 0 && !same.some(({ isTcp }) => isTcp)) throw notTcp(target, given);
  return given;
}

function chosenPort(declared: readonly DeclaredPort[], target: ForwardTarget): DeclaredPort {
  const { kind, namespace, name, port } = target;
  const candidates = port === undefined ? declared : declared.filter((one) => isNamed(one, port));
  const tcp = candidates.filter(({ isTcp }) => isTcp);
  const [first] = tcp;
  if (first !== undefined && (port !== undefined || tcp.length === 1)) return first;
  const what = `${kind} ${namespace}/${name}`;
  if (first !== undefined) {
    throw invalid(`needs the port, since ${what} has several: ${describePorts(declared)}`);
  }
  if (candidates.length > 0) throw notTcp(target, port ?? describePorts(candidates));
  const has = declared.length === 0 ? 'it declares none' : `it has ${describePorts(declared)}`;
  throw notFound(port === undefined ? `${what} declares no port` : `${what} has no port ${port}: ${has}`);
}

function isNamed(declared: DeclaredPort, port: string): boolean {
  return declared.name === port || declared.number === portNumber(port);
}

function numberOf(declared: readonly DeclaredPort[], name: string): number | undefined {
  return declared.find((one) => one.name === name)?.number;
}

function describePorts(declared: readonly DeclaredPort[]): string {
  return declared
    .map(({ name, number, isTcp }) => {
      const facts = [...(name === undefined ? [] : [name]), ...(isTcp ? [] : ['not TCP'])];
      return facts.length === 0 ? String(number) : `${number} (${facts.join(', ')})`;
    })
    .join(', ');
}

function servicePorts(service: KubeObject): DeclaredPort[] {
  const spec = fieldsOf(service['spec']);
  return recordsOf(spec['ports']).flatMap((given) => {
    const declared = declaredPort(given, given['port']);
    if (declared === undefined) return [];
    const { targetPort } = given;
    // without an address of its own it leads nowhere but to the very port of its pods
    const leads = spec['clusterIP'] !== 'None' && (isPort(targetPort) || typeof targetPort === 'string');
    return [leads ? { ...declared, leadsTo: targetPort } : declared];
  });
}

function containerPorts(pod: KubeObject): DeclaredPort[] {
  const spec = fieldsOf(pod['spec']);
  return [...recordsOf(spec['containers']), ...recordsOf(spec['initContainers'])].flatMap((container) =>
    recordsOf(container['ports']).flatMap((given) => declaredPort(given, given['containerPort']) ?? []),
  );
}

function declaredPort(given: Fields, number: unknown): DeclaredPort | undefined {
  if (!isPort(number)) return undefined;
  return { name: textOf(given['name']), number, isTcp: (textOf(given['protocol']) ?? 'TCP') === 'TCP' };
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= largestPort;
}

/** Undefined for a name; a number that is no port is one of neither. */
function portNumber(text: string): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const number = Number(text);
  if (isPort(number)) return number;
  throw invalid(`has the port ${text}, which is none (1 to ${largestPort})`);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function notTcp({ kind, namespace, name }: ForwardTarget, port: number | string): RemedyError {
  return invalid(`can only forward TCP; port ${port} of ${kind} ${namespace}/${name} is none of TCP`);
}

function invalid(why: string): RemedyError {
  return new RemedyError('INVALID_OPTION', `${optionName('portForward')} ${why}`);
}

function notFound(message: string, hint?: string): RemedyError {
  return new RemedyError('NOT_FOUND', message, { hint });
}
