/**
 * Whether a signal's resource is managed (docs/gateway-semantics.md 9): the label kubernaut.ai/managed of the
 * resolved owner decides with `true` or `false`, else that of its namespace, else it is unmanaged. A cluster-scoped
 * resource has only its own label. The own label is read for every kind that is served and can be read.
 */
import { optionName } from '../errors/option-name.ts';
import { namespaceResource } from '../kube/well-known-resources.ts';
import type { ApiResource } from '../api/objects.ts';
import { isNamespaceName, isObjectName } from './object-name.ts';
import type { LookupFailure, Observation, ObservedCluster } from './observed-cluster.ts';
import { managedLabel } from './observed-cluster.ts';
import { quoteText } from './quoted-text.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { NormalizedSignal, TargetResource } from './signal.ts';

/** What a scope check goes by. */
export interface ScopeCheckOptions {
  cluster: ObservedCluster;
  /** `skip`: asked for by the user, and recorded; `notApplicable`: on the embedded store. */
  mode: 'check' | 'skip' | 'notApplicable';
  /** Whether a signal that names a cluster is checked against the one we talk to, or refused (REMOTE_CLUSTER). */
  clusterIdScope: 'local' | 'refuse';
}

/** How the scope is checked on a target; `skip`: asked for by the user. */
export function scopeModeOf(target: 'cluster' | 'embedded', skip: boolean): ScopeCheckOptions['mode'] {
  if (target === 'embedded') return 'notApplicable';
  return skip ? 'skip' : 'check';
}

interface ScopeDecision {
  /** Absent where nothing was checked. */
  managed?: boolean;
  /** `Kind/name` of the object whose label decided; absent where no label did. */
  decidedBy?: string;
  /** The user asked for no check. */
  skipped: boolean;
  /** Set where the signal does not go on: UNMANAGED and REMOTE_CLUSTER reject it, SCOPE_LOOKUP_FAILED fails it. */
  reason?: Reason;
  warnings: Notice[];
}

/** An object whose label was looked at. */
export interface ScopeLook {
  /** `Kind/name`. */
  object: string;
  state: Observation['state'];
  /** The label's value as it is written; absent where there is none. */
  label?: string;
}

/** The kinds whose own label the gateway reads; of these an unreadable one is no reason to look elsewhere. */
const gatewayKinds = new Set([
  'Pod',
  'Node',
  'Service',
  'ConfigMap',
  'Secret',
  'Namespace',
  'PersistentVolume',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
]);

type Verdict =
  { managed: boolean; decidedBy?: string; warnings: Notice[] } | { failure: LookupFailure; of: string };

/** Tells of signals whether their resources are managed, by what the cluster says of them. */
export class ScopeCheck {
  readonly #options: ScopeCheckOptions;

  constructor(options: ScopeCheckOptions) {
    this.#options = options;
  }

  /**
   * Rejects only where discovery fails, the store breaks or the run is aborted.
   *
   * @param looks gets every object whose label was looked at, for whoever explains the decision.
   */
  async check(signal: NormalizedSignal, looks: ScopeLook[] = []): Promise<ScopeDecision> {
    const { mode, clusterIdScope } = this.#options;
    const skipped = mode === 'skip';
    if (signal.clusterID !== undefined && clusterIdScope === 'refuse') {
      return { skipped, reason: remoteReason(signal.clusterID), warnings: [] };
    }
    if (mode !== 'check') return { skipped, warnings: [] };
    const warnings = signal.clusterID === undefined ? [] : [localNotice(signal.clusterID)];
    const resource = (await this.#options.cluster.kinds()).resourceFor(signal.resource);
    const verdict = await this.#verdict(signal, resource, looks);
    if ('failure' in verdict) return { skipped, reason: lookupReason(signal, verdict), warnings };
    const { managed, decidedBy } = verdict;
    return {
      managed,
      ...(decidedBy === undefined ? {} : { decidedBy }),
      skipped,
      ...(managed ? {} : { reason: unmanagedReason(signal, decidedBy, resource) }),
      warnings: [...warnings, ...verdict.warnings],
    };
  }

  async #verdict(
    signal: NormalizedSignal,
    resource: ApiResource | undefined,
    looks: ScopeLook[],
  ): Promise<Verdict> {
    const { kind, name } = signal.resource;
    const own =
      resource === undefined ? undefined : await this.#options.cluster.observe(resource, signal.resource);
    if (own !== undefined) looks.push(lookAt(`${kind}/${name}`, own));
    const decided = decisionOf(own);
    if (decided !== undefined) return { managed: decided, decidedBy: `${kind}/${name}`, warnings: [] };
    const warnings: Notice[] = [];
    if (own?.state === 'failed') {
      if (isNeeded(kind, own.failure)) return { failure: own.failure, of: `${kind}/${name}` };
      warnings.push(unreadableNotice(signal.resource, own.failure));
    }
    if (resource?.namespaced === false || signal.namespace === '') return { managed: false, warnings };
    const namespace = await this.#options.cluster.observe(namespaceResource, { name: signal.namespace });
    looks.push(lookAt(`Namespace/${signal.namespace}`, namespace));
    return namespaceVerdict(signal.namespace, namespace, warnings);
  }
}

