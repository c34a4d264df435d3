import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import { fingerprintOf } from '../signal/fingerprint.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import type { ParsedSignal } from '../signal/parsed-signal.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import type { TargetResource } from '../signal/signal.ts';
import type { Session } from './session.ts';

/** A resource as the command line names it. */
export interface WantedResource {
  /** `KIND/NAME`; the kind as objects have it, in lower case, or in plural. */
  text: string;
  namespace?: string | undefined;
  clusterID?: string | undefined;
}

/** What a signal about a resource would be counted under. */
export interface ResolvedResource {
  fingerprint: string;
  resource: TargetResource;
  clusterID?: string;
  /** `Kind/name`, from the resource that was named to the one of the fingerprint. */
  ownerChain: string[];
}

/** `KIND/NAME`. Throws USAGE. */
export function parseResourceName(text: string): { kind: string; name: string } {
  const [, kind, name] = /^([A-Za-z][A-Za-z0-9]*)\/([^/]+)$/.exec(text) ?? [];
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new RemedyError('USAGE', `"${text}" is not KIND/NAME`, {
    hint: 'for example Deployment/checkout; its namespace is given with --resource-namespace',
  });
}

/**
 * Resolves a resource as `signal` does on this target: its kind by discovery, its owner by the walk. A resource that
 * does not exist stands for itself, with a warning: what it was counted under while it lived cannot be told.
 * Throws USAGE, OWNER_LOOKUP_FAILED, and what discovery throws.
 */
export async function resolveResource(
  session: Session,
  client: KubeClient,
  wanted: WantedResource,
): Promise<ResolvedResource> {
  const { runtime, notices } = session;
  const { objects, discovery, target } = client;
  const { clock, signal } = runtime;
  const named = await namedResource(session, client, wanted);
  const cluster = new ObservedCluster({ objects, discovery, clock, signal });
  const options = { clock, targetKind: target.kind, enforceFreshness: false, resolveOwners: true };
  const item = await new SignalResolver({ ...options, cluster }).resolve(
    signalAbout(named, wanted.clusterID, clock.now()),
  );
  const about = wanted.clusterID === undefined ? {} : { clusterID: wanted.clusterID };
  if (item.outcome === 'normalized') {
    for (const { message } of item.warnings) notices.warn(message);
    const { fingerprint, resource } = item.signal;
    const { ownerChain } = item;
    if (ownerChain.length > 1) notices.say(`resolved as a signal is: ${ownerChain.join(' -> ')}`);
    return { fingerprint, resource, ...about, ownerChain };
  }
  const { code, message, hint } = item.reason;
  if (code !== 'OWNER_NOT_FOUND') throw new RemedyError(code, message, { hint });
  notices.warn(`${message}; a signal about it would be refused now. What follows is of the resource itself`);
  const { kind, name, namespace = '' } = named;
  const fingerprint = fingerprintOf({ ...about, namespace, kind, name });
  return { fingerprint, resource: named, ...about, ownerChain: [`${kind}/${name}`] };
}

async function namedResource(
  { notices }: Session,
  { discovery }: KubeClient,
  { text, namespace }: WantedResource,
): Promise<TargetResource> {
  const { kind, name } = parseResourceName(text);
  const lower = kind.toLowerCase();
  const served = await discovery.resources();
  const found =
    served.find((resource) => resource.kind === kind) ??
    served.find((resource) =>
      [resource.kind.toLowerCase(), resource.singular, resource.plural].includes(lower),
    );
  if (found === undefined) {
    notices.warn(`the server serves no kind ${kind}: it is taken as it is written`);
    return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
  }
  if (namespace !== undefined) return { kind: found.kind, name, namespace };
  if (!found.namespaced) return { kind: found.kind, name };
  notices.say(`namespace: default (as in a signal that names none; give another with --resource-namespace)`);
  return { kind: found.kind, name, namespace: 'default' };
}

function signalAbout(resource: TargetResource, clusterID: string | undefined, nowMs: number): ParsedSignal {
  return {
    source: { file: '', document: 0, index: 0 },
    outcome: 'parsed',
    signalSource: 'prometheus',
    signalName: 'named by hand',
    severity: 'unknown',
    ...(clusterID === undefined ? {} : { clusterID }),
    subject: { from: 'object', resource },
    seen: { rule: 'alert', atMs: nowMs },
    warnings: [],
    originalPayload: () => ({}),
  };
}
