import type { KubeClient } from '../kube/client.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { parseSignals } from '../signal/parse-signals.ts';
import { readDocuments, type ReadOptions } from '../signal/read/read-documents.ts';
import { SignalResolver } from '../signal/signal-resolver.ts';
import type { SignalItem } from '../signal/signal.ts';
import type { Clock } from '../time/clock.ts';

export interface NormalizeOptions {
  inputs: readonly string[];
  read: ReadOptions;
  client: KubeClient;
  clock: Clock;
  decisionClock: Pick<Clock, 'now'>;
  enforceFreshness: boolean;
  /** False: the fingerprint is that of the signal's own target. */
  resolveOwners: boolean;
  signal: AbortSignal;
}

/** Every item of the input as the gateway would see it, in its order, one after the other. */
export async function* normalizeSignals(options: NormalizeOptions): AsyncGenerator<SignalItem, void, void> {
  const { client, clock, signal } = options;
  const cluster = new ObservedCluster({
    objects: client.objects,
    discovery: client.discovery,
    clock,
    signal,
  });
  const resolver = new SignalResolver({
    cluster,
    targetKind: client.target.kind,
    clock: options.decisionClock,
    enforceFreshness: options.enforceFreshness,
    resolveOwners: options.resolveOwners,
  });
  for await (const document of readDocuments(options.inputs, options.read)) {
    if (document.kind === 'unreadable') {
      const { file, document: number, reason } = document;
      yield {
        source: { file, document: number, index: 0 },
        outcome: 'rejected',
        reason,
        warnings: [],
      };
      continue;
    }
    for (const parsed of parseSignals(document)) yield await resolver.resolve(parsed);
  }
}
