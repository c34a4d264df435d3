/** Strings the rooms of `signal explain` together, as ingest-run.ts does those of `signal ingest`. */
import { SignalExplainer } from '../explain/signal-explainer.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { KubeClient } from '../kube/client.ts';
import { serverDiscovery } from '../kube/discovery.ts';
import { creationRetryWith } from '../retry/retry-policy.ts';
import { RequestFinder } from '../request/find-requests.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { parseSignals } from '../signal/parse-signals.ts';
import { readDocuments } from '../signal/read/read-documents.ts';
import { ScopeCheck, type ScopeCheckOptions } from '../signal/scope.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import { ingestCommand, type ExplainFlags } from './ingest-command.ts';
import type { ServerObservation } from './server-observation.ts';
import type { Session } from './session.ts';
import { decisionClock, readOptions } from './signal-input.ts';

export interface ExplainPlan {
  client: KubeClient;
  flags: ExplainFlags;
  server: ServerObservation;
}

/** One for a run: it knows which requests its earlier signals would have made. Errors: those of discovery. */
export async function openExplainer(session: Session, plan: ExplainPlan): Promise<SignalExplainer> {
  const { runtime, config } = session;
  const { client, flags, server } = plan;
  const { clock, random, signal } = runtime;
  const { values } = config;
  const discovery = serverDiscovery(client.send);
  const kind = await discovery.remediationRequests();
  const cluster = new ObservedCluster({ objects: client.objects, discovery, clock, signal });
  const decision = decisionClock(clock, flags.now);
  const resolving = {
    cluster,
    targetKind: client.target.kind,
    clock: decision,
    resolveOwners: true,
  };
  const scopeMode = scopeModeOf(client, values['ingest.skipScopeCheck']);
  const policy = creationRetryWith({
    maxAttempts: values['retry.creation.maxAttempts'],
    initialMs: values['retry.creation.initial'],
    maxMs: values['retry.creation.max'],
  });
  return new SignalExplainer({
    resolver: new SignalResolver({ ...resolving, enforceFreshness: flags['enforce-freshness'] }),
    patientResolver: new SignalResolver({ ...resolving, enforceFreshness: false }),
    scope: new ScopeCheck({ cluster, mode: scopeMode, clusterIdScope: values['ingest.clusterIdScope'] }),
    scopeMode,
    finder: new RequestFinder(
      { objects: client.objects, kind, namespace: values.namespace },
      { clock, random, policy },
    ),
    namespace: values.namespace,
    leases: {
      objects: client.objects,
      namespace: values.leaseNamespace,
      clock,
      skew: () => server.clockSkew(),
      signal,
    },
    clock: decision,
    signal,
  });
}

/** Every signal of the input, in its order, one after the other. */
export async function* explainInputs(
  session: Session,
  explainer: SignalExplainer,
  { inputs, flags }: { inputs: readonly string[]; flags: ExplainFlags },
): AsyncGenerator<Explanation, void, void> {
  const { runtime, config } = session;
  for await (const document of readDocuments(inputs, readOptions(runtime, config, flags))) {
    if (document.kind === 'unreadable') {
      yield explainer.explainUnreadable(document);
      continue;
    }
    const command = ingestCommand(session, document.file, flags);
    for (const parsed of parseSignals(document)) {
      const explanation = await explainer.explain(parsed);
      yield explanation.outcome === 'skipped' ? explanation : { ...explanation, command };
    }
  }
}

function scopeModeOf(client: KubeClient, skip: boolean): ScopeCheckOptions['mode'] {
  if (client.target.kind === 'embedded') return 'notApplicable';
  return skip ? 'skip' : 'check';
}
