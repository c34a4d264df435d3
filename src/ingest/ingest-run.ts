/** Strings the rooms of `signal ingest` together: reader, adapters, resolver, scope, decisions, trace, metrics. */
import path from 'node:path';
import type { Send } from '../api/wire.ts';
import { withDefaults } from '../config/settings.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { SignalDecider } from './signal-decider.ts';
import { IngestRun, type IngestStages, type ScopeVerdict } from './pipeline.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { openFollow } from '../follow/open-follow.ts';
import type { EventStream } from '../follow/event-stream.ts';
import type { IngestItem, IngestSummary } from './ingest-item.ts';
import type { KeptMetrics } from './kept-metrics.ts';
import type { Pace } from './run-pace.ts';
import { ObservedObjects } from './observed-objects.ts';
import type { RunContext } from './run-context.ts';
import { describeTarget } from '../kube/client.ts';
import { countedSend } from '../kube/counted-send.ts';
import { serverDiscovery, type Discovery, type ServedRequestKind } from '../kube/discovery.ts';
import { ObjectAccess } from '../kube/object-access.ts';
import { HeldLocks } from '../lease/held-locks.ts';
import { LeaseLock } from '../lease/lease-lock.ts';
import { CircuitBreaker } from '../retry/circuit-breaker.ts';
import { lockContention, statusUpdate, withoutLastAttempt } from '../retry/retry-policy.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { signalParser } from '../signal/parse-signals.ts';
import { readDocuments } from '../documents/read-documents.ts';
import { ScopeCheck, scopeModeOf } from '../signal/scope.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import { targetOptionsOf } from '../config/target-settings.ts';
import { checkTargetOptions } from '../signal/target-options.ts';
import type { NormalizedItem } from '../signal/signal.ts';
import { creationPolicyOf, type IngestOptions, type IngestSettings } from './ingest-options.ts';
import { guardedServer, type GuardedServer } from './guarded-server.ts';
import { lockTexts } from './outage-report.ts';
import { openTraceFile, type TraceFile } from '../retry/trace-file.ts';

/** A run under way, from `startIngest`. */
export interface StartedIngest {
  /** One for each signal, in the order of the input; to be iterated once. */
  items(): AsyncIterable<IngestItem>;
  /** Complete once the items have ended. */
  readonly summary: IngestSummary;
  /** The input was not read to its end. */
  readonly wasCut: boolean;
  /** How fast it is by now. */
  readonly pace: Pace;
  /** What stands before a request's name where its kind is named too. */
  requestPrefix: string;
  /**
   * Releases every lock, ends the watches, writes trace, metrics and checkpoint. Resolves with what could not be written of those,
   * OUTPUT_FAILED each: no reason to take what was done for undone.
   */
  close(): Promise<RemedyError[]>;
}

/** The options with every setting known. */
type Ground = IngestOptions & { settings: IngestSettings };

/** The parts of a run that outlive a single signal. */
interface RunParts {
  context: RunContext;
  decider: SignalDecider;
  heldLocks: HeldLocks;
  metrics: KeptMetrics | undefined;
  events: EventStream | undefined;
  trace: TraceFile | undefined;
  lookups: { count: number };
  guarded: GuardedServer;
}

/**
 * Begins a run: the RemediationRequests that the gateway would make of alerts and events, each once. Nothing is read
 * before its items are asked for; `close` is to be called in the end.
 * @throws INVALID_OPTION for a decision clock that would write to a cluster; GROUP_NOT_SERVED and what discovery throws;
 * OUTPUT_FAILED for files that cannot be; what `confirm` throws
 */
