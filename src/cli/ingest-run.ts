/** Strings the rooms of `signal ingest` together: reader, adapters, resolver, scope, decisions, trace, metrics. */
import { SignalDecider } from '../ingest/signal-decider.ts';
import { IngestRun, type IngestStages, type ScopeVerdict } from '../ingest/pipeline.ts';
import type { IngestItem, IngestSummary } from '../ingest/ingest-item.ts';
import { ObservedObjects } from '../ingest/observed-objects.ts';
import type { RunContext } from '../ingest/run-context.ts';
import type { KubeClient } from '../kube/client.ts';
import { countedSend } from '../kube/counted-send.ts';
import { serverDiscovery, type ServedRequestKind } from '../kube/discovery.ts';
import { HeldLocks } from '../lease/held-locks.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import { IngestMetrics } from '../metrics/ingest-metrics.ts';
import { CircuitBreaker } from '../retry/circuit-breaker.ts';
import {
  creationRetryWith,
  lockContention,
  statusUpdate,
  withoutLastAttempt,
} from '../retry/retry-policy.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { parseSignals } from '../signal/parse-signals.ts';
import { readDocuments } from '../signal/read/read-documents.ts';
import { ScopeCheck, type ScopeCheckOptions } from '../signal/scope.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import type { NormalizedItem } from '../signal/signal.ts';
import { identityOf } from './identity.ts';
import type { ServerObservation } from './server-observation.ts';
import type { Session } from './session.ts';
import { decisionClock, readOptions, type SignalInput } from './signal-input.ts';
import { openTraceFile, type TraceFile } from './trace-file.ts';

export interface IngestFlags extends SignalInput {
  now?: string | undefined;
  'dry-run'?: 'client' | 'server' | undefined;
  'enforce-freshness': boolean;
  'as-gateway': boolean;
  bulk: boolean;
  record?: string | undefined;
  'metrics-file'?: string | undefined;
}

export interface IngestPlan {
  client: KubeClient;
  inputs: readonly string[];
  flags: IngestFlags;
  server: ServerObservation;
}

export interface StartedIngest {
  items(): AsyncIterable<IngestItem>;
  /** Complete once the items have ended. */
  readonly summary: IngestSummary;
  readonly wasCut: boolean;
  /** What `-o name` puts before a request's name. */
  requestPrefix: string;
  /** Releases every lock, ends the watches, writes the metrics. */
  close(): Promise<void>;
}

/** The parts of a run that outlive a single signal. */
interface RunParts {
  context: RunContext;
  decider: SignalDecider;
  heldLocks: HeldLocks;
  metrics: IngestMetrics | undefined;
  trace: TraceFile | undefined;
  lookups: { count: number };
}

/** Begins a run; nothing is read before its items are asked for. */
export async function startIngest(session: Session, plan: IngestPlan): Promise<StartedIngest> {
  const { runtime, config } = session;
  const { send } = plan.client;
  const lookups = { count: 0 };
  const onRequest = (): void => {
    lookups.count += 1;
  };
  const discovery = serverDiscovery(countedSend(send, onRequest));
  const kind = await discovery.remediationRequests();
  const metrics = plan.flags['metrics-file'] === undefined ? undefined : await IngestMetrics.load();
  const trace = openTrace(session, plan.flags.record);
  const heldLocks = new HeldLocks();
  const context = runContext(session, plan, { kind, heldLocks, metrics, trace });
  const decider = new SignalDecider(context, runtime.signal);
  const cluster = new ObservedCluster({
    objects: new ObservedObjects(send, { onRequest, trace: trace?.writer }),
    discovery,
    clock: runtime.clock,
    signal: runtime.signal,
  });
  const run = new IngestRun(stages(session, plan, { cluster, context, decider }), {
    clock: runtime.clock,
    concurrency: config.values['ingest.concurrency'],
    stop: runtime.signal,
    metrics,
  });
  const parts = { context, decider, heldLocks, metrics, trace, lookups };
  return {
    items: () => run.items(),
    get summary() {
      run.summary.apiRequests = { shared: decider.sharedRequests, lookups: lookups.count };
      return run.summary;
    },
    get wasCut() {
      return run.wasCut;
    },
    requestPrefix: `remediationrequest.${kind.resource.group}/`,
    close: () => closeRun(session, plan, parts),
  };
}

function openTrace({ runtime, config }: Session, file: string | undefined): TraceFile | undefined {
  if (file === undefined) return undefined;
  const { values } = config;
  const lockWaitMs = values['lock.wait'];
  return openTraceFile(file, {
    clock: runtime.clock,
    version: runtime.version,
    policies: {
      creation: creationPolicy(values),
      lockContention:
        lockWaitMs === undefined
          ? lockContention
          : { ...withoutLastAttempt(lockContention), withinMs: lockWaitMs },
      statusUpdate: { ...withoutLastAttempt(statusUpdate), withinMs: values['ingest.signalTimeout'] },
    },
  });
}

