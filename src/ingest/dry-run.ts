import { createRemediationRequest } from '../request/create-request.ts';
import { decideDeduplication } from '../request/deduplication-decision.ts';
import { foretoldTimeout } from '../lease/lock-forecast.ts';
import type { Notice } from '../errors/reason.ts';
import { creationPlan } from './creation-plan.ts';
import type { DryRunFacts, Pass } from './pass.ts';
import { factsOf, referenceTo } from './group-results.ts';
import type { RunContext } from './run-context.ts';

/** Fingerprints for which this dry run would have made a request by now. */
export type PlannedCreations = Map<string, true>;

export interface DryRunOf {
  fingerprint: string;
  pass: Pass;
  planned: PlannedCreations;
}

/**
 * What would become of a group, without a lock and without a write: `client` only reads, `server` has the API
 * server go through the create with dryRun=All. A signal after one that would create would be its duplicate.
 */
export async function dryRunGroup(context: RunContext, facts: DryRunFacts, of: DryRunOf): Promise<void> {
  const { results, finder, view } = facts;
  const { fingerprint, pass, planned } = of;
  if (!planned.has(fingerprint)) {
    const candidates =
      view?.index.candidates(fingerprint) ??
      (await finder.byFingerprint(fingerprint, { consistency: 'consistent', signal: pass.requests }));
    const decision = decideDeduplication(candidates, context.decisionClock.now());
    if (decision.request !== undefined) {
      const existing = { request: referenceTo(decision.request), decision: factsOf(decision) };
      while (results.remaining > 0) results.would('wouldDuplicate', existing);
      return;
    }
    const lock = await facts.foretellLock(pass);
    if (lock !== undefined) {
      while (results.remaining > 0) results.would('wouldWait', { lock, reason: foretoldTimeout(lock) });
      return;
    }
    if (!(await facts.mayCreate(pass))) return;
    await wouldCreate(context, facts, pass);
    planned.set(fingerprint, true);
  }
  while (results.remaining > 0) results.would('wouldDuplicate', { decision: { reason: 'active' } });
}

async function wouldCreate(context: RunContext, { access, results }: DryRunFacts, pass: Pass): Promise<void> {
  const { clock, random, creationPolicy: policy } = context;
  const { item } = results.next();
  const { warning } = item.originalPayload();
  const notices: Notice[] = warning === undefined ? [] : [warning];
  if (context.dryRun !== 'server') {
    results.would('wouldCreate', { decision: { reason: 'none' } }, notices);
    return;
  }
  const created = await createRemediationRequest(access, creationPlan(context, item), {
    clock,
    random,
    policy,
    dryRun: true,
    signal: pass.waiting,
    requestSignal: pass.requests,
  });
  const warned = created.kind === 'created' ? created.warnings : [];
  notices.push(...warned.map((message) => ({ code: 'SERVER_WARNING', message })));
  results.would('wouldCreate', { decision: { reason: 'none' }, attempts: created.attempts }, notices);
}