export async function startIngest(options: IngestOptions): Promise<StartedIngest> {
  refuseMovedClock(options);
  await options.confirm?.();
  const { client, clock, notes } = options;
  notes.detail(`working on the ${describeTarget(client.target)}`);
  const ground: Ground = { ...options, settings: withDefaults(options.settings ?? {}) };
  const lookups = { count: 0 };
  const onRequest = (): void => {
    lookups.count += 1;
  };
  const heldLocks = new HeldLocks();
  const guarded = guardedServer(ground, heldLocks);
  const { send, stop } = guarded;
  const discovery = serverDiscovery(countedSend(send, onRequest));
  const kind = await discovery.remediationRequests();
  const metrics = await loadMetrics(ground);
  const trace = await openTrace(ground);
  guarded.begin(kind, () => {
    context.breaker.reset();
  });
  const events = await openEvents(ground, guarded);
  const context = runContext(ground, { kind, heldLocks, metrics, trace, guarded });
  const decider = new SignalDecider(context, stop);
  const cluster = new ObservedCluster({
    objects: new ObservedObjects(send, { onRequest, trace: trace?.writer }),
    discovery,
    clock,
    signal: stop,
    lookupPatienceMs: ground.settings['ingest.signalTimeout'],
    ...(lasts(ground) ? { ...keptInStreams, discovery: discoveryAnew(countedSend(send, onRequest)) } : {}),
  });
  await checkTargetOptions(targetOptionsOf(ground.settings), cluster);
  const run = new IngestRun(stages(ground, { cluster, context, decider, events, stop }), {
    clock,
    concurrency: ground.settings['ingest.concurrency'],
    stop,
    server: context.server,
    metrics: metrics?.counts,
  });
  metrics?.rewrite((counts) => {
    counts.circuitState('creation', context.breaker.state);
    counts.signalLag(run.pace.lagMs);
  });
  const parts = { context, decider, heldLocks, metrics, events, trace, lookups, guarded };
  return {
    items: () => guarded.whileThere(noting(run.items(), events)),
    get summary() {
      run.summary.apiRequests = {
        shared: decider.sharedRequests,
        lookups: lookups.count + decider.lookupRequests,
      };
      return run.summary;
    },
    get wasCut() {
      return run.wasCut;
    },
    get pace() {
      return run.pace;
    },
    requestPrefix: `remediationrequest.${kind.resource.group}/`,
    close: () => closeRun(ground, parts),
  };
}

/** A moved clock must write nothing to a cluster: requests with made-up times would be taken for real. */
function refuseMovedClock({ client, clock, decisionClock = clock, dryRun }: IngestOptions): void {
  if (decisionClock === clock || client.target.kind === 'embedded' || dryRun !== undefined) return;
  const unless = optionName('dryRun');
  throw new RemedyError(
    'INVALID_OPTION',
    `${optionName('decisionClock')} on a cluster works only with ${unless}`,
    { hint: `add ${unless}, or work on the embedded store with ${optionName('target')} embedded` },
  );
}

/** A stream outlives the labels and owners that it saw, and kinds that are served only later. */
const keptInStreams = { keptMs: 30_000, kindsKeptMs: 10 * 60_000 };

/** Keeps no answer. */
function discoveryAnew(send: Send): Pick<Discovery, 'resources'> {
  return { resources: () => serverDiscovery(send).resources() };
}

function lasts({ follow, lasts: isSaid = follow !== undefined }: IngestOptions): boolean {
  return isSaid;
}

async function loadMetrics({
  metricsFile,
  read,
  clock,
  random,
  notes,
}: Ground): Promise<KeptMetrics | undefined> {
  if (metricsFile === undefined) return undefined;
  const { KeptMetrics: Kept } = await import('./kept-metrics.ts');
  return Kept.open({ file: path.resolve(read.cwd, metricsFile), clock, random, notes });
}

async function openEvents(ground: Ground, guarded: GuardedServer): Promise<EventStream | undefined> {
  const { follow, client, clock, random, notes, read, dryRun } = ground;
  if (follow === undefined) return undefined;
  return openFollow(follow, {
    objects: new ObjectAccess(guarded.send, { clock }),
    server: guarded.presence,
    target: client.target,
    cwd: read.cwd,
    isDryRun: dryRun !== undefined,
    signal: guarded.stop,
    clock,
    random,
    notes,
  });
}

/** Only what was not run is to be taken again by whoever goes on. */
async function* noting(
  items: AsyncIterable<IngestItem>,
  events: EventStream | undefined,
): AsyncGenerator<IngestItem, void, void> {
  for await (const item of items) {
    events?.ended(item.source.document, item.outcome !== 'notRun');
    yield item;
  }
}

async function openTrace({ record, read, clock, settings }: Ground): Promise<TraceFile | undefined> {
  if (record === undefined) return undefined;
  const lockWaitMs = settings['lock.wait'];
  return openTraceFile(path.resolve(read.cwd, record.file), {
    clock,
    version: record.version,
    policies: {
      creation: creationPolicyOf(settings),
      lockContention:
        lockWaitMs === undefined
          ? lockContention
          : { ...withoutLastAttempt(lockContention), withinMs: lockWaitMs },
      statusUpdate: { ...withoutLastAttempt(statusUpdate), withinMs: settings['ingest.signalTimeout'] },
    },
  });
}

/** Says the first text aloud and those after it to whoever wants to know more: a thousand signals may wait at once. */
function firstSaid(notes: IngestOptions['notes']): (message: string) => void {
  let isSaid = false;
  return (message) => {
    if (isSaid) notes.detail(message);
    else notes.say(message);
    isSaid = true;
  };
}

