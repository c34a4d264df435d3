import type { SettingValues } from '../config/settings.ts';
import type { DocumentInput } from '../documents/input-files.ts';
import type { ReadOptions } from '../documents/read-documents.ts';
import type { FollowOptions } from '../follow/open-follow.ts';
import type { KubeClient } from '../kube/client.ts';
import type { ServerObservation } from '../kube/server-observation.ts';
import type { Identity } from '../lease/identity.ts';
import type { Notes, Progress } from '../notes/notes.ts';
import { creationRetryWith, type RetryPolicy } from '../retry/retry-policy.ts';
import type { TargetSettings } from '../config/target-settings.ts';
import type { Clock } from '../time/clock.ts';
import type { ParseOptions } from '../signal/parse-signals.ts';
import type { RepeatOptions } from '../signal/signal-resolver.ts';
import type { Random } from '../time/random.ts';

/** Settings of an ingest, named as in the configuration; their units, limits and defaults are those of there. */
export type IngestSettings = Pick<
  SettingValues,
  | 'namespace'
  | 'leaseNamespace'
  | 'lock.durationSeconds'
  | 'lock.wait'
  | 'retry.creation.maxAttempts'
  | 'retry.creation.initial'
  | 'retry.creation.max'
  | 'ingest.clusterIdScope'
  | 'ingest.concurrency'
  | 'ingest.giveUpAfter'
  | 'ingest.signalTimeout'
  | 'ingest.skipScopeCheck'
  | 'ingest.strictResource'
> &
  TargetSettings;

/** What `startIngest` works with. */
export interface IngestOptions
  extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, RepeatOptions {
  /** The API server or embedded store; it stays open. */
  client: KubeClient;
  /** Files, folders and globs of alerts and events, `-` for `read.stdin`, and streams from elsewhere under a name. */
  inputs: readonly DocumentInput[];
  /** In place of `inputs`, which are empty then: events as they come, until the run is stopped. */
  follow?: FollowOptions | undefined;
  /**
   * The inputs may last for days: what was looked up is looked up again after a while. Default: where it follows.
   */
  lasts?: boolean;
  /** How they are read; `signal` and `readsFilesOn` are the run's own. */
  read: ReadOptions;
  /**
   * Default: every setting as in a configuration that says nothing of it. An infinite `ingest.giveUpAfter` waits for the
   * API server however long it is away.
   */
  settings?: Partial<IngestSettings>;
  /** Real time: leases, waits, deadlines. */
  clock: Clock;
  random: Random;
  /** Stops the run: nothing more is begun, and what is under way has a few seconds to end. */
  signal: AbortSignal;
  /** Who works here: the holder of the locks, and who injected the requests. */
  identity: Identity;
  /** What the client's observers measure; default: nothing is known of the server's clock. */
  server?: Pick<ServerObservation, 'clockSkew'>;
  notes: Notes;
  progress: Pick<Progress, 'hold'>;
  /** The clock of decisions and of the times that are written; default: `clock`. Another one writes to no cluster. */
  decisionClock?: Pick<Clock, 'now'> | undefined;
  /** Writes nothing; `server` lets the server check each creation. */
  dryRun?: 'client' | 'server' | undefined;
  /** Rejects signals that the gateway would reject for their time, instead of warning. Default: false. */
  enforceFreshness?: boolean;
  /** Labels requests as managed by the gateway. Default: false. */
  asGateway?: boolean;
  /** Shares one list and the watches among all signals from the first one on. Default: false. */
  bulk?: boolean;
  /** The file of a trace of every API attempt, and the version of the program that it names. */
  record?: { file: string; version: string } | undefined;
  /** The file of the run's metrics, as OpenMetrics text. */
  metricsFile?: string | undefined;
  /** Asked before anything is read or written; throws where somebody does not want it. */
  confirm?: () => Promise<void>;
}

/** How the creation of requests is retried. Durations in milliseconds. */
export function creationPolicyOf(
  settings: Pick<
    SettingValues,
    'retry.creation.maxAttempts' | 'retry.creation.initial' | 'retry.creation.max'
  >,
): RetryPolicy {
  return creationRetryWith({
    maxAttempts: settings['retry.creation.maxAttempts'],
    initialMs: settings['retry.creation.initial'],
    maxMs: settings['retry.creation.max'],
  });
}
