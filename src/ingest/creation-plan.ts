import { buildRemediationRequest } from '../request/build-request.ts';
import type { CreationPlan } from '../request/create-request.ts';
import type { NormalizedItem } from '../signal/signal.ts';
import type { RunContext } from './run-context.ts';

/** The object that this run makes of a signal, under whatever name the creation draws. */
export function creationPlan(context: RunContext, item: NormalizedItem): CreationPlan {
  const { kind, namespace, managedBy, injectedBy, decisionClock } = context;
  const createdAtMs = decisionClock.now();
  return {
    signal: item.signal,
    build: (name) =>
      buildRemediationRequest(item, { name, namespace, kind, createdAtMs, managedBy, injectedBy }),
  };
}
