import type { KubeClient } from '../kube/client.ts';
import { ObservedCluster } from './observed-cluster.ts';
import { signalParser, type ParseOptions } from './parse-signals.ts';
import type { DocumentInput } from '../documents/input-files.ts';
import { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
import { SignalResolver, type RepeatOptions } from './signal-resolver.ts';
import { checkTargetOptions, type TargetOptions } from './target-options.ts';
import type { SignalItem } from './signal.ts';
import type { Clock } from '../time/clock.ts';
import { inTurns } from '../time/in-turns.ts';

/** Of one document: some ten milliseconds between two turns of the event loop, which sees signals then. */
const itemsPerTurn = 16;

/** What `normalizeSignals` works with. */
export interface NormalizeOptions
  extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, RepeatOptions {
  /** Files, folders and globs of alerts and events; `-` is `read.stdin`. */
  inputs: readonly DocumentInput[];
  read: ReadOptions;
  client: KubeClient;
  clock: Clock;
  /** By which signals are fresh or stale; default: `clock`. */
  decisionClock?: Pick<Clock, 'now'> | undefined;
  /** Rejects signals that the gateway would reject for their time, instead of warning. Default: false. */
  enforceFreshness?: boolean | undefined;
  /** False: the fingerprint is that of the signal's own target. Default: true. */
  resolveOwners?: boolean | undefined;
  /** How the targets of alerts are chosen; default: as a gateway would, and better where it finds none. */
  targets?: TargetOptions | undefined;
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
    clock: options.decisionClock ?? clock,
    enforceFreshness: options.enforceFreshness ?? false,
    resolveOwners: options.resolveOwners ?? true,
    targets: options.targets,
    onlyFingerprint: options.onlyFingerprint,
    start: options.start,
  });
  await checkTargetOptions(options.targets ?? {}, cluster);
  const { includeSuppressed, includePending } = options;
  const decision = options.includeEnded === true ? undefined : (options.decisionClock ?? clock);
  const parse = signalParser({
    clock: decision,
    includeSuppressed,
    includePending,
    unsaid: options.read.textSkipped,
  });
  for await (const document of readDocuments(options.inputs, options.read)) {
    for await (const parsed of inTurns(parse(document), itemsPerTurn, signal)) {
      yield await resolver.resolve(parsed);
    }
  }
}
