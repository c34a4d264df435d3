import { webhookOf } from './delivery.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Notes } from '../notes/notes.ts';
import type { Clock } from '../time/clock.ts';
import { fingerprintOf } from './fingerprint.ts';
import { ObservedCluster } from './observed-cluster.ts';
import type { ParsedSignal } from './parsed-signal.ts';
import { SignalResolver } from './signal-resolver.ts';
import type { TargetResource } from './signal.ts';

/** What a resource is resolved by. */
export interface ResourceGround {
  client: Pick<KubeClient, 'objects' | 'discovery' | 'target'>;
  clock: Clock;
  /** Ends requests. */
  signal: AbortSignal;
  /** Told what was assumed and found on the way. */
  notes: Pick<Notes, 'say' | 'warn'>;
}

/** A resource as an operator names it. */
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

/** Reads `KIND/NAME`. Throws INVALID_OPTION. */
export function parseResourceName(text: string): { kind: string; name: string } {
  const [, kind, name] = /^([A-Za-z][A-Za-z0-9]*)\/([^/]+)$/.exec(text) ?? [];
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new RemedyError('INVALID_OPTION', `"${text}" is not KIND/NAME`, {
    hint: `for example Deployment/checkout; its namespace is given with ${optionName('resourceNamespace')}`,
  });
}

/**
 * Resolves a resource as `signal` does on this target: its kind by discovery, its owner by the walk. A resource that
 * does not exist stands for itself, with a warning: what it was counted under while it lived cannot be told.
 * Throws INVALID_OPTION, OWNER_LOOKUP_FAILED, and what discovery throws.
 */
export async function resolveResource(
  { client, clock, signal, notes }: ResourceGround,
  wanted: WantedResource,
): Promise<ResolvedResource> {
  const { objects, discovery, target } = client;
  const named = await namedResource({ client, notes }, wanted);
  const cluster = new ObservedCluster({ objects, discovery, clock, signal });
  const options = { clock, targetKind: target.kind, enforceFreshness: false, resolveOwners: true };
  const item = await new SignalResolver({ ...options, cluster }).resolve(
    signalAbout(named, wanted.clusterID, clock.now()),
  );
  const about = wanted.clusterID === undefined ? {} : { clusterID: wanted.clusterID };
  if (item.outcome === 'normalized') {
    for (const { message } of item.warnings) notes.warn(message);
    const { fingerprint, resource } = item.signal;
    const { ownerChain } = item;
    if (ownerChain.length > 1) notes.say(`resolved as a signal is: ${ownerChain.join(' -> ')}`);
    return { fingerprint, resource, ...about, ownerChain };
  }
  const { code, message, hint } = item.reason;
  if (code !== 'OWNER_NOT_FOUND') throw new RemedyError(code, message, { hint });
  notes.warn(`${message}; a signal about it would be refused now. What follows is of the resource itself`);
  const { kind, name, namespace = '' } = named;
  const fingerprint = fingerprintOf({ ...about, namespace, kind, name });
  return { fingerprint, resource: named, ...about, ownerChain: [`${kind}/${name}`] };
}

async function namedResource(
  { client, notes }: Pick<ResourceGround, 'client' | 'notes'>,
  { text, namespace }: WantedResource,
): Promise<TargetResource> {
  const { kind, name } = parseResourceName(text);
  const lower = kind.toLowerCase();
  const served = await client.discovery.resources();
  const found =
    served.find((resource) => resource.kind === kind) ??
    served.find((resource) =>
      [resource.kind.toLowerCase(), resource.singular, resource.plural].includes(lower),
    );
  if (found === undefined) {
    notes.warn(`the server serves no kind ${kind}: it is taken as it is written`);
    return { kind, name, ...(namespace === undefined ? {} : { namespace }) };
  }
  if (namespace !== undefined) return { kind: found.kind, name, namespace };
  if (!found.namespaced) return { kind: found.kind, name };
  notes.say(
    `namespace: default (as in a signal that names none; give another with ${optionName('resourceNamespace')})`,
  );
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
    delivery: () => ({ as: 'alert', body: webhookOf({ labels: labelsOf(resource), annotations: {} }) }),
  };
}

function labelsOf({ kind, name, namespace }: TargetResource): Record<string, string> {
  const place = namespace === undefined ? {} : { namespace };
  return { alertname: 'named by hand', [kind.toLowerCase()]: name, ...place };
}
