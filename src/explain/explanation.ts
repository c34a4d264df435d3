import type { IngestItem } from '../ingest/ingest-item.ts';
import type { RemediationRequest } from '../request/request-access.ts';
import type { ScopeCheckOptions, ScopeLook } from '../signal/scope.ts';
import type { SignalSource, TargetResource } from '../signal/signal.ts';
import type { TargetCandidate } from '../signal/target.ts';

/** The stages of `signal ingest`, in their order. */
export const stageNames = [
  'parse',
  'target',
  'owner',
  'fingerprint',
  'scope',
  'lease',
  'deduplication',
  'decision',
] as const;

/** A stage of an ingest, as an explanation names it. */
export type StageName = (typeof stageNames)[number];

/** `stop`: the signal goes no further, and the stages after it are not run. */
export type StageOutcome = 'ok' | 'warn' | 'stop';

/** Why a stage stopped, in the codes of docs/errors.md. */
interface Stop {
  code?: string;
  hint?: string;
}

/** The facts that each stage went by; what is unknown is absent. */
export interface StageDetails {
  parse: Stop & {
    signalName?: string;
    severity?: string;
    signalSource?: string;
    clusterID?: string;
    firingTime?: string;
    warnings?: string[];
  };
  target: Stop & {
    /** `labels`: chosen among an alert's labels; `object`: an event names it. */
    from: 'labels' | 'object';
    candidates?: TargetCandidate[];
    target?: TargetResource;
    warnings?: string[];
  };
  owner: Stop & {
    /** From the signal's own target to the last owner. */
    chain?: TargetResource[];
    /** Why the walk went no further. */
    ended?: string;
    warnings?: string[];
  };
  fingerprint: {
    fingerprint: string;
    /** The text that was hashed. */
    input?: string;
  };
  scope: Stop & {
    mode: ScopeCheckOptions['mode'];
    looked: ScopeLook[];
    managed?: boolean;
    /** `Kind/name` of the object whose label decided. */
    decidedBy?: string;
    warnings?: string[];
  };
  lease: {
    namespace: string;
    name: string;
    /** `notRead`: there was no need to, or no leave. */
    state: 'free' | 'held' | 'expired' | 'noExpiry' | 'notRead';
    holder?: string;
    acquiredAt?: string;
    renewedAt?: string;
    durationSeconds?: number;
    /** By renewTime, which is what counts. */
    expiresAt?: string;
    /** By acquireTime: when it would have ended without a renewal. */
    expiresAtByAcquireTime?: string;
    clockSkewSeconds?: number;
    clockSkewErrorSeconds?: number;
  };
  deduplication: Stop & {
    namespace: string;
    requests: LookedAtRequest[];
    /** The signal of this run that would make the request. */
    plannedBy?: SignalSource;
  };
  decision: Stop & { outcome: ExplainedOutcome };
}

/** A request of the fingerprint, and why it counted or not. */
export interface LookedAtRequest {
  namespace: string;
  name: string;
  phase?: string;
  outcome?: string;
  createdAt?: string;
  deletedAt?: string;
  nextAllowedExecution?: string;
  counted: boolean;
  considered: string;
}

export type StageOf<S extends StageName> = {
  stage: S;
  outcome: StageOutcome;
  /** One sentence, without a full stop. */
  reason: string;
  details: StageDetails[S];
};

/** What came of one stage. */
export type ExplainedStage = { [S in StageName]: StageOf<S> }[StageName];

export type ExplainedOutcome =
  'wouldCreate' | 'wouldDuplicate' | 'wouldWait' | 'skipped' | 'rejected' | 'failed';

/** What would become of one signal and why: the walk of `signal ingest`, with nothing written. */
export interface Explanation extends Pick<
  IngestItem,
  | 'resolution'
  | 'ownerChain'
  | 'signal'
  | 'about'
  | 'scope'
  | 'request'
  | 'decision'
  | 'lock'
  | 'reason'
  | 'warnings'
> {
  /** Absent where only a fingerprint was given. */
  source?: SignalSource;
  outcome: ExplainedOutcome;
  fingerprint?: string;
  /** The RemediationRequest that would be made, where the explainer was to build it. */
  newRequest?: RemediationRequest;
  stages: ExplainedStage[];
  /** The stages that were not reached, or that a fingerprint alone says nothing about. */
  notRun: StageName[];
  /** What would stop the signal once the stage that stopped it did not. */
  alsoStops: string[];
  /** What would give another outcome; each text stands for itself. */
  wouldChangeIf: string[];
  /** The command line that does it for real. */
  command?: string;
}
