import { RemedyError } from '../../errors/remedy-error.ts';
import type { KubeClient } from '../../kube/client.ts';
import { leaseResource } from '../../kube/well-known-resources.ts';
import {
  chooseLock,
  leaseNamePrefix,
  lockOfFingerprint,
  lockOfKey,
  lockOfLeaseName,
  parseLockKey,
  type LivingLock,
  type LockKey,
  type ResolvedLock,
} from '../../lease/lock-key.ts';
import { leaseName } from '../../lease/lease-name.ts';
import { summarizeRequest } from '../../request/request-fields.ts';
import { fingerprintOf } from '../../signal/fingerprint.ts';
import type { Session } from '../session.ts';
import type { LockKeyInput } from './lock-key-flags.ts';
import { RequestLocator } from './request-locator.ts';

const wholeFingerprint = /^[0-9a-f]{64}$/;
/** Kinds that are hashed without a namespace as a rule. */
const clusterScoped = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
]);

/**
 * Finds the lock that a command line names. A fingerprint, a lease name, `--resource` and `--raw-key` cost no request,
 * a request name one GET, a prefix one LIST of leases and one of requests.
 * Throws USAGE, NOT_FOUND, AMBIGUOUS_KEY, and what ObjectAccess throws.
 */
export async function resolveLockKey(
  session: Session,
  client: KubeClient,
  input: LockKeyInput,
): Promise<ResolvedLock> {
  const key = readKey(session, input);
  switch (key.kind) {
    case 'fingerprint':
      return lockOfFingerprint(key.fingerprint);
    case 'raw':
      return wholeFingerprint.test(key.text) ? lockOfFingerprint(key.text) : lockOfKey(key.text);
    case 'leaseName':
      return lockOfLeaseName(key.leaseName);
    case 'requestName':
      return lockOfRequest(session, client, key.name);
    case 'prefix':
      return chooseLock(key.prefix, await livingLocks(session, client, key.prefix));
  }
}

/** What the command line says, without any request. Throws USAGE. To be asked before anything is connected to. */
export function readKey(session: Session, input: LockKeyInput): LockKey {
  const { key, resource } = input;
  if (resource !== undefined) {
    if (key !== undefined || input['raw-key']) throw usage('--resource stands in the place of KEY');
    return { kind: 'fingerprint', fingerprint: resourceFingerprint(session, resource, input) };
  }
  if (input['resource-namespace'] !== undefined || input['resource-cluster-id'] !== undefined) {
    throw usage('--resource-namespace and --resource-cluster-id belong to --resource KIND/NAME');
  }
  if (key === undefined) throw usage('which lock? KEY is missing');
  return parseLockKey(key, { rawKey: input['raw-key'] });
}

function resourceFingerprint({ notices }: Session, resource: string, input: LockKeyInput): string {
  const [, kind, name] = /^([A-Z][A-Za-z0-9]*)\/([^/]+)$/.exec(resource) ?? [];
  if (kind === undefined || name === undefined) {
    throw usage(
      `--resource ${resource} is not KIND/NAME with the Kind as objects have it: Deployment/checkout`,
    );
  }
  const namespace = input['resource-namespace'] ?? '';
  if (namespace === '' && !clusterScoped.has(kind)) {
    notices.warn(`${resource} is taken as cluster-scoped, since no --resource-namespace is given`);
  }
  return fingerprintOf({ clusterID: input['resource-cluster-id'], namespace, kind, name });
}

async function lockOfRequest(session: Session, client: KubeClient, name: string): Promise<ResolvedLock> {
  const { runtime, config } = session;
  const locator = new RequestLocator(client, runtime.signal);
  const { fingerprint } = summarizeRequest(await locator.get(config.values.namespace, name));
  if (fingerprint !== '') return lockOfFingerprint(fingerprint);
  throw new RemedyError('NOT_FOUND', `the request ${name} has no fingerprint, so no lock belongs to it`);
}

async function livingLocks(session: Session, client: KubeClient, prefix: string): Promise<LivingLock[]> {
  const { runtime, config } = session;
  const { signal } = runtime;
  const living: LivingLock[] = [];
  const namespace = config.values.leaseNamespace;
  for await (const page of client.objects.listPages(leaseResource, { namespace }, { signal })) {
    for (const { metadata } of page.items) {
      if (metadata.name.startsWith(leaseNamePrefix(prefix))) living.push({ leaseName: metadata.name });
    }
  }
  const requests = new RequestLocator(client, signal).list({ namespace: config.values.namespace });
  for await (const request of requests) {
    const { fingerprint } = summarizeRequest(request);
    if (fingerprint.startsWith(prefix)) living.push({ leaseName: leaseName(fingerprint), fingerprint });
  }
  return living;
}

function usage(message: string): RemedyError {
  return new RemedyError('USAGE', message, {
    hint: 'for example: lease get 91fce8d5c494, or lease get --resource Deployment/checkout --resource-namespace prod',
  });
}
