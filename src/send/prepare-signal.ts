/** What we make of a signal ourselves before a gateway is asked: an answer of 400 or 500 hides its reason. */
import type { Notice, Reason } from '../errors/reason.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Explanation } from '../explain/explanation.ts';
import type { SignalExplainer } from '../explain/signal-explainer.ts';
import { describeReady } from '../ingest/ready-signal.ts';
import { checkRequestFields } from '../request/request-checks.ts';
import { gatewayReading, type GatewayReading } from '../signal/gateway-reading.ts';
import type { ObservedCluster } from '../signal/observed-cluster.ts';
import type { ParsedSignal } from '../signal/parsed-signal.ts';
import type { ScopeCheck } from '../signal/scope.ts';
import type { NormalizedSignal, SignalItem } from '../signal/signal.ts';
import type { SignalResolver } from '../signal/signal-resolver.ts';
import type { OursFacts, SendItem } from './send-item.ts';

/** A signal that is to be sent, with what is known of it without the gateway. */
export interface PreparedSignal {
  parsed: ParsedSignal;
  /** What its result shows, whatever becomes of it. */
  described: Pick<SendItem, 'source' | 'resolution' | 'ownerChain' | 'signal' | 'about' | 'scope'> & {
    warnings: Notice[];
  };
  /** Why we would not take it; the gateway decides all the same. */
  own?: Reason;
  reading: GatewayReading;
  ours?: OursFacts;
}

/** What a preparation works with. */
export interface PreparationOptions {
  cluster: ObservedCluster;
  targetKind: 'cluster' | 'embedded';
  resolver: SignalResolver;
  scope: ScopeCheck;
  /** Walks the signal as an ingest would, for a comparison; absent: nobody compares. */
  explainer?: SignalExplainer | undefined;
}

/** Looks signals over before they are sent. */
export class SignalPreparation {
  readonly #options: PreparationOptions;

  constructor(options: PreparationOptions) {
    this.#options = options;
  }

  /**
   * A signal to be sent, or the result of one that is not: skipped as an ingest skips it, or refused for its time where
   * that is asked for. What cannot be looked up from here is no reason not to send it.
   */
  async prepare(parsed: ParsedSignal): Promise<PreparedSignal | SendItem> {
    const item = await this.#resolve(parsed);
    if (item.outcome === 'skipped' || (item.outcome === 'rejected' && item.reason.code === 'STALE')) {
      return refusedItem(item);
    }
    const reading = await this.#reading(parsed);
    const judged = item.outcome === 'normalized' ? await this.#judge(item) : refusedFacts(item);
    const ours = await this.#ours(parsed);
    return { parsed, reading, ...judged, ...(ours === undefined ? {} : { ours }) };
  }

  /** What a look-up of ours fails with is told, and decides nothing. */
  async #resolve(parsed: ParsedSignal): Promise<SignalItem> {
    try {
      return await this.#options.resolver.resolve(parsed);
    } catch (thrown) {
      const { source, signalName, warnings } = parsed;
      return { source, outcome: 'failed', reason: reasonOf(thrown), about: { signalName }, warnings };
    }
  }

  async #reading(parsed: ParsedSignal): Promise<GatewayReading> {
    try {
      return await gatewayReading(parsed, this.#options);
    } catch (thrown) {
      return { fate: 'unknown', why: reasonOf(thrown).message };
    }
  }

  async #judge(
    item: SignalItem & { outcome: 'normalized' },
  ): Promise<Pick<PreparedSignal, 'described' | 'own'>> {
    try {
      const { reason, warnings, ...facts } = await this.#options.scope.check(item.signal);
      const scope = facts.managed === undefined && !facts.skipped ? undefined : facts;
      const described = { ...describeReady({ item, scope }), warnings: [...item.warnings, ...warnings] };
      const own = fieldReason(item.signal) ?? reason;
      return { described, ...(own === undefined ? {} : { own }) };
    } catch (thrown) {
      return { described: { ...describeReady({ item }), warnings: [...item.warnings, reasonOf(thrown)] } };
    }
  }

  async #ours(parsed: ParsedSignal): Promise<OursFacts | undefined> {
    const { explainer } = this.#options;
    return explainer === undefined ? undefined : oursFacts(await explainer.explain(parsed));
  }
}

function oursFacts({ outcome, signal, fingerprint, reason }: Explanation): OursFacts {
  const known = signal?.fingerprint ?? fingerprint;
  return {
    outcome,
    ...(known === undefined ? {} : { fingerprint: known }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** A result for what is not sent. */
export function refusedItem(item: SignalItem & { outcome: 'skipped' | 'rejected' | 'failed' }): SendItem {
  const { source, outcome, reason, about, warnings } = item;
  return {
    source,
    outcome,
    reason,
    ...(about === undefined ? {} : { about }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

function refusedFacts(
  item: SignalItem & { outcome: 'skipped' | 'rejected' | 'failed' },
): Pick<PreparedSignal, 'described' | 'own'> {
  const { source, about, reason, warnings, outcome } = item;
  const described = { source, ...(about === undefined ? {} : { about }) };
  if (outcome === 'rejected') return { described: { ...described, warnings }, own: reason };
  return { described: { ...described, warnings: [...warnings, reason] } };
}

/** What the API server would refuse of the request; a gateway answers 500 then. */
function fieldReason(signal: NormalizedSignal): Reason | undefined {
  try {
    checkRequestFields(signal);
    return undefined;
  } catch (thrown) {
    return reasonOf(thrown);
  }
}

/** Throws what is no failure on purpose. */
function reasonOf(thrown: unknown): Reason {
  if (!(thrown instanceof RemedyError)) throw thrown;
  const { code, message, hint } = thrown;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
