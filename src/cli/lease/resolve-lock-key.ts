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
import { parseResourceName, resolveResource } from '../named-resource.ts';
import type { Session } from '../session.ts';
import type { LockKeyInput } from './lock-key-flags.ts';
import { RequestLocator } from './request-locator.ts';

const wholeFingerprint = /^[0-9a-f]{64}$/;

/** KEY as a command line has it; only a resource must be asked about before it is one of a lock. */
type NamedKey =
  LockKey | { kind: 'resource'; text: string; namespace: string | undefined; clusterID: string | undefined };

/**
 * Finds the lock that a command line names. A fingerprint, a lease name and `--raw-key` cost no request, a request
 * name one GET, a prefix one LIST of leases and one of requests, `--resource` discovery and the walk to its owner.
 * Throws USAGE, NOT_FOUND, AMBIGUOUS_KEY, what ObjectAccess and discovery throw, and OWNER_LOOKUP_FAILED.
 */
export async function resolveLockKey(
  session: Session,
  client: KubeClient,
  input: LockKeyInput,
): Promise<ResolvedLock> {
  const key = readKey(input);
  switch (key.kind) {
    case 'fingerprint':
      return lockOfFingerprint(key.fingerprint);
    case 'raw':
      return wholeFingerprint.test(key.text) ? lockOfFingerprint(key.text) : lockOfKey(key.text);
    case 'leaseName':
      return lockOfLeaseName(key.leaseName);
    case 'resource':
      return lockOfFingerprint((await resolveResource(session, client, key)).fingerprint);
    case 'requestName':
      return lockOfRequest(session, client, key.name);
    case 'prefix':
      return chooseLock(key.prefix, await livingLocks(session, client, key.prefix));
  }
}

/** What the command line says, without any request. Throws USAGE. To be asked before anything is connected to. */
export function readKey(input: LockKeyInput): NamedKey {
  const { key, resource } = input;
  if (resource !== undefined) {
    if (key !== undefined || input['raw-key']) throw usage('--resource stands in the place of KEY');
    parseResourceName(resource);
    const namespace = input['resource-namespace'];
    return { kind: 'resource', text: resource, namespace, clusterID: input['resource-cluster-id'] };
  }
  if (input['resource-namespace'] !== undefined || input['resource-cluster-id'] !== undefined) {
    throw usage('--resource-namespace and --resource-cluster-id belong to --resource KIND/NAME');
  }
  if (key === undefined) throw usage('which lock? KEY is missing');
  return parseLockKey(key, { rawKey: input['raw-key'] });
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
