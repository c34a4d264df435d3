/** Where cases are run: one throw-away embedded store for all of them, emptied before each. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubeObject } from '../api/objects.ts';
import { SignalExplainer } from '../explain/signal-explainer.ts';
import type { Explanation } from '../explain/explanation.ts';
import { serverDiscovery, type Discovery } from '../kube/discovery.ts';
import { ObjectAccess } from '../kube/object-access.ts';
import { buildRemediationRequest } from '../request/build-request.ts';
import { RequestFinder } from '../request/find-requests.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { signalParser } from '../signal/parse-signals.ts';
import { ScopeCheck } from '../signal/scope.ts';
import type { ParsedItem } from '../signal/parsed-signal.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import { checkTargetOptions, type TargetOptions } from '../signal/target-options.ts';
import type { SourceDocument } from '../documents/source-document.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../store/embedded-store.ts';
import type { Clock } from '../time/clock.ts';
import type { TestContext } from './test-context.ts';

/** One case, ready to be run. */
export interface CaseInput {
  nowMs: number;
  as: 'cluster' | 'embedded';
  enforceFreshness: boolean;
  skipScopeCheck: boolean;
  clusterIdScope: 'local' | 'refuse';
  targets: TargetOptions;
  objects: KubeObject[];
  documents: SourceDocument[];
  /** What exists besides, given the fingerprint of the first signal. */
  state: (fingerprint: string | undefined) => KubeObject[];
}

/** The store that cases are run on. */
export class CaseBench {
  readonly #context: TestContext;
  readonly #directory: string;
  readonly #store: EmbeddedStore;
  /** Of the kinds that every store serves; a case with definitions of its own asks again. */
  readonly #builtIn: Discovery;

  private constructor(context: TestContext, directory: string, store: EmbeddedStore) {
    this.#context = context;
    this.#directory = directory;
    this.#store = store;
    this.#builtIn = remembered(serverDiscovery(store.send));
  }

  /** Makes a store in the folder for temporary files; `close` removes it. @throws STORE_* */
  static async open(context: TestContext): Promise<CaseBench> {
    const directory = await mkdtemp(path.join(tmpdir(), 'remedyctl-signal-test-'));
    const { clock, random, settings } = context;
    try {
      const namespaces = [settings.namespace];
      const store = await openEmbeddedStore({ directory, clock, random, namespaces });
      return new CaseBench(context, directory, store);
    } catch (thrown) {
      await rm(directory, { recursive: true, force: true });
      throw thrown;
    }
  }

  /** Explains the case's signals, in their order. @throws INVALID_DOCUMENT for objects that the store does not take. */
  async run(input: CaseInput): Promise<Explanation[]> {
    this.#store.reset();
    this.#store.importObjects(input.objects);
    const { explainer, resolver } = await this.#rooms(input);
    const parse = signalParser({ clock: { now: () => input.nowMs } });
    const items = input.documents.flatMap((document) => [...parse(document)]);
    const state = input.state(await firstFingerprint(resolver, items));
    if (state.length > 0) this.#store.importObjects(state);
    const explanations: Explanation[] = [];
    for (const item of items) {
      this.#context.signal.throwIfAborted();
      explanations.push(await explainer.explain(item));
    }
    return explanations;
  }

  async close(): Promise<void> {
    try {
      await this.#store.close();
    } finally {
      await rm(this.#directory, { recursive: true, force: true });
    }
  }

  async #rooms(input: CaseInput): Promise<{ explainer: SignalExplainer; resolver: SignalResolver }> {
    const { clock: real, random, signal } = this.#context;
    const { namespace, leaseNamespace } = this.#context.settings;
    const clock = standingClock(real, input.nowMs);
    const hasDefinitions = input.objects.some(({ kind }) => kind === 'CustomResourceDefinition');
    const discovery = hasDefinitions ? serverDiscovery(this.#store.send) : this.#builtIn;
    const kind = await discovery.remediationRequests();
    const objects = new ObjectAccess(this.#store.send);
    const cluster = new ObservedCluster({ objects, discovery, clock, signal });
    const { targets } = input;
    await checkTargetOptions(targets, cluster);
    const resolving = { cluster, targetKind: input.as, clock, resolveOwners: true, targets };
    const patientResolver = new SignalResolver({ ...resolving, enforceFreshness: false });
    const scopeMode = input.as === 'embedded' ? 'notApplicable' : input.skipScopeCheck ? 'skip' : 'check';
    const explainer = new SignalExplainer({
      resolver: new SignalResolver({ ...resolving, enforceFreshness: input.enforceFreshness }),
      patientResolver,
      scope: new ScopeCheck({ cluster, mode: scopeMode, clusterIdScope: input.clusterIdScope }),
      scopeMode,
      finder: new RequestFinder({ objects, kind, namespace }, { clock, random }),
      namespace,
      leases: { objects, namespace: leaseNamespace, clock: { ...clock, sleep: atOnce }, signal },
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

async function firstFingerprint(
  resolver: SignalResolver,
  items: readonly ParsedItem[],
): Promise<string | undefined> {
  for (const item of items) {
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

/** Nobody else works on the store of a case: what stands there stays. */
function atOnce(): Promise<void> {
  return Promise.resolve();
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
