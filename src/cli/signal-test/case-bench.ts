/** Where cases are run: one throw-away embedded store for all of them, emptied before each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubeObject } from '../../api/objects.ts';
import { SignalExplainer } from '../../explain/signal-explainer.ts';
import type { Explanation } from '../../explain/explanation.ts';
import { serverDiscovery, type Discovery } from '../../kube/discovery.ts';
import { ObjectAccess } from '../../kube/object-access.ts';
import { buildRemediationRequest } from '../../request/build-request.ts';
import { RequestFinder } from '../../request/find-requests.ts';
import { ObservedCluster } from '../../signal/observed-cluster.ts';
import { parseSignals } from '../../signal/parse-signals.ts';
import { ScopeCheck } from '../../signal/scope.ts';
import type { ParsedItem } from '../../signal/parsed-signal.ts';
import { SignalResolver } from '../../signal/signal-resolver.ts';
import type { SourceDocument } from '../../signal/source-document.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../store/embedded-store.ts';
import type { Clock } from '../../time/clock.ts';
import type { Session } from '../session.ts';

/** One case, ready to be run. */
export interface CaseInput {
  nowMs: number;
  as: 'cluster' | 'embedded';
  enforceFreshness: boolean;
  skipScopeCheck: boolean;
  clusterIdScope: 'local' | 'refuse';
  objects: KubeObject[];
  documents: SourceDocument[];
  /** What exists besides, given the fingerprint of the first signal. */
  state: (fingerprint: string | undefined) => KubeObject[];
}

export class CaseBench {
  private readonly session: Session;
  private readonly directory: string;
  private readonly store: EmbeddedStore;
  /** Of the kinds that every store serves; a case with definitions of its own asks again. */
  private readonly builtIn: Discovery;

  private constructor(session: Session, directory: string, store: EmbeddedStore) {
    this.session = session;
    this.directory = directory;
    this.store = store;
    this.builtIn = remembered(serverDiscovery(store.send));
  }

  /** Makes a store in the folder for temporary files; `close` removes it. Errors: STORE_*. */
  static async open(session: Session): Promise<CaseBench> {
    const directory = await mkdtemp(path.join(tmpdir(), 'remedyctl-signal-test-'));
    const { clock, random } = session.runtime;
    try {
      const namespaces = [session.config.values.namespace];
      const store = await openEmbeddedStore({ directory, clock, random, namespaces });
      return new CaseBench(session, directory, store);
    } catch (thrown) {
      await rm(directory, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** Explains the case's signals, in their order. Throws INVALID_DOCUMENT for objects that the store does not take. */
  async run(input: CaseInput): Promise<Explanation[]> {
    this.store.reset();
    this.store.importObjects(input.objects);
    const { explainer, resolver } = await this.rooms(input);
    const items = input.documents.flatMap((document) => parsedItems(document));
    const state = input.state(await firstFingerprint(resolver, items));
    if (state.length > 0) this.store.importObjects(state);
    const explanations: Explanation[] = [];
    for (const item of items) {
      this.session.runtime.signal.throwIfAborted();
      explanations.push('kind' in item ? explainer.explainUnreadable(item) : await explainer.explain(item));
    }
    return explanations;
  }

  async close(): Promise<void> {
    try {
      await this.store.close();
    } finally {
      await rm(this.directory, { recursive: true, force: true });
    }
  }

  private async rooms(input: CaseInput): Promise<{ explainer: SignalExplainer; resolver: SignalResolver }> {
    const { clock: real, random, signal } = this.session.runtime;
    const { namespace, leaseNamespace } = this.session.config.values;
    const clock = standingClock(real, input.nowMs);
    const hasDefinitions = input.objects.some(({ kind }) => kind === 'CustomResourceDefinition');
    const discovery = hasDefinitions ? serverDiscovery(this.store.send) : this.builtIn;
    const kind = await discovery.remediationRequests();
    const objects = new ObjectAccess(this.store.send);
    const cluster = new ObservedCluster({ objects, discovery, clock, signal });
    const resolving = { cluster, targetKind: input.as, clock, resolveOwners: true };
    const patientResolver = new SignalResolver({ ...resolving, enforceFreshness: false });
    const scopeMode = input.as === 'embedded' ? 'notApplicable' : input.skipScopeCheck ? 'skip' : 'check';
    const explainer = new SignalExplainer({
      resolver: new SignalResolver({ ...resolving, enforceFreshness: input.enforceFreshness }),
      patientResolver,
      scope: new ScopeCheck({ cluster, mode: scopeMode, clusterIdScope: input.clusterIdScope }),
      scopeMode,
      finder: new RequestFinder({ objects, kind, namespace }, { clock, random }),
      namespace,
      leases: { objects, namespace: leaseNamespace, clock, signal },
      clock,
      signal,
      buildRequest: (item) =>
        buildRemediationRequest(item, {
          name: `rr-${item.signal.fingerprint.slice(0, 12)}-new`,
          namespace,
          kind,
          createdAtMs: input.nowMs,
          managedBy: 'remedyctl',
        }),
    });
    return { explainer, resolver: patientResolver };
  }
}

type CaseItem = ParsedItem | Extract<SourceDocument, { kind: 'unreadable' }>;

function parsedItems(document: SourceDocument): CaseItem[] {
  return document.kind === 'unreadable' ? [document] : [...parseSignals(document)];
}

async function firstFingerprint(
  resolver: SignalResolver,
  items: readonly CaseItem[],
): Promise<string | undefined> {
  for (const item of items) {
    if ('kind' in item) continue;
    const resolved = await resolver.resolve(item);
    if (resolved.outcome === 'normalized') return resolved.signal.fingerprint;
  }
  return undefined;
}

/** Reads one time for ever; waits are real. */
function standingClock(real: Clock, nowMs: number): Clock {
  return {
    now: () => nowMs,
    monotonicMs: () => real.monotonicMs(),
    sleep: (ms, signal) => real.sleep(ms, signal),
  };
}

function remembered(discovery: Discovery): Discovery {
  let resources: ReturnType<Discovery['resources']> | undefined;
  let requests: ReturnType<Discovery['remediationRequests']> | undefined;
  return {
    resources: () => (resources ??= discovery.resources()),
    remediationRequests: () => (requests ??= discovery.remediationRequests()),
    requestResource: () => discovery.requestResource(),
  };
}
