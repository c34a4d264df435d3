/** Strings the rooms of `signal explain` together, as ingest-run.ts does those of `signal ingest`. */
import { SignalExplainer } from './signal-explainer.ts';
import type { Explanation } from './explanation.ts';
import type { KubeClient } from '../kube/client.ts';
import { serverDiscovery } from '../kube/discovery.ts';
import { RequestFinder } from '../request/find-requests.ts';
import { ObservedCluster } from '../signal/observed-cluster.ts';
import { signalParser, type ParseOptions } from '../signal/parse-signals.ts';
import type { DocumentInput } from '../documents/input-files.ts';
import { readDocuments } from '../documents/read-documents.ts';
import { ScopeCheck, scopeModeOf } from '../signal/scope.ts';
import { SignalResolver, type RepeatOptions } from '../signal/signal-resolver.ts';
import { targetOptionsOf, type TargetSettings } from '../config/target-settings.ts';
import { checkTargetOptions } from '../signal/target-options.ts';
import type { SettingValues } from '../config/settings.ts';
import { withDefaults } from '../config/settings.ts';
import type { ReadOptions } from '../documents/read-documents.ts';
import { creationPolicyOf } from '../ingest/ingest-options.ts';
import { OtherFingerprints } from '../ingest/other-fingerprints.ts';
import type { ServerObservation } from '../kube/server-observation.ts';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** Settings of an explanation, named as in the configuration; their units, limits and defaults are those of there. */
export type ExplainSettings = Pick<
  SettingValues,
  | 'namespace'
  | 'leaseNamespace'
  | 'retry.creation.maxAttempts'
  | 'retry.creation.initial'
  | 'retry.creation.max'
  | 'ingest.clusterIdScope'
  | 'ingest.skipScopeCheck'
  | 'ingest.strictResource'
  | 'lock.wait'
> &
  TargetSettings;

/** What explanations work with. */
export interface ExplainOptions extends RepeatOptions {
  /** The API server or embedded store; it stays open. */
  client: KubeClient;
  /** Default: every setting as in a configuration that says nothing of it. */
  settings?: Partial<ExplainSettings>;
  clock: Clock;
  random: Random;
  /** Stops waits and requests. */
  signal: AbortSignal;
  /** What the client's observers measure; default: nothing is known of the server's clock. */
  server?: Pick<ServerObservation, 'clockSkew'>;
  /** The clock of decisions; default: `clock`. */
  decisionClock?: Pick<Clock, 'now'> | undefined;
  /** Stops at signals that the gateway would reject for their time, instead of warning. Default: false. */
  enforceFreshness?: boolean;
}

/** Signals to be explained. */
export interface ExplainedInputs
  extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, Pick<RepeatOptions, 'includeEnded'> {
  /** By which alerts are over; default: no alert is taken for over because of its end. */
  decisionClock?: Pick<Clock, 'now'> | undefined;
  /** Files, folders and globs of alerts and events; `-` is `read.stdin`. */
  inputs: readonly DocumentInput[];
  read: ReadOptions;
  /** What ingests a file for real, for the `command` of its explanations. */
  commandOf?: (file: string) => string;
}

/** One for a run: it knows which requests its earlier signals would have made. Errors: those of discovery. */
export async function openExplainer(options: ExplainOptions): Promise<SignalExplainer> {
  const { client, clock, random, signal, server, decisionClock: decision = clock } = options;
  const settings = withDefaults(options.settings ?? {});
  const discovery = serverDiscovery(client.send);
  const kind = await discovery.remediationRequests();
  const targets = targetOptionsOf(settings);
  const cluster = new ObservedCluster({ objects: client.objects, discovery, clock, signal });
  const resolving = {
    cluster,
    targetKind: client.target.kind,
    clock: decision,
    resolveOwners: true,
    targets,
    onlyFingerprint: options.onlyFingerprint,
    start: options.start,
  };
  await checkTargetOptions(targets, cluster);
  const access = { objects: client.objects, kind, namespace: settings.namespace };
  const scopeMode = scopeModeOf(client.target.kind, settings['ingest.skipScopeCheck']);
  return new SignalExplainer({
    resolver: new SignalResolver({ ...resolving, enforceFreshness: options.enforceFreshness === true }),
    patientResolver: new SignalResolver({ ...resolving, enforceFreshness: false }),
    scope: new ScopeCheck({ cluster, mode: scopeMode, clusterIdScope: settings['ingest.clusterIdScope'] }),
    scopeMode,
    finder: new RequestFinder(access, { clock, random, policy: creationPolicyOf(settings) }),
    others: new OtherFingerprints({
      access,
      clock,
      strict: settings['ingest.strictResource'],
      ended: signal,
    }),
    namespace: settings.namespace,
    leases: {
      objects: client.objects,
      namespace: settings.leaseNamespace,
      clock,
      skew: () => server?.clockSkew(),
      lockWaitMs: settings['lock.wait'],
      signal,
    },
    clock: decision,
    signal,
  });
}

/** Every signal of the input, in its order, one after the other. */
export async function* explainInputs(
  explainer: SignalExplainer,
  options: ExplainedInputs,
): AsyncGenerator<Explanation, void, void> {
  const { inputs, read, commandOf, decisionClock } = options;
  const { includeSuppressed, includePending, includeEnded } = options;
  const parse = signalParser({
    clock: includeEnded === true ? undefined : decisionClock,
    includeSuppressed,
    includePending,
    unsaid: read.textSkipped,
  });
  for await (const document of readDocuments(inputs, read)) {
    const ingests = commandOf === undefined ? {} : { command: commandOf(document.file) };
    for (const parsed of parse(document)) {
      const explanation = await explainer.explain(parsed);
      yield explanation.outcome === 'skipped' ? explanation : { ...explanation, ...ingests };
    }
  }
}
