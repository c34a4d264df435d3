import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isApiError } from '../kube/api-error.ts';
import { leaseResource } from '../kube/well-known-resources.ts';
import {
  beginningOfLeaseName,
  chooseLock,
  leaseNamePrefix,
  lockOfFingerprint,
  lockOfKey,
  lockOfLeaseName,
  parseLockKey,
  type LivingLock,
  type LockKey,
  type ResolvedLock,
} from '../lease/lock-key.ts';
import { leaseName } from '../lease/lease-name.ts';
import { mayBeginName } from '../request/name-beginning.ts';
import { summarizeRequest } from '../request/request-fields.ts';
import { parseResourceName, resolveResource } from '../signal/named-resource.ts';
import type { LockGround } from './lock-ground.ts';
import { RequestLocator } from './request-locator.ts';

const wholeFingerprint = /^[0-9a-f]{64}$/;

/** How an operator names one lock: `key`, or a resource in its place. */
export interface LockKeyInput {
  /** A fingerprint or its first 8 digits or more, a lease name (`gw-lock-…`) or a request name (`rr-…`). */
  key?: string | undefined;
  /** Takes `key` as the key itself, whatever it looks like; one under 16 characters is hashed. Default: false. */
  rawKey?: boolean | undefined;
  /** `KIND/NAME`: the lock of this resource, resolved to its owner as a signal is. */
  resource?: string | undefined;
  /** Of `resource`; default: `default`, none for a cluster-scoped kind. */
  resourceNamespace?: string | undefined;
  /** The cluster that the signal of `resource` names, if it names one. */
  resourceClusterID?: string | undefined;
}

/** What finding a lock goes by. */
export type KeyGround = Pick<LockGround, 'client' | 'clock' | 'signal' | 'notes' | 'settings'>;

/** A name as it was read; only a resource must be asked about before it is one of a lock. */
type NamedKey =
  LockKey | { kind: 'resource'; text: string; namespace: string | undefined; clusterID: string | undefined };

/**
 * Finds the lock that is named. A fingerprint, a lease name and a raw key cost no request, a request name one GET, a
 * prefix one LIST of leases and one of requests, a resource discovery and the walk to its owner.
 * Throws INVALID_OPTION, NOT_FOUND, AMBIGUOUS_KEY, what ObjectAccess and discovery throw, and OWNER_LOOKUP_FAILED.
 */
export async function resolveLockKey(ground: KeyGround, input: LockKeyInput): Promise<ResolvedLock> {
  return resolveKey(ground, readKey(input));
}

/**
 * The same to look at a lock and change nothing: the beginning of a lease's or request's name will do. Costs a LIST more
 * where no such name is there. Throws what `resolveLockKey` throws.
 */
export async function resolveLockToRead(ground: KeyGround, input: LockKeyInput): Promise<ResolvedLock> {
  const key = readKey(input);
  const digits = key.kind === 'leaseName' ? beginningOfLeaseName(key.leaseName) : undefined;
  if (digits !== undefined) return chooseLock(digits, await livingLocks(ground, digits));
  if (key.kind === 'requestName') return lockOfRequestBeginning(ground, key.name);
  return resolveKey(ground, key);
}

async function resolveKey(ground: KeyGround, key: NamedKey): Promise<ResolvedLock> {
  switch (key.kind) {
    case 'fingerprint':
      return lockOfFingerprint(key.fingerprint);
    case 'raw':
      return wholeFingerprint.test(key.text) ? lockOfFingerprint(key.text) : lockOfKey(key.text);
    case 'leaseName':
      return lockOfLeaseName(key.leaseName);
    case 'resource':
      return lockOfFingerprint((await resolveResource(ground, key)).fingerprint);
    case 'requestName':
      return lockOfRequest(ground, key.name);
    case 'prefix':
      return chooseLock(key.prefix, await livingLocks(ground, key.prefix));
  }
}

/** What the names say by themselves, without any request. Throws INVALID_OPTION. */
export function readKey(input: LockKeyInput): NamedKey {
  const { key, rawKey = false, resource, resourceNamespace: namespace, resourceClusterID: clusterID } = input;
  if (resource !== undefined) {
    if (key !== undefined || rawKey) throw notNamed(`${optionName('resource')} stands in the place of KEY`);
    parseResourceName(resource);
    return { kind: 'resource', text: resource, namespace, clusterID };
  }
  if (namespace !== undefined || clusterID !== undefined) {
    const both = `${optionName('resourceNamespace')} and ${optionName('resourceClusterID')}`;
    throw notNamed(`${both} belong to ${optionName('resource')} KIND/NAME`);
  }
  if (key === undefined) throw notNamed('which lock? KEY is missing');
  return parseLockKey(key, { rawKey });
}

async function lockOfRequest({ client, signal, settings }: KeyGround, name: string): Promise<ResolvedLock> {
  const locator = new RequestLocator(client, signal);
  const { fingerprint } = summarizeRequest(await locator.get(settings.namespace, name));
  if (fingerprint !== '') return lockOfFingerprint(fingerprint);
  throw new RemedyError('NOT_FOUND', `the request ${name} has no fingerprint, so no lock belongs to it`);
}

async function lockOfRequestBeginning(ground: KeyGround, name: string): Promise<ResolvedLock> {
  try {
    return await lockOfRequest(ground, name);
  } catch (thrown) {
    if (!isApiError(thrown) || thrown.httpStatus !== 404 || !mayBeginName(name)) throw thrown;
    const { client, signal, settings } = ground;
    const found: LivingLock[] = [];
    for await (const request of new RequestLocator(client, signal).list({ namespace: settings.namespace })) {
      const { fingerprint, name: whole } = summarizeRequest(request);
      if (fingerprint !== '' && whole.startsWith(name))
        found.push({ leaseName: leaseName(fingerprint), fingerprint });
    }
    if (found.length === 0) throw thrown;
    return chooseLock('', found);
  }
}

async function livingLocks({ client, signal, settings }: KeyGround, prefix: string): Promise<LivingLock[]> {
  const living: LivingLock[] = [];
  const namespace = settings.leaseNamespace;
  for await (const page of client.objects.listPages(leaseResource, { namespace }, { signal })) {
    for (const { metadata } of page.items) {
      if (metadata.name.startsWith(leaseNamePrefix(prefix))) living.push({ leaseName: metadata.name });
    }
  }
  const requests = new RequestLocator(client, signal).list({ namespace: settings.namespace });
  for await (const request of requests) {
    const { fingerprint } = summarizeRequest(request);
    if (fingerprint.startsWith(prefix)) living.push({ leaseName: leaseName(fingerprint), fingerprint });
  }
  return living;
}

function notNamed(message: string): RemedyError {
  const resource = `${optionName('resource')} Deployment/checkout ${optionName('resourceNamespace')} prod`;
  return new RemedyError('INVALID_OPTION', message, {
    hint: `for example: lease get 91fce8d5c494, or lease get ${resource}`,
  });
}
