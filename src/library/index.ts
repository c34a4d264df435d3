/**
 * `remedyctl`: time, retry, locks, signals, RemediationRequests, deduplication, ingest and replay. Importing it opens
 * nothing, reads nothing and prints nothing. docs/library.md shows how it is used.
 */
export { errorCodes, type ErrorCode } from '../errors/error-codes.ts';
export { nameOptions, optionName } from '../errors/option-name.ts';
export type { Notice, Reason } from '../errors/reason.ts';
export { messageOf, RemedyError, type RemedyErrorOptions } from '../errors/remedy-error.ts';
export { silentNotes, silentProgress, type Notes, type Progress } from '../notes/notes.ts';
export type { SettingValues } from '../config/settings.ts';
export { configuredSettings } from './configured-settings.ts';
export { thisMachine, type Machine, type MachineOptions } from './this-machine.ts';

// time
export type { Clock } from '../time/clock.ts';
export { MockClock } from '../time/mock-clock.ts';
export type { Random } from '../time/random.ts';
export { RealClock } from '../time/real-clock.ts';
export { SeededRandom } from '../time/seeded-random.ts';
export { SystemRandom } from '../time/system-random.ts';

// retry
export { delayAfter, delayBounds, nominalDelay, type BackoffShape, type Growth } from '../retry/backoff.ts';
export {
  CircuitBreaker,
  CircuitOpenError,
  creationCircuit,
  type CircuitState,
} from '../retry/circuit-breaker.ts';
export { classifyText } from '../retry/classify-text.ts';
export { classifyFailure } from '../retry/classify.ts';
export { failureTypes, isTransient, type Failure, type FailureType } from '../retry/failure.ts';
export { RetryError } from '../retry/retry-error.ts';
export {
  creationRetry,
  creationRetryLimits,
  creationRetryWith,
  lockContention,
  planActions,
  policyProblems,
  statusUpdate,
  withoutLastAttempt,
  type RetryPolicy,
} from '../retry/retry-policy.ts';
export { retry, type RetryEvent, type RetryOptions } from '../retry/retry.ts';

// lease
export { HeldLock, type LockState, type ReleaseOutcome } from '../lease/held-lock.ts';
export { HeldLocks, type LeftLease } from '../lease/held-locks.ts';
export { identityOf, type Identity } from '../lease/identity.ts';
export {
  LeaseLock,
  type AcquireOptions,
  type LeaseLockOptions,
  type TryOptions,
} from '../lease/lease-lock.ts';
export { leaseName, lockPrefix } from '../lease/lease-name.ts';
export type { Lease, LeaseSpec } from '../lease/lease-object.ts';
export type { LockContention, LockWaitEnded } from '../lease/lock-contention.ts';
export { describeLock, isLock, type LockRecord, type LockView } from '../lease/lock-record.ts';
export { observeLock, type LockObservation } from '../lease/observe-lock.ts';
export { withLock, type UnderLock } from '../lease/with-lock.ts';

// signal
export type { ReadDocument, SourceDocument, UnreadableDocument } from '../documents/source-document.ts';
export type { ByteStream } from '../documents/byte-source.ts';
export type { YamlThreads } from '../documents/yaml-thread.ts';
export { givenText } from '../documents/given-text.ts';
export type { DocumentInput, NamedInput } from '../documents/input-files.ts';
export { readDocuments, type ReadOptions } from '../documents/read-documents.ts';
export { fingerprintInput, fingerprintOf } from '../signal/fingerprint.ts';
export { normalizeSignals, type NormalizeOptions } from '../signal/normalize-run.ts';
export { parseSignals, signalParser, type ParseOptions } from '../signal/parse-signals.ts';
export type { ParsedItem, ParsedSignal } from '../signal/parsed-signal.ts';
export type {
  NormalizedItem,
  NormalizedSignal,
  RefusedItem,
  SignalItem,
  SignalSource,
  TargetResource,
} from '../signal/signal.ts';

// request
export { buildRemediationRequest, requestName, type BuildOptions } from '../request/build-request.ts';
export {
  createRemediationRequest,
  settleUncertainCreate,
  type CreationOptions,
  type CreationPlan,
} from '../request/create-request.ts';
export type {
  CreatedRequest,
  CreationResult,
  SettledCreation,
  UncertainCreation,
} from '../request/creation-result.ts';
export {
  decideDeduplication,
  type ConsideredRequest,
  type DecisionReason,
  type DeduplicationDecision,
} from '../request/deduplication-decision.ts';
export { readRequest, RequestFinder } from '../request/find-requests.ts';
export type {
  OccurrenceResult,
  RecordedOccurrence,
  StaleOccurrence,
  UnrecordedOccurrence,
} from '../request/occurrence-result.ts';
export { CRDCreationError, DeduplicationError, OperationError } from '../request/operation-error.ts';
export { isTerminalPhase } from '../request/phase.ts';
export {
  recordDuplicate,
  recordDuplicateSettling,
  recordFirstOccurrence,
} from '../request/record-occurrence.ts';
export type { RemediationRequest, RequestAccess } from '../request/request-access.ts';
export { summarizeRequest } from '../request/request-fields.ts';
export type { DeduplicationRecord, RequestSummary } from '../request/request-summary.ts';

// dedup
export {
  deduplicationState,
  stateNames,
  type DeduplicationState,
  type HistoryEntry,
  type StateName,
} from '../dedup/deduplication-state.ts';
export {
  acknowledgeReview,
  requireReview,
  type Acknowledgement,
  type AcknowledgementAccess,
} from '../dedup/review-acknowledgement.ts';
export { watchStates, type StateChange, type StateWatchOptions } from '../dedup/state-watch.ts';

// ingest
export type { IngestOptions, IngestSettings } from '../ingest/ingest-options.ts';
export { startIngest, type StartedIngest } from '../ingest/ingest-run.ts';
export type {
  DecisionFacts,
  DeduplicationFacts,
  IngestItem,
  IngestOutcome,
  IngestSummary,
  ItemError,
  RequestReference,
  ScopeFacts,
} from '../ingest/ingest-item.ts';

// replay
export { replayTrace, type ReplayedTrace, type ReplayTraceOptions } from '../replay/replay-trace.ts';
export type { ReplayItem, ReplaySummary } from '../replay/replay-run.ts';