function namespaceVerdict(name: string, seen: Observation, warnings: Notice[]): Verdict {
  if (seen.state === 'failed') return { failure: seen.failure, of: `Namespace/${name}` };
  const managed = decisionOf(seen);
  if (managed === undefined) return { managed: false, warnings };
  return { managed, decidedBy: `Namespace/${name}`, warnings };
}

function lookAt(object: string, seen: Observation): ScopeLook {
  const label = seen.state === 'found' ? seen.object.managed : undefined;
  return { object, state: seen.state, ...(label === undefined ? {} : { label }) };
}

/** Whether a label that was not read must stop the signal: it may pass, or the gateway would have read it. */
function isNeeded(kind: string, failure: LookupFailure): boolean {
  return !failure.forbidden || gatewayKinds.has(kind);
}

function unreadableNotice({ kind, name }: TargetResource, { message }: LookupFailure): Notice {
  return {
    code: 'SCOPE_NOT_READABLE',
    message: `the label of ${kind}/${name} could not be read: ${message}`,
  };
}

function decisionOf(seen: Observation | undefined): boolean | undefined {
  const label = seen?.state === 'found' ? seen.object.managed : undefined;
  if (label === 'true') return true;
  return label === 'false' ? false : undefined;
}

function unmanagedReason(
  signal: NormalizedSignal,
  decidedBy: string | undefined,
  resource: ApiResource | undefined,
): Reason {
  const { kind, name } = signal.resource;
  const why =
    decidedBy === undefined
      ? `no label ${managedLabel}=true is on it${signal.namespace === '' ? '' : ' or its namespace'}`
      : `${decidedBy} has the label ${managedLabel}=false`;
  const command = labelCommand(signal, resource, decidedBy === `${kind}/${name}`);
  return {
    code: 'UNMANAGED',
    message: `${signal.namespace}:${kind}:${name} is not managed: ${why}`,
    ...(command === undefined ? {} : { hint: command }),
  };
}

/**
 * The command that would enable a resource; none for a kind that is not served or for a name that no object can have.
 * So nothing from a signal reaches the command but names of letters, digits, dots and dashes.
 */
function labelCommand(
  signal: NormalizedSignal,
  resource: ApiResource | undefined,
  hasLabel: boolean,
): string | undefined {
  const { name } = signal.resource;
  if (resource === undefined || !isObjectName(name, resource)) return undefined;
  if (resource.namespaced && !isNamespaceName(signal.namespace)) return undefined;
  const where = resource.namespaced ? ` -n ${signal.namespace}` : '';
  const overwrite = hasLabel ? ' --overwrite' : '';
  return `kubectl label${where} ${kubectlType(signal.resource, resource)} ${name} ${managedLabel}=true${overwrite}`;
}

/** `deployment`, and with the group where kubectl could mean another kind. */
function kubectlType({ kind }: TargetResource, { group }: ApiResource): string {
  const type = kind.toLowerCase();
  return group.includes('.') ? `${type}.${group}` : type;
}

function lookupReason(
  signal: NormalizedSignal,
  { failure, of }: { failure: LookupFailure; of: string },
): Reason {
  const { kind, name } = signal.resource;
  const hint =
    failure.hint ??
    `Run the same command again, or leave the check out with ${optionName('skipScopeCheck')}.`;
  return {
    code: 'SCOPE_LOOKUP_FAILED',
    message: `whether ${signal.namespace}:${kind}:${name} is managed is unknown: ${of}: ${failure.message}`,
    hint,
  };
}

function remoteReason(clusterID: string): Reason {
  return {
    code: 'REMOTE_CLUSTER',
    message: `the signal is about cluster ${quoteText(clusterID)}, which is not resolved from here`,
    hint: `With ${optionName('clusterIdScope')} local it is checked against the cluster that remedyctl talks to.`,
  };
}

function localNotice(clusterID: string): Notice {
  const named = quoteText(clusterID);
  const message = `the signal names cluster ${named}; its scope was checked on the cluster that we talk to`;
  return { code: 'CLUSTER_ID_LOCAL', message };
}
