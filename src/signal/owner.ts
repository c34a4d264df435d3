/**
 * Who owns a signal's target: the walk along `controller: true` owner references (docs/gateway-semantics.md 1.6).
 *
 * Guarantees: at most five hops, so a cycle ends; kinds that are not served, or served outside core, apps, batch,
 * autoscaling and policy, are reached but never looked up. Owners are looked up by Kind alone, as the gateway does;
 * the apiVersion of a reference is carried along.
 */
import { serviceResource } from '../kube/well-known-resources.ts';
import type { KindIndex } from './kind-index.ts';
import type { LookupFailure, ObservedCluster } from './observed-cluster.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import { describeResource } from './resource-text.ts';
import type { TargetResource } from './signal.ts';
import { withArticle } from '../text/article.ts';

interface OwnerWalkOptions {
  cluster: ObservedCluster;
  /** On the embedded store an absent object is one that was not imported: it ends the walk and drops nothing. */
  targetKind: 'cluster' | 'embedded';
}

/** What the walk from a target to its last owner came to. */
export type OwnerWalk =
  | {
      state: 'resolved';
      chain: Chain;
      /** Why it went no further than the last of the chain, in one clause. */
      ended: string;
      warnings: Notice[];
    }
  | { state: 'rejected' | 'failed'; reason: Reason };

const maxHops = 5;

type Chain = [TargetResource, ...TargetResource[]];

/** One hop on, the end of the walk, or an end by a look-up that drops the signal where it is the first. */
type Step =
  | { next: TargetResource }
  | { end: string }
  | { refuse: { state: 'rejected' | 'failed'; reason: Reason }; isFirst?: false };

/** Walks from a target to its last owner. A look-up that fails after the first keeps the last owner found. */
export async function resolveOwner(target: TargetResource, options: OwnerWalkOptions): Promise<OwnerWalk> {
  const kinds = await options.cluster.kinds();
  const chain: Chain = [target];
  let step: Step = { next: target };
  if (target.kind === 'Service' && kinds.walkedResource('Service') !== undefined) {
    step = await stepThroughService(target, options.cluster);
    // A pod behind a Service is where the walk starts, no owner on it.
    if ('next' in step) chain.push(step.next);
  }
  for (let hops = 0; 'next' in step && hops < maxHops; hops += 1) {
    step = await stepToController(step.next, kinds, options);
    if ('next' in step) chain.push(step.next);
  }
  return endOfWalk(chain, step);
}

function endOfWalk(chain: Chain, last: Step): OwnerWalk {
  if ('next' in last) {
    return { state: 'resolved', chain, ended: `the walk ends after ${maxHops} owners`, warnings: [] };
  }
  if ('end' in last) return { state: 'resolved', chain, ended: last.end, warnings: [] };
  if (chain.length === 1 && last.isFirst !== false) return last.refuse;
  const why = last.refuse.reason.message;
  return { state: 'resolved', chain, ended: why, warnings: [brokenChain(chain, why)] };
}

async function stepToController(
  current: TargetResource,
  kinds: KindIndex,
  { cluster, targetKind }: OwnerWalkOptions,
): Promise<Step> {
  const resource = kinds.walkedResource(current.kind);
  if (resource === undefined) return { end: unwalked(current, kinds) };
  const seen = await cluster.observe(resource, current);
  if (seen.state === 'failed') return { refuse: failed(current, seen.failure) };
  if (seen.state === 'absent') {
    return targetKind === 'embedded'
      ? { end: 'it is not in the embedded store' }
      : { refuse: absent(current) };
  }
  const { controller } = seen.object;
  if (controller === undefined) return { end: 'it has no controller among its ownerReferences' };
  if (controller.kind === '' || controller.name === '') return { refuse: nameless(current) };
  const { kind, name, apiVersion } = controller;
  return {
    next: { kind, name, ...inNamespaceOf(current), ...(apiVersion === '' ? {} : { apiVersion }) },
  };
}

/** A Service leads to the first pod that it selects; one that leads nowhere stands for itself. */
async function stepThroughService(current: TargetResource, cluster: ObservedCluster): Promise<Step> {
  const service = await cluster.observe(serviceResource, current);
  if (service.state === 'failed') return { refuse: failed(current, service.failure) };
  const selector = service.state === 'found' ? service.object.podSelector : undefined;
  if (selector === undefined || current.namespace === undefined) {
    return { end: service.state === 'absent' ? 'the Service was not found' : 'the Service selects no pods' };
  }
  const pod = await cluster.firstPod(current.namespace, selector);
  if (pod.state === 'failed') return { refuse: failed(current, pod.failure), isFirst: false };
  if (pod.state === 'absent') return { end: 'no pod has the labels that the Service selects' };
  return { next: { apiVersion: 'v1', kind: 'Pod', name: pod.name, ...inNamespaceOf(current) } };
}

function unwalked({ kind }: TargetResource, kinds: KindIndex): string {
  return kinds.resourcesOf(kind).length === 0
    ? `the kind ${kind} is not served`
    : `owners of ${withArticle(kind)} are not looked up: its API group is none of core, apps, batch, autoscaling, policy`;
}

/** The gateway keeps a signal's namespace all the way, even above a cluster-scoped owner. */
function inNamespaceOf({ namespace }: TargetResource): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function absent(target: TargetResource): { state: 'rejected'; reason: Reason } {
  const message = `${describeResource(target)} does not exist, so its owner cannot be found`;
  const hint =
    target.namespace === undefined
      ? 'The signal names no namespace; a namespaced object cannot be found without one.'
      : 'It may be gone since the signal was sent: wait for the next signal, or name its owner in the labels.';
  return { state: 'rejected', reason: { code: 'OWNER_NOT_FOUND', message, hint } };
}

function nameless(target: TargetResource): { state: 'rejected'; reason: Reason } {
  const message = `the controller in the ownerReferences of ${describeResource(target)} has no kind or no name`;
  return { state: 'rejected', reason: { code: 'OWNER_NOT_FOUND', message } };
}

function failed(target: TargetResource, failure: LookupFailure): { state: 'failed'; reason: Reason } {
  const message = `the owner of ${describeResource(target)} could not be looked up: ${failure.message}`;
  const hint = failure.hint ?? 'Run the same command again; signals already counted are counted once more.';
  return { state: 'failed', reason: { code: 'OWNER_LOOKUP_FAILED', message, hint } };
}

function brokenChain(chain: Chain, why: string): Notice {
  const last = chain.at(-1) ?? chain[0];
  return {
    code: 'OWNER_CHAIN_BROKEN',
    message: `the walk to the owner ended at ${describeResource(last)}: ${why}`,
  };
}
