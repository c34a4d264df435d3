/**
 * What a gateway makes of a signal, with its defects and without what we do better: to foretell which signals of a body it
 * leaves out of its answer, and to find the others in it by the fingerprints that it has for them.
 *
 * Non-guarantee: it is foretold from what the cluster that we talk to says now. A gateway of another cluster, with other
 * permissions, or a moment later may see something else.
 */
import type { Reason } from '../errors/reason.ts';
import { fingerprintOf } from './fingerprint.ts';
import { staleness } from './freshness.ts';
import { isJsonObject, memberOf, type JsonObject } from './known-fields.ts';
import type { ObservedCluster } from './observed-cluster.ts';
import { resolveOwner } from './owner.ts';
import type { ParsedSignal } from './parsed-signal.ts';
import type { TargetResource } from './signal.ts';
import { gatewayTarget, type GatewayTarget } from './target.ts';

/** What becomes of one signal of a body at a gateway, as far as it can be foretold. */
export type GatewayReading =
  | {
      fate: 'answered';
      fingerprint: string;
      /** As its rejections name the resource: `prod:Deployment:payment-api`, `Node:worker-1`. */
      resourceText: string;
      /** No label names a resource: it makes one up, and fails when it comes to a request. */
      isUnresolved: boolean;
    }
  /** Left out without a word. */
  | { fate: 'dropped'; reason: Reason }
  | { fate: 'unknown'; why: string };

/** What a reading goes by. */
export interface GatewayReadingOptions {
  cluster: ObservedCluster;
  targetKind: 'cluster' | 'embedded';
}

/** Reads a signal as a gateway does. Rejects only where discovery fails, the store breaks or the run is aborted. */
export async function gatewayReading(
  parsed: ParsedSignal,
  options: GatewayReadingOptions,
): Promise<GatewayReading> {
  const { subject } = parsed;
  const choice: GatewayTarget =
    subject.from === 'object'
      ? { target: subject.resource }
      : await gatewayTarget(subject.labels, options.cluster);
  if ('byChance' in choice) return { fate: 'unknown', why: `it takes ${choice.byChance}, by chance` };
  if ('failure' in choice) return { fate: 'unknown', why: choice.failure.message };
  const walk = await resolveOwner(choice.target, options);
  if (walk.state !== 'resolved') {
    const { state, reason } = walk;
    return state === 'rejected' ? { fate: 'dropped', reason } : { fate: 'unknown', why: reason.message };
  }
  const resource = walk.chain.at(-1) ?? walk.chain[0];
  return answered(resource, clusterOf(parsed.delivery().body));
}

/**
 * Why a gateway refuses a body for its times, or undefined where it does not: of a webhook the newest alert counts, and
 * with a timestamp of its own in a header that one in place of all. `nowMs` is by the gateway's clock.
 */
export function bodyStaleness(signals: readonly ParsedSignal[], nowMs: number): string | undefined {
  const [first] = signals;
  if (first === undefined) return undefined;
  const times = signals.flatMap(({ seen }) => (seen.atMs === undefined ? [] : [seen.atMs]));
  const { rule } = first.seen;
  return staleness(times.length === 0 ? { rule } : { rule, atMs: Math.max(...times) }, nowMs);
}

/** It knows the cluster of the group alone, which events do not have. */
function clusterOf(body: JsonObject): string | undefined {
  const common = memberOf(body, 'commonLabels');
  const cluster = isJsonObject(common) ? memberOf(common, 'cluster') : undefined;
  return typeof cluster === 'string' && cluster !== '' ? cluster : undefined;
}

function answered(resource: TargetResource, clusterID: string | undefined): GatewayReading {
  const { kind, name, namespace = '' } = resource;
  return {
    fate: 'answered',
    fingerprint: fingerprintOf({ clusterID, namespace, kind, name }),
    resourceText: namespace === '' ? `${kind}:${name}` : `${namespace}:${kind}:${name}`,
    isUnresolved: kind === 'Unknown' || name === 'unknown',
  };
}