function creationPolicy(values: Session['config']['values']): ReturnType<typeof creationRetryWith> {
  return creationRetryWith({
    maxAttempts: values['retry.creation.maxAttempts'],
    initialMs: values['retry.creation.initial'],
    maxMs: values['retry.creation.max'],
  });
}

function runContext(
  session: Session,
  { client, flags, server }: IngestPlan,
  {
    kind,
    heldLocks,
    metrics,
    trace,
  }: { kind: ServedRequestKind } & Pick<RunParts, 'heldLocks' | 'metrics' | 'trace'>,
): RunContext {
  const { runtime, config, notices } = session;
  const { values } = config;
  const identity = identityOf(runtime);
  return {
    send: client.send,
    kind,
    namespace: values.namespace,
    leaseNamespace: values.leaseNamespace,
    clock: runtime.clock,
    decisionClock: decisionClock(runtime.clock, flags.now),
    random: runtime.random,
    lock: new LeaseLock({
      objects: client.objects,
      namespace: values.leaseNamespace,
      clock: runtime.clock,
      random: runtime.random,
      identity,
      heldLocks,
      durationSeconds: values['lock.durationSeconds'],
      skew: () => server.clockSkew(),
    }),
    breaker: new CircuitBreaker({
      clock: runtime.clock,
      onState: (state) => {
        metrics?.circuitState('creation', state);
        notices.detail(`circuit breaker of request creation: ${state}`);
      },
    }),
    creationPolicy: creationPolicy(values),
    lockWaitMs: values['lock.wait'],
    signalTimeoutMs: values['ingest.signalTimeout'],
    managedBy: flags['as-gateway'] ? 'gateway-service' : 'remedyctl',
    injectedBy: `${identity.user}@${identity.host}`,
    dryRun: flags['dry-run'],
    bulk: flags.bulk,
    trace: trace?.writer,
    note: (message) => {
      notices.detail(message);
    },
    tell: (message) => {
      notices.warn(message);
    },
  };
}

function stages(
  { runtime, config }: Session,
  { client, inputs, flags }: IngestPlan,
  { cluster, context, decider }: { cluster: ObservedCluster } & Pick<RunParts, 'context' | 'decider'>,
): IngestStages {
  const resolver = new SignalResolver({
    cluster,
    targetKind: client.target.kind,
    clock: context.decisionClock,
    enforceFreshness: flags['enforce-freshness'],
    resolveOwners: true,
  });
  const scope = new ScopeCheck({
    cluster,
    mode: scopeMode(client, config.values['ingest.skipScopeCheck']),
    clusterIdScope: config.values['ingest.clusterIdScope'],
  });
  return {
    documents: readDocuments(inputs, { ...readOptions(runtime, config, flags), readsFilesOn: true }),
    parse: parseSignals,
    resolve: (parsed) => resolver.resolve(parsed),
    checkScope: (item) => scopeVerdict(scope, item),
    decide: (fingerprint, group) => decider.decide(fingerprint, group),
  };
}

function scopeMode(client: KubeClient, skip: boolean): ScopeCheckOptions['mode'] {
  if (client.target.kind === 'embedded') return 'notApplicable';
  return skip ? 'skip' : 'check';
}

async function scopeVerdict(check: ScopeCheck, item: NormalizedItem): Promise<ScopeVerdict> {
  const { reason, warnings, ...facts } = await check.check(item.signal);
  const scope = facts.managed === undefined && !facts.skipped ? undefined : facts;
  if (reason === undefined) return { scope, warnings };
  const failed = reason.code === 'SCOPE_LOOKUP_FAILED';
  const refusal = failed
    ? { outcome: 'failed' as const, reason, retryable: true }
    : { outcome: 'rejected' as const, reason };
  return { scope, refusal, warnings };
}

async function closeRun({ runtime }: Session, { flags }: IngestPlan, parts: RunParts): Promise<void> {
  const { context, decider, heldLocks, metrics, trace } = parts;
  await decider.close();
  await heldLocks.releaseAll();
  trace?.close();
  const file = flags['metrics-file'];
  if (metrics === undefined || file === undefined) return;
  metrics.circuitState('creation', context.breaker.state);
  const { writeMetricsFile } = await import('../metrics/metrics-file.ts');
  await writeMetricsFile(file, await metrics.render(), runtime.random);
}
