import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { Explanation } from '../../../src/explain/explanation.ts';
import { SignalExplainer } from '../../../src/explain/signal-explainer.ts';
import type { IngestItem } from '../../../src/ingest/ingest-item.ts';
import { IngestRun } from '../../../src/ingest/pipeline.ts';
import { SignalDecider } from '../../../src/ingest/signal-decider.ts';
import { serverDiscovery } from '../../../src/kube/discovery.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { RequestFinder } from '../../../src/request/find-requests.ts';
import { ObservedCluster } from '../../../src/signal/observed-cluster.ts';
import { parseSignals, signalParser } from '../../../src/signal/parse-signals.ts';
import { ScopeCheck } from '../../../src/signal/scope.ts';
import { SignalResolver } from '../../../src/signal/signal-resolver.ts';
import type { ReadDocument, SourceDocument } from '../../../src/documents/source-document.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { namespace, runContext, type StoreBench } from '../../support/ingest-context.ts';

const nowText = '2026-08-22T12:00:00Z';

export interface ExplainBench extends StoreBench {
  store: EmbeddedStore;
  /** Empties the store, then puts these objects there. */
  hold(objects: readonly KubeObject[]): void;
}

export async function openExplainBench(): Promise<ExplainBench> {
  const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-explain-'));
  const store = await openEmbeddedStore({
    directory,
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: [namespace],
  });
  const bench: ExplainBench = {
    store,
    send: (asked) => (bench.intercept === undefined ? store.send(asked) : bench.intercept(asked, store.send)),
    direct: store.send,
    objects: new ObjectAccess(store.send),
    sent: [],
    intercept: undefined,
    hold: (objects) => {
      store.reset();
      store.importObjects(objects);
    },
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return bench;
}

export interface ExplainOptions {
  as?: 'cluster' | 'embedded';
  enforceFreshness?: boolean;
  scopeMode?: 'check' | 'skip' | 'notApplicable';
  clusterIdScope?: 'local' | 'refuse';
  now?: string;
}

interface Rooms {
  resolver: SignalResolver;
  patientResolver: SignalResolver;
  scope: ScopeCheck;
  scopeMode: 'check' | 'skip' | 'notApplicable';
  clock: { now: () => number };
}

function roomsOver(bench: StoreBench, options: ExplainOptions): Rooms {
  const { as = 'cluster', enforceFreshness = false, clusterIdScope = 'local', now = nowText } = options;
  const scopeMode = options.scopeMode ?? (as === 'embedded' ? 'notApplicable' : 'check');
  const objects = new ObjectAccess(bench.send);
  const cluster = new ObservedCluster({
    objects,
    discovery: serverDiscovery(bench.send),
    clock: new RealClock(),
  });
  const clock = { now: () => Date.parse(now) };
  const resolving = { cluster, targetKind: as, clock, resolveOwners: true };
  return {
    resolver: new SignalResolver({ ...resolving, enforceFreshness }),
    patientResolver: new SignalResolver({ ...resolving, enforceFreshness: false }),
    scope: new ScopeCheck({ cluster, mode: scopeMode, clusterIdScope }),
    scopeMode,
    clock,
  };
}

export async function openExplainer(
  bench: StoreBench,
  options: ExplainOptions = {},
): Promise<SignalExplainer> {
  const rooms = roomsOver(bench, options);
  const objects = new ObjectAccess(bench.send);
  const kind = await serverDiscovery(bench.send).remediationRequests();
  return new SignalExplainer({
    ...rooms,
    finder: new RequestFinder(
      { objects, kind, namespace },
      { clock: new RealClock(), random: new SystemRandom() },
    ),
    namespace,
    leases: {
      objects,
      namespace,
      clock: { ...rooms.clock, monotonicMs: () => 0, sleep: () => Promise.resolve() },
    },
  });
}

export async function explain(
  bench: StoreBench,
  documents: readonly SourceDocument[],
  options: ExplainOptions = {},
): Promise<Explanation[]> {
  const explainer = await openExplainer(bench, options);
  const found: Explanation[] = [];
  for (const document of documents) {
    if (document.kind === 'unreadable') found.push(explainer.explainUnreadable(document));
    else for (const parsed of parseSignals(document)) found.push(await explainer.explain(parsed));
  }
  return found;
}

/** `signal ingest --dry-run` of the same documents on the same state. */
export async function dryRun(
  bench: StoreBench,
  documents: readonly SourceDocument[],
  options: ExplainOptions = {},
): Promise<IngestItem[]> {
  const { resolver, scope, clock } = roomsOver(bench, options);
  const context = await runContext(bench, { dryRun: 'client', decisionClock: clock });
  const stop = new AbortController().signal;
  const decider = new SignalDecider(context, stop);
  const run = new IngestRun(
    {
      documents: Readable.from(documents),
      parse: signalParser(),
      resolve: (parsed) => resolver.resolve(parsed),
      checkScope: async (item) => {
        const { reason, warnings, ...facts } = await scope.check(item.signal);
        if (reason === undefined) return { scope: facts, warnings };
        const outcome = reason.code === 'SCOPE_LOOKUP_FAILED' ? ('failed' as const) : ('rejected' as const);
        return { scope: facts, warnings, refusal: { outcome, reason } };
      },
      decide: (fingerprint, group) => decider.decide(fingerprint, group),
    },
    { clock: new RealClock(), concurrency: 4, stop },
  );
  const items: IngestItem[] = [];
  for await (const item of run.items()) items.push(item);
  await decider.close();
  return items;
}

export function document(value: unknown, number = 0): ReadDocument {
  const text = JSON.stringify(value);
  return {
    kind: 'document',
    file: 'signals.json',
    document: number,
    line: 1,
    value: JSON.parse(text) as unknown,
    text,
    warnings: [],
  };
}

export function alertWith(labels: Record<string, string>, more: Record<string, unknown> = {}): ReadDocument {
  const alert = { status: 'firing', labels, annotations: {}, startsAt: '2026-08-22T11:58:30Z', ...more };
  return document({
    version: '4',
    status: 'firing',
    commonLabels: {},
    commonAnnotations: {},
    alerts: [alert],
  });
}

export function request(name: string, fingerprint: string, status: object, more: object = {}): KubeObject {
  return {
    apiVersion: 'kubernaut.ai/v1alpha1',
    kind: 'RemediationRequest',
    metadata: { name, namespace, ...more },
    spec: { signalFingerprint: fingerprint },
    status,
  };
}
