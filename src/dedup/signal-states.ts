import type { SettingValues } from '../config/settings.ts';
import type { FingerprintIndex } from './fingerprint-index.ts';
import type { KubeClient } from '../kube/client.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { signalParser } from '../signal/parse-signals.ts';
import { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
import { ScopeCheck } from '../signal/scope.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import { targetOptionsOf, type TargetSettings } from '../config/target-settings.ts';
import type { Notice, Reason } from '../errors/reason.ts';
import type { NormalizedItem, SignalItem, SignalSource } from '../signal/signal.ts';
import type { Clock } from '../time/clock.ts';
import type { ShownState, StateReader } from './state-reader.ts';

/** What would happen to one signal of a file. */
export interface SignalState extends Partial<ShownState> {
  source: SignalSource;
  outcome: 'wouldCreate' | 'wouldDuplicate' | 'skipped' | 'rejected' | 'failed';
  signalName?: string;
  /** Why it would not get as far as a decision. */
  reason?: Reason;
  ownerChain?: string[];
  warnings?: Notice[];
}

/** What looking up signals goes by. */
export interface SignalStatesGround {
  client: Pick<KubeClient, 'objects' | 'discovery' | 'target'>;
  reader: StateReader;
  clock: Clock;
  /** The time of decisions. */
  decisionClock: Pick<Clock, 'now'>;
  /** Ends requests. */
  signal: AbortSignal;
  /** How files are read. */
  reading: ReadOptions;
  settings: Pick<SettingValues, 'ingest.skipScopeCheck' | 'ingest.clusterIdScope'> & TargetSettings;
}

/** From the ninth fingerprint on one LIST of everything is cheaper than one of each. */
const singleReads = 8;

/**
 * What would happen to every signal of a file, in its order: the stages of `signal ingest` without a lock and without
 * a write. A signal after one that would make a request would be counted on that.
 */
export class SignalStates {
  readonly #ground: SignalStatesGround;
  readonly #resolver: SignalResolver;
  readonly #scope: ScopeCheck;
  readonly #states = new Map<string, ShownState>();
  readonly #planned = new Set<string>();
  #index: FingerprintIndex | undefined;

  constructor(ground: SignalStatesGround) {
    this.#ground = ground;
    const { client, clock, decisionClock, settings, signal } = ground;
    const { objects, discovery, target } = client;
    const cluster = new ObservedCluster({ objects, discovery, clock, signal });
    this.#resolver = new SignalResolver({
      cluster,
      targetKind: target.kind,
      clock: decisionClock,
      enforceFreshness: false,
      resolveOwners: true,
      targets: targetOptionsOf(settings),
    });
    const unchecked = settings['ingest.skipScopeCheck'] ? 'skip' : 'check';
    this.#scope = new ScopeCheck({
      cluster,
      mode: target.kind === 'embedded' ? 'notApplicable' : unchecked,
      clusterIdScope: settings['ingest.clusterIdScope'],
    });
  }

  /** Throws what ends `signal ingest` too: the input cannot be opened, discovery or the requests cannot be read. */
  async *of(file: string): AsyncGenerator<SignalState, void, void> {
    const parse = signalParser({
      clock: this.#ground.decisionClock,
      unsaid: this.#ground.reading.textSkipped,
    });
    for await (const document of readDocuments([file], this.#ground.reading)) {
      for (const parsed of parse(document)) {
        yield await this.#ofItem(await this.#resolver.resolve(parsed));
      }
    }
  }

  async #ofItem(item: SignalItem): Promise<SignalState> {
    const { source, warnings } = item;
    if (item.outcome !== 'normalized') {
      return { source, outcome: item.outcome, reason: item.reason, ...shown(warnings) };
    }
    const scope = await this.#scope.check(item.signal);
    const about = signalFacts(item, [...warnings, ...scope.warnings]);
    if (scope.reason === undefined) return { ...about, ...(await this.#decided(item.signal.fingerprint)) };
    const { fingerprint, resource, clusterID } = item.signal;
    return {
      ...about,
      outcome: scope.reason.code === 'SCOPE_LOOKUP_FAILED' ? 'failed' : 'rejected',
      reason: scope.reason,
      fingerprint,
      resource,
      ...(clusterID === undefined ? {} : { clusterID }),
    };
  }

  async #decided(fingerprint: string): Promise<Partial<ShownState> & Pick<SignalState, 'outcome'>> {
    const state = this.#states.get(fingerprint) ?? (await this.#read(fingerprint));
    this.#states.set(fingerprint, state);
    if (state.state !== 'open') return { outcome: 'wouldDuplicate', ...state };
    if (this.#planned.has(fingerprint)) {
      return { outcome: 'wouldDuplicate', ...state, state: 'active', decision: { reason: 'active' } };
    }
    this.#planned.add(fingerprint);
    return { outcome: 'wouldCreate', ...state };
  }

  async #read(fingerprint: string): Promise<ShownState> {
    const { reader, decisionClock } = this.#ground;
    if (this.#states.size < singleReads) return reader.ofFingerprint(fingerprint);
    this.#index ??= await reader.index();
    return this.#index.state(fingerprint, decisionClock.now());
  }
}

function signalFacts(
  { source, signal, ownerChain }: NormalizedItem,
  warnings: Notice[],
): Pick<SignalState, 'source' | 'signalName' | 'ownerChain' | 'warnings' | 'resource' | 'clusterID'> {
  const { signalName, resource, clusterID } = signal;
  return {
    source,
    signalName,
    ownerChain,
    ...shown(warnings),
    resource,
    ...(clusterID === undefined ? {} : { clusterID }),
  };
}

function shown(warnings: Notice[]): { warnings?: Notice[] } {
  return warnings.length === 0 ? {} : { warnings };
}