function runContext(
  ground: Ground,
  {
    kind,
    heldLocks,
    metrics,
    trace,
    guarded,
  }: { kind: ServedRequestKind } & Pick<RunParts, 'heldLocks' | 'metrics' | 'trace' | 'guarded'>,
): RunContext {
  const { clock, random, identity, settings, server, notes } = ground;
  const skew = (): ClockSkew | undefined => server?.clockSkew();
  return {
    send: guarded.send,
    server: guarded.presence,
    kind,
    namespace: settings.namespace,
    leaseNamespace: settings.leaseNamespace,
    clock,
    decisionClock: ground.decisionClock ?? clock,
    random,
    skew,
    lock: new LeaseLock({
      objects: new ObjectAccess(guarded.send, { clock }),
      namespace: settings.leaseNamespace,
      clock,
      random,
      identity,
      heldLocks,
      durationSeconds: settings['lock.durationSeconds'],
      skew,
    }),
    breaker: new CircuitBreaker({
      clock,
      onState: (state) => {
        metrics?.counts.circuitState('creation', state);
        notes.detail(`circuit breaker of request creation: ${state}`);
      },
    }),
    creationPolicy: creationPolicyOf(settings),
    lockWaitMs: settings['lock.wait'],
    signalTimeoutMs: settings['ingest.signalTimeout'],
    managedBy: ground.asGateway === true ? 'gateway-service' : 'remedyctl',
    writer: `remedyctl-${random.uuid().slice(0, 8)}`,
    injectedBy: `${identity.user}@${identity.host}`,
    strictResource: settings['ingest.strictResource'],
    dryRun: ground.dryRun,
    bulk: ground.bulk === true,
    trace: trace?.writer,
    note: (message) => {
      notes.detail(message);
    },
    tell: (message) => {
      notes.warn(message);
    },
    waits: { lock: firstSaid(notes), retry: firstSaid(notes) },
  };
}

function stages(
  ground: Ground,
  {
    cluster,
    context,
    decider,
    events,
    stop,
  }: { cluster: ObservedCluster; stop: AbortSignal } & Pick<RunParts, 'context' | 'decider' | 'events'>,
): IngestStages {
  const { client, inputs, read, settings, enforceFreshness = false } = ground;
  const { includeSuppressed, includePending, includeEnded, onlyFingerprint, start } = ground;
  const { kind: targetKind } = client.target;
  const resolver = new SignalResolver({
    cluster,
    targetKind,
    clock: context.decisionClock,
    enforceFreshness,
    resolveOwners: true,
    targets: targetOptionsOf(settings),
    onlyFingerprint,
    start,
  });
  const scope = new ScopeCheck({
    cluster,
    mode: scopeModeOf(targetKind, settings['ingest.skipScopeCheck']),
    clusterIdScope: settings['ingest.clusterIdScope'],
  });
  return {
    documents: events?.documents() ?? readDocuments(inputs, { ...read, signal: stop, readsFilesOn: true }),
    parse: signalParser({
      clock: includeEnded === true ? undefined : context.decisionClock,
      includeSuppressed,
      includePending,
      unsaid: read.textSkipped,
    }),
    resolve: (parsed) => resolver.resolve(parsed),
    checkScope: (item) => scopeVerdict(scope, item),
    decide: (fingerprint, group) => decider.decide(fingerprint, group),
  };
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

/** What was observed of the run is written when nothing is held any more, each of it whatever becomes of the rest. */
async function closeRun(ground: Ground, parts: RunParts): Promise<RemedyError[]> {
  const { clock, signal, notes } = ground;
  const { context, decider, heldLocks, metrics, events, trace, guarded } = parts;
  await decider.close();
  await heldLocks.releaseAll();
  guarded.close();
  const left = signal.aborted ? heldLocks.left(clock.now()) : [];
  if (left.length > 0) notes.warn(`locks that may still be held: ${lockTexts(left)}`);
  const uncovered = await events?.close();
  const failures = await unwritten(async () => trace?.close());
  if (uncovered !== undefined) failures.push(uncovered);
  if (metrics === undefined) return failures;
  metrics.counts.circuitState('creation', context.breaker.state);
  return [...failures, ...(await unwritten(() => metrics.close()))];
}

async function unwritten(write: () => Promise<void>): Promise<RemedyError[]> {
  try {
    await write();
    return [];
  } catch (thrown) {
    if (thrown instanceof RemedyError && thrown.code === 'OUTPUT_FAILED') return [thrown];
    throw thrown;
  }
}
