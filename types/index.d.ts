import {
  ErrorCode,
  Clock,
  Random,
  Notes,
  Progress,
  Identity,
  ByteStream,
  SettingValues,
  RemedyError,
  RetryPolicy,
  YamlThreads,
} from './shared.js';
import {
  KubeHost,
  KubeObject,
  ObjectAccess,
  ClockSkew,
  KubeClient,
  ServedRequestKind,
  CallOptions,
  ApiResource,
  PassingFailure,
  Interruption,
  ServerObservation,
} from './kube.js';
export {
  BackoffShape,
  Growth,
  RemedyErrorOptions,
  creationRetry,
  creationRetryLimits,
  creationRetryWith,
  delayAfter,
  delayBounds,
  errorCodes,
  identityOf,
  lockContention,
  messageOf,
  nominalDelay,
  planActions,
  policyProblems,
  silentNotes,
  silentProgress,
  statusUpdate,
  withoutLastAttempt,
} from './shared.js';

/**
 * An option of a call as a text names it, such as the hint of an error: by its field (`skipScopeCheck`), or in the words
 * of the program around the library (the command line says `--skip-scope-check`).
 */
declare function optionName(field: string): string;
/** From now on texts of this process name options so; for a program that has words of its own for them. */
declare function nameOptions(by: (field: string) => string): void;

/** Something worth saying that stops nothing. */
interface Notice {
  code: string;
  message: string;
}
/** Why something was not taken: of a signal skipped, rejected or failed; of a document refused. */
interface Reason {
  code: ErrorCode;
  message: string;
  /** What to do next. */
  hint?: string;
}

/** What nearly every call asks for, by the names under which it is asked for: to be spread into its options. */
interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly notes: Notes;
  readonly progress: Progress;
  /** Who holds the locks, and whose name is in the audit trail. */
  readonly identity: Identity;
  /** For credentials and proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** What `-` reads; opened by the first read. */
  readonly stdin: ByteStream;
  /** What reaching a cluster needs: home directory, kubeconfig files, credential plugins. */
  readonly host: KubeHost;
  /** Of remedyctl, for the User-Agent. */
  readonly version: string;
}
/** What is not to be the machine's own. */
interface MachineOptions {
  /** Default: the machine's own. */
  readonly clock?: Clock | undefined;
  /** Default: the operating system's. */
  readonly random?: Random | undefined;
  /** Stops whatever is given the machine; default: nothing does. */
  readonly signal?: AbortSignal | undefined;
  /** Default: nobody hears them. */
  readonly notes?: Notes | undefined;
  /** Default: nobody sees it. */
  readonly progress?: Progress | undefined;
}
/** The machine and the process that this runs on. Reads the environment and the name of the user; opens nothing. */
declare function thisMachine(options?: MachineOptions): Machine;

/**
 * What the program would be configured with here: variables, the configuration file with its profile, defaults. A part of
 * it is the `settings` of many a call.
 *
 * @throws CONFIG_INVALID with every problem; CONFIG_NOT_FOUND for a file or a profile that is named and does not exist
 */
declare function configuredSettings({
  env,
  cwd,
  host,
}: Pick<Machine, 'env' | 'cwd' | 'host'>): Promise<SettingValues>;

interface MockClockOptions {
  /**
   * What passes between two wake-ups. `events` (default): all promise callbacks, `process.nextTick` and one round
   * of the event loop. `promises`: promise callbacks and `process.nextTick` alone, for work that touches no input or
   * output; many times cheaper, and while it runs nothing else of the process does.
   */
  settle?: 'events' | 'promises';
  /** With it a long run lets go of the event loop now and then, and `runUntil` ends with its reason once it aborts. */
  signal?: AbortSignal | undefined;
}
/**
 * A clock that stands still until it is told to advance.
 *
 * Guarantees: sleepers wake in the order of their due times, those due at the same time in the order in
 * which they went to sleep; while one wakes the clock reads exactly its due time; all promise callbacks,
 * `process.nextTick` and one round of the event loop pass between two wake-ups (unless told otherwise), so a
 * chain of sleeps runs through within one `advance`. A wake-up costs a logarithm of the number of sleepers.
 * Non-guarantee: real input and output that takes more than one round of the event loop (sockets, `fs`
 * promises, `import()`) is not waited for; let it finish before advancing, or use `runUntil`.
 */
declare class MockClock implements Clock {
  #private;
  /** `startMs`: the wall clock at the start, milliseconds since the epoch (default 2026-08-22T12:00:00Z). */
  constructor(startMs?: number, { settle, signal }?: MockClockOptions);
  now(): number;
  /** Begins at 0. */
  monotonicMs(): number;
  /** How many are asleep. */
  get sleepers(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Moves both clocks on by `ms`, waking everyone who is due on the way. */
  advance(ms: number): Promise<void>;
  /**
   * Wakes sleeper after sleeper until `promise` settles, and hands on its result. With nobody asleep it
   * waits for real input and output.
   */
  runUntil<T>(promise: Promise<T>): Promise<T>;
  /** Sets the wall clock forward or back, as an administrator or NTP would; nobody wakes. */
  stepWall(ms: number): void;
}

/** The machine's clocks and timers. A pending sleep keeps the process alive. */
declare class RealClock implements Clock {
  now(): number;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * The same numbers for the same seed, on every machine and in every release: traces and tests rest on it.
 * Not for secrets.
 */
declare class SeededRandom implements Random {
  #private;
  /** `seed`: any number; its integer part modulo 2^32 counts. */
  constructor(seed: number);
  next(): number;
  uuid(): string;
}

/** The operating system's randomness. */
declare class SystemRandom implements Random {
  next(): number;
  uuid(): string;
}

/** The error types of the gateway, as they appear in its errors and metrics. */
declare const failureTypes: readonly [
  'rate_limited',
  'service_unavailable',
  'gateway_timeout',
  'bad_request',
  'forbidden',
  'unprocessable_entity',
  'conflict',
  'timeout',
  'network_error',
  'unknown',
];
/** The gateway's names for kinds of failures. */
type FailureType = (typeof failureTypes)[number];
/** What a failure is, and whether trying again may help. */
interface Failure {
  readonly type: FailureType;
  readonly retryable: boolean;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number;
}
/** Whether a failure of this type may pass by itself. */
declare function isTransient(type: FailureType): boolean;

/** `closed` lets every request through, `open` none, `half-open` a few to find out. */
type CircuitState = 'closed' | 'half-open' | 'open';
interface CircuitLimits {
  /** Over how long requests and failures are counted, milliseconds. */
  readonly windowMs: number;
  /** With fewer requests in the window the circuit stays closed. */
  readonly minRequests: number;
  /** The share of failures at which it opens, 0 to 1. */
  readonly failureRatio: number;
  /** How long it stays open, milliseconds. */
  readonly openMs: number;
  /** How many requests are let through half-open, and how many successes close it. */
  readonly probes: number;
}
/** The gateway's: at 10 requests with half of them failed in 10 s; 30 s open; 3 probes. */
declare const creationCircuit: CircuitLimits;
/** The breaker let a call not through. Code CIRCUIT_OPEN; the texts and classes are the gateway's. */
declare class CircuitOpenError extends RemedyError {
  readonly failureType: FailureType;
  constructor(state: 'open' | 'half-open');
}
interface CircuitBreakerOptions {
  readonly clock: Clock;
  readonly limits?: CircuitLimits;
  readonly classify?: (error: unknown) => Failure;
  /** Told every change of state, once. */
  readonly onState?: (state: CircuitState) => void;
}
/**
 * Stops calling an API server that keeps failing.
 *
 * - Only retryable failures count; a refusal (403, 422, …) is an answer like any other.
 * - A cancelled call counts as neither.
 * - Half-open, one failure opens it again; `probes` successes in a row close it. Probes under way count
 *   against the number let through.
 * - A call that began before the last change of state no longer counts when it ends.
 * - Non-guarantee: the window slides in tenths of its length, so up to a tenth of it is forgotten early.
 */
declare class CircuitBreaker {
  #private;
  constructor(options: CircuitBreakerOptions);
  get state(): CircuitState;
  /** Runs `operation`, or throws CircuitOpenError without running it. */
  run<T>(operation: () => Promise<T>): Promise<T>;
  /** For who has learnt elsewhere that the server answers again: what was counted before says nothing any more. */
  reset(): void;
}

/**
 * The gateway's own classification by substring, for recorded texts of which nothing else is left.
 * It takes digits in names and ports for status codes; a live error goes to `classifyFailure`.
 */
declare function classifyText(text: string): Failure;

/**
 * What kind of failure this is and whether trying again may help, from what the error carries (`httpStatus`,
 * `reason`, `errno`, `retryAfterSeconds`; one that has none of it is `unknown`):
 * the HTTP status first, then the Status' reason, then the error number, never the text.
 * An error may name its own class in `failureType` (the circuit breaker's do).
 * A 429 or 5xx that carries Retry-After is retryable whatever its type.
 */
declare function classifyFailure(error: unknown): Failure;

interface RetryErrorFacts {
  /** How many attempts were made. */
  attempt: number;
  maxAttempts: number;
  /** What the last attempt failed with; `null` where nothing is known. */
  originalError: unknown;
  errorType: string;
  isRetryable: boolean;
}
/** Every attempt that the policy allows has failed retryably. The text is the gateway's. Code RETRIES_EXHAUSTED. */
declare class RetryError extends RemedyError {
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly originalError: unknown;
  readonly errorType: string;
  readonly isRetryable: boolean;
  constructor(facts: RetryErrorFacts);
}

/** A failed attempt that will be followed by another one. */
interface RetryEvent {
  /** The number of the failed attempt, from 0. */
  readonly attempt: number;
  readonly error: unknown;
  readonly failure: Failure;
  /** How long the wait that now begins will be. */
  readonly waitMs: number;
}
/** What a retried operation works with. */
interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly random: Random;
  /** Default: by status, reason and error number. */
  readonly classify?: ((error: unknown) => Failure) | undefined;
  /** Called before each wait, so never for the last attempt and never for a failure that is not retried. */
  readonly observer?: ((event: RetryEvent) => void) | undefined;
  /** Ends a wait at once. An attempt under way is the operation's own to abort. */
  readonly signal?: AbortSignal | undefined;
}
/**
 * Calls `operation` (with the number of the attempt, from 1) until it succeeds, fails for good, or the
 * policy's attempts are used up.
 *
 * - A wait is the policy's, or the server's Retry-After where that is longer.
 * - Only used-up attempts give a RetryError. A failure that is not retryable is thrown as it is; a
 *   cancellation throws the signal's reason as it is.
 * - A cancellation is noticed while waiting: an attempt that succeeds after it has still succeeded.
 */
declare function retry<T>(operation: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T>;

/** What a Lease says of its holder; times are RFC 3339 with microseconds, on the holder's clock. */
interface LeaseSpec {
  holderIdentity?: string;
  acquireTime?: string;
  renewTime?: string;
  /** How long it lasts from `renewTime` on. */
  leaseDurationSeconds?: number;
  /** How often it was taken over. */
  leaseTransitions?: number;
  [field: string]: unknown;
}
/** A Lease of coordination.k8s.io/v1, with fields that are not known here as they were read. */
interface Lease extends KubeObject {
  spec?: LeaseSpec;
}

/** The lock is somebody else's at this moment; trying again later can help. */
interface LockContention {
  kind: 'contention';
  leaseName: string;
  /** `holderIdentity`; absent where the lease names nobody, or was gone when it was looked at. */
  holder?: string;
  /** RFC 3339: when the lease expires by its own fields, that is on its holder's clock. */
  until?: string;
  /** Of the lease that stands in the way. */
  uid?: string;
  resourceVersion?: string;
}
/** `acquire` was told by its caller to wait no longer. */
interface LockWaitEnded {
  kind: 'ended';
  contention: LockContention;
  attempts: number;
}

/**
 * A lock that this process holds, from the answer that gave it until it is released, lost or abandoned.
 *
 * Guarantees
 * - `stillSafe()` is true only while nobody who follows the rules can have taken the lease over: less than the
 *   duration minus 5 s has passed, on our monotonic clock, since the last acknowledged write was *sent*.
 * - Every write names the uid and resourceVersion of the lease as we last knew it. A conflict, a 201, a 404 or
 *   another uid means that it is no longer ours: the state is `lost`, and nothing is written any more. Only after
 *   a renewal without an answer, or one that was sent twice, is a conflict looked into: it may be that renewal, which
 *   took effect unseen.
 * - A renewal that the server refuses for the moment is not repeated below: `keepRenewed` comes again in 2 s.
 * - `release` never deletes a lease that is somebody else's, has its own 5 s however the caller was stopped, asks once
 *   more beside a first request that hangs for 2 s, and does not throw.
 * Non-guarantees
 * - A process that is paused past its lease does not know it until it looks; check `stillSafe` right before
 *   the write that the lock protects, and renew first when it says no.
 * - Peers whose clock is ahead by more than 5 s can take the lease over while `stillSafe` is true.
 */

/** Where a lock of this process is: `lost` to somebody else, `abandoned` to expire by itself. */
type LockState = 'held' | 'lost' | 'released' | 'abandoned';
/** How letting go went. `gone`: the lease was there no more; `lost`: it is somebody else's and was left alone. */
interface ReleaseOutcome {
  kind: 'released' | 'gone' | 'lost' | 'abandoned' | 'failed';
  leaseName: string;
  /** `failed` only: LOCK_FAILED or FORBIDDEN; the lease stays until it expires. */
  error?: RemedyError;
}
/** What the lock stands on. */
interface LockGround {
  objects: ObjectAccess;
  clock: Clock;
  durationSeconds: number;
}
/** How a lock was had. */
interface Acquired {
  /** The lease as the server answered it. */
  lease: Lease;
  holder: string;
  /** The key that it was taken by. */
  fingerprint: string;
  /** When the request that acquired was sent, monotonic. */
  sentAtMonotonicMs: number;
  /** Another holder's expired lease was taken over: it may have created without leaving a further event. */
  takenOver: boolean;
  /** Whose it was, where that was read. */
  takenFrom?: Pick<LockContention, 'holder' | 'until'> | undefined;
}
type RenewalFailed = (why: unknown, lostInMs: number) => void;
/** A lock of this process, from `LeaseLock`: to be renewed, released or abandoned. */
declare class HeldLock {
  #private;
  readonly kind = 'held';
  readonly fingerprint: string;
  readonly leaseName: string;
  readonly holder: string;
  readonly takenOver: boolean;
  /** Of a takeover: who held it before, and until when. */
  readonly takenFrom: Pick<LockContention, 'holder' | 'until'> | undefined;
  /** Tries and time that the acquisition took. */
  readonly attempts: number;
  readonly waitedMs: number;
  constructor(
    ground: LockGround,
    acquired: Acquired,
    effort: {
      attempts: number;
      waitedMs: number;
    },
  );
  get state(): LockState;
  /** The lease as the server last answered it. */
  get lease(): Readonly<Lease>;
  get uid(): string | undefined;
  /** The fencing token: the lease's resourceVersion at its last acknowledged write. */
  get token(): string | undefined;
  /** Wall clock, milliseconds: until when a lease that was abandoned, or could not be released, stands. */
  get standsUntilMs(): number | undefined;
  /** When the last acknowledged acquire or renewal was sent, monotonic milliseconds. */
  get sentAtMonotonicMs(): number;
  /** Aborts, with a LOCK_LOST error as its reason, when the lock is lost. */
  get lost(): AbortSignal;
  /** Whether the protected write may still be sent. */
  stillSafe(): boolean;
  /**
   * Writes a new renewTime. Throws LOCK_LOST when the lease is no longer ours; LOCK_FAILED or FORBIDDEN when
   * there was no such answer, with the lock neither renewed nor lost. Concurrent calls share one request.
   */
  renew(options?: { signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Renews every third of the duration from now on, until the lock ends. `onFailure` hears of each renewal that failed
   * while the lock is not lost yet, and in how many milliseconds it would be.
   */
  keepRenewed(onFailure?: RenewalFailed): void;
  /** Gives the lease back. Repeated calls share one outcome. */
  release(): Promise<ReleaseOutcome>;
  /** Stops renewing and leaves the lease to expire: a create under it got no definite answer. */
  abandon(): void;
  /** For whoever learns it elsewhere, such as a watch that shows another holder. */
  markLost(why: string): void;
  /** Called once with the state that ended the lock; at once when it has ended already. */
  onEnd(listener: (state: LockState) => void): void;
}

/** A lease that nobody works under and that stands until it expires, for all we know. */
interface LeftLease {
  leaseName: string;
  /** Wall clock, milliseconds. */
  untilMs: number;
}
/**
 * Every lock that this process holds or is about to hold, so that whoever ends it can let all of them go.
 * Locks that ended by themselves are not in it any more; abandoned ones are left alone.
 */
declare class HeldLocks {
  #private;
  add(lock: HeldLock): void;
  /** A lease that may be ours, from a write without an answer, and that could not be looked for. */
  noteLeft({ leaseName, untilMs }: LeftLease): void;
  /** What this process has left behind and has not expired by now (wall clock, milliseconds). */
  left(nowMs: number): LeftLease[];
  /** An acquisition under way: what it brings is released as well. */
  track<T>(acquisition: Promise<T>): Promise<T>;
  list(): HeldLock[];
  /**
   * Releases what is held, then waits for the acquisitions under way (abort them first) and releases what they
   * brought. Every release has 5 s of its own; none throws.
   */
  releaseAll(): Promise<ReleaseOutcome[]>;
}

/** How often and how far apart a lock that somebody else holds is tried for. */
interface Contention {
  /** Tries in all, where no time is set. */
  tries: number;
  /** Milliseconds after the n-th try, from 1. */
  waitMs: (tries: number, random: Random) => number;
}

/** What a LeaseLock goes by. */
interface LeaseLockOptions {
  objects: ObjectAccess;
  /** Where the leases are: the same namespace for everybody who is to be excluded. */
  namespace: string;
  /** Real time: leases are compared with other machines' times, whatever the clock of decisions says. */
  clock: Clock;
  random: Random;
  identity: {
    host: string;
    pid: number;
  };
  /** Whole seconds, default 30, at least 10. */
  durationSeconds?: number | undefined;
  /** The API server's clock against ours, where it has been measured. */
  skew?: (() => ClockSkew | undefined) | undefined;
  /** `clock` (default): by the lease's own times; `observation`: only by watching it stay unchanged. */
  expiry?: 'clock' | 'observation' | undefined;
  /** Default: ten tries, 100 ms doubled up to 1 s. */
  contention?: Contention | undefined;
  heldLocks?: HeldLocks | undefined;
  /** The lease's name of a key; default: the gateway's. */
  nameOf?: ((key: string) => string) | undefined;
}
/** One try to acquire a lock. */
interface TryOptions {
  signal?: AbortSignal | undefined;
  /**
   * Our identity in place of one made for this acquisition. A lease that has this holder already is renewed and
   * counts as acquired: whoever gives one holder to several acquisitions says that they are one.
   */
  holder?: string | undefined;
  /** Called before the first request with what a watch will show for this acquisition. */
  onHolder?: ((leaseName: string, holder: string) => void) | undefined;
  /** For the requests of this acquisition and of the lock that comes of it; default: those of the LeaseLock. */
  objects?: ObjectAccess | undefined;
}
/** Tries to acquire a lock, until it is had or patience ends. */
interface AcquireOptions extends TryOptions {
  /** How long to go on trying; absent: ten tries. */
  lockWaitMs?: number | undefined;
  /** Called before each wait with how long it will be, and who is waited for. */
  onWait?: ((waitMs: number, contention: LockContention) => void) | undefined;
  /** Called after each wait, before the next try: true ends the acquisition (the reason for it is gone). */
  afterWait?: ((contention: LockContention) => Promise<boolean>) | undefined;
}
/** One for each process and namespace: it keeps the order of asking, and what it has observed of other leases. */
declare class LeaseLock {
  #private;
  /** Throws CONFIG_INVALID for a duration that leaves no room for renewals. */
  constructor(options: LeaseLockOptions);
  /**
   * One try, after those of this process that asked before. Throws LOCK_FAILED or FORBIDDEN, with the gateway's
   * text, for every answer that is not contention.
   */
  tryAcquire(fingerprint: string, options?: TryOptions): Promise<HeldLock | LockContention>;
  /**
   * Tries until the lock is had: ten times, or until `lockWaitMs` is over. Throws LOCK_TIMEOUT then, and what
   * `tryAcquire` throws; rejects with the signal's reason when that aborts during a wait.
   */
  acquire(fingerprint: string, options?: AcquireOptions): Promise<HeldLock | LockWaitEnded>;
  /** Until when a lease of this key stands that this process has left behind; wall clock, milliseconds. */
  leftUntilMs(fingerprint: string): number | undefined;
}

/** Every lock's lease is named so; other leases are none of ours. */
declare const lockPrefix = 'gw-lock-';
/**
 * The Lease that guards a fingerprint: `gw-lock-` and its first 16 bytes. A shorter key is hashed first. This is
 * the gateway's own rule, kept to the byte (a character that the cut splits leaves one U+FFFD for each byte): the
 * name is what makes its pods and remedyctl exclude each other. Two fingerprints that begin with the same 16 hex
 * digits share a lock, which costs time and nothing else.
 */
declare function leaseName(fingerprint: string): string;

/** A lock as results show it: `Lock` of the machine-readable output. */

/**
 * They do not overlap: `noExpiry` (no renewTime or no duration), else `held` (not run out, whatever requests exist),
 * else `orphaned` (run out, and no request of its fingerprint is under way), else `expired`.
 */
declare const lockStates: readonly ['held', 'expired', 'orphaned', 'noExpiry'];
/** The state of a lock. */
type LockStanding = (typeof lockStates)[number];
/** What the signals of a lock are about, as far as its request says. */
interface LockResource {
  kind?: string;
  name?: string;
  namespace?: string;
  apiVersion?: string;
}
/** What is known of the requests of a lock's fingerprint. */
interface LockRequests {
  /** The one that is under way, the oldest of several; else the latest that has ended. */
  request?: {
    name: string;
    phase?: string;
  };
  fingerprint?: string;
  resource?: LockResource;
  /** Whether one is under way. Absent: the requests could not be read. */
  living?: boolean;
}
/** Who held a lock from when to when, as far as somebody looked; RFC 3339, by this machine's clock. */
interface ObservedHolder {
  holder?: string;
  from: string;
  to: string;
}
/** Times are RFC 3339; what the lease does not say, or says in no readable way, is absent. */
interface LockRecord {
  name: string;
  namespace?: string;
  fingerprint?: string;
  state: LockStanding;
  holder?: string;
  acquiredAt?: string;
  renewedAt?: string;
  durationSeconds?: number;
  expiresAt?: string;
  /** By the server's clock as far as it is measured; negative once it is over. */
  expiresInSeconds?: number;
  transitions?: number;
  resourceVersion?: string;
  uid?: string;
  resource?: LockResource;
  request?: {
    name: string;
    phase?: string;
  };
  /** How far the server's clock is ahead of this machine's. */
  clockSkewSeconds?: number;
  clockSkewErrorSeconds?: number;
  /** The other reading: acquireTime + duration. */
  expiresAtByAcquireTime?: string;
  observed?: ObservedHolder[];
}
/** The moment at which a lock is described, and what is known of it besides its lease. */
interface LockView {
  /** Wall clock, milliseconds since the epoch. */
  nowMs: number;
  /** The server's clock against ours, where it is measured. */
  skew: ClockSkew | undefined;
  /** The fingerprint that was asked for, where one was. */
  fingerprint?: string | undefined;
  requests?: LockRequests | undefined;
}
/** Whether a lease is a lock at all. */
declare function isLock(lease: Lease): boolean;
/** A lock as results show it. */
declare function describeLock(lease: Lease, view: LockView): LockRecord;

/** What watching one lock has shown. */
interface LockObservation {
  /** As it was at the end; undefined: it was there no more. */
  lease: Lease | undefined;
  observed: ObservedHolder[];
  /** Milliseconds; 0 where it changed. */
  unchangedMs: number;
  /** How long it would have to stay unchanged. */
  neededMs: number;
  /** It stayed unchanged for its whole duration: its holder is gone. */
  proven: boolean;
}
interface ObservationGround {
  objects: ObjectAccess;
  namespace: string;
  clock: Clock;
  random: Random;
  signal: AbortSignal;
}
/** `durationMs`: how long to watch, milliseconds. Throws what a read throws: NOT_FOUND where there is no such lock at the beginning. */
declare function observeLock(
  ground: ObservationGround,
  name: string,
  durationMs: number,
): Promise<LockObservation>;

/** What work under a lock is given. */
interface UnderLock {
  /** For what has to be sure right before a write: `stillSafe`, `token`. */
  lock: HeldLock;
  /** Aborts when the lock is lost (its reason is LOCK_LOST), or when the signal of the call does. */
  signal: AbortSignal;
}
/**
 * Runs `work` under the lock of `key`: acquired as by `acquire`, renewed every third of its duration, and given back
 * however the work ends. A lease that cannot be given back expires by itself.
 *
 * @throws LOCK_TIMEOUT, LOCK_FAILED or FORBIDDEN where the lock was not had, so that no work was done; what `work` throws;
 * LOCK_LOST where the lock was lost before the work had ended, for then somebody else may have worked beside it
 */
declare function withLock<T>(
  locks: LeaseLock,
  key: string,
  work: (under: UnderLock) => Promise<T>,
  options?: Omit<AcquireOptions, 'afterWait'>,
): Promise<T>;

/** One document out of a file, as the reader hands it on. */
type SourceDocument = ReadDocument | UnreadableDocument;
/** An element of a large document that is read element by element: the document is not there as a whole. */
interface DocumentPart {
  /** Of the elements, from 0. */
  index: number;
  /** The document is an array, or an object whose `items` are read one after the other. */
  of: 'array' | 'items';
  /** The members of the object that stand before its `items`; empty for an array. */
  frame: Readonly<Record<string, unknown>>;
}
/** A document that could be read; what it means is for its reader to find out. */
interface ReadDocument {
  kind: 'document';
  file: string;
  /** Counts documents in the file, from 0. */
  document: number;
  /** Line on which the document starts, from 1. */
  line: number;
  value: unknown;
  /** JSON input: the document's exact text. YAML input: its JSON. */
  text: string;
  /** Size in the input: a consumer that holds several documents takes those over 1 MiB one at a time. */
  bytes?: number;
  /** Duplicate keys, a skipped BOM, control characters and the like. */
  warnings: Notice[];
  /** When it came, milliseconds of a monotonic clock, where that is earlier than when it is taken up. */
  cameMonotonicMs?: number;
  /** `value`, `text` and `line` are those of one element of the document. */
  part?: DocumentPart;
}
/** A document that is refused; the reader goes on with the next one where the format allows it. */
interface UnreadableDocument {
  kind: 'unreadable';
  file: string;
  document: number;
  /** INVALID_DOCUMENT, UNKNOWN_FORMAT, DOCUMENT_TOO_LARGE, INPUT_NOT_FOUND, INPUT_UNREADABLE or EMPTY_INPUT; of a named input also its own. */
  reason: Reason;
  /** The element that is refused, where the document is read element by element. */
  part?: Pick<DocumentPart, 'index' | 'of'>;
  line?: number;
  column?: number;
}

/** `json` and `ndjson` are one reader: a sequence of JSON values. */
type FormatChoice = 'auto' | 'json' | 'ndjson' | 'yaml';

/** Bytes that are no file, such as the answer of a server: read as a file of the same content is. */
interface NamedInput {
  /** What errors and results call it, as they would a file; never with credentials in it. */
  readonly name: string;
  /**
   * Called once, when its turn comes. What it throws, or its stream later, makes an `unreadable` document: with the
   * code, message and hint of a {@link RemedyError}, else as INPUT_UNREADABLE.
   */
  open(signal?: AbortSignal): Promise<ByteStream>;
}
/** A file, directory or glob, `-` for stdin; or bytes from elsewhere under a name. */
type DocumentInput = string | NamedInput;

/** Where documents are read, how, and up to which size. */
interface ReadOptions {
  /** Where relative names start. */
  cwd: string;
  /** What `-` and `/dev/stdin` read. */
  stdin: ByteStream;
  format?: FormatChoice;
  /** Limit of one document, or of one element of it, unpacked, in bytes; default {@link defaultMaxDocumentBytes}. */
  maxDocumentBytes?: number;
  /**
   * A document over 1 MiB (or over the limit) that is an array, or an object with `items`, is handed on element by
   * element, see `ReadDocument.part`: it may be of any size. Default: false.
   */
  elements?: boolean;
  /**
   * Lines before, between and behind JSON documents that are no JSON are passed over, and with them numbers and strings
   * that stand alone. One notice for each file tells of them (TEXT_SKIPPED): the last document of the file that was
   * read has it among its warnings; where none can have it, it is given to this function. Default: they are refused.
   */
  textSkipped?: (file: string, notice: Notice) => void;
  /** Stops reading, also where it waits for stdin or a FIFO: the iteration then throws the signal's reason. */
  signal?: AbortSignal;
  /**
   * The signal ends only what may wait for ever (stdin, a FIFO) and the work on a large YAML document; when files are
   * enough, the consumer leaves.
   */
  readsFilesOn?: boolean;
  /** Which YAML is read in a thread of its own; as the built program does it where left out. */
  yamlThreads?: YamlThreads;
}
/**
 * Reads files, directories, globs, FIFOs, stdin (`-`) and named streams, packed by gzip or not, document by document.
 *
 * Guarantees: documents come in the order of the inputs and of each file; at most one document, or one of its
 * elements, and a window of 256 KiB are held (with `textSkipped` a second document of up to 1 MiB), and nothing is read
 * ahead while the consumer is busy; whatever cannot be read is told as an {@link SourceDocument} of kind `unreadable`,
 * by name and position, and the rest goes on. UTF-16 is read as UTF-8 is; archives, packed files other than gzip and
 * what kubectl writes for people are refused by name.
 * Non-guarantee: a file that changes while it is read is not noticed.
 */
declare function readDocuments(
  inputs: readonly DocumentInput[],
  options: ReadOptions,
): AsyncGenerator<SourceDocument, void>;

/** How the text of a webhook or an event that is at hand is read: `inputs` and `read` of whatever reads documents. */
declare function givenText(text: string): {
  inputs: readonly string[];
  read: ReadOptions;
};

/** What tells one resource from another; namespace and cluster are empty where there are none. */
interface FingerprintParts {
  clusterID?: string | undefined;
  namespace: string;
  kind: string;
  name: string;
}
/**
 * SHA-256 of `namespace:Kind:name`, or of `cluster:namespace:Kind:name` when a cluster is named, as 64 lower-case
 * hex digits. The signal's own name is no part of it: every alert about one resource shares one fingerprint.
 */
declare function fingerprintOf(parts: FingerprintParts): string;
/** The text that is hashed. Colons are not escaped, as in the gateway: `a:b` is no injective joint. */
declare function fingerprintInput({ clusterID, namespace, kind, name }: FingerprintParts): string;

/** A point in time as a document wrote it. */
interface WrittenTime {
  /** Milliseconds since the epoch. */
  ms: number;
  /** RFC 3339 with the offset of the input (a zero offset as Z), cut to seconds, never rounded. */
  text: string;
}

type JsonObject = Record<string, unknown>;

/**
 * What is sent to a gateway of a signal: the smallest document that it takes for it. A gateway reads webhooks and core v1
 * Events alone, one signal a request being the only way to be told for certain what became of it.
 */

/** One signal as a gateway takes it. */
interface Delivery {
  /** Which of the gateway's two doors it goes through. */
  as: 'alert' | 'event';
  /** A webhook with this alert alone, or a core v1 Event; JSON. */
  body: JsonObject;
  /**
   * `body` as it stands in the input, with every digit and every repeated key that a JavaScript value loses; undefined
   * where it was made or changed here.
   */
  text?: () => string | undefined;
  /** The webhook that the alert came in, the same object for all of its alerts; absent where it came in none. */
  webhook?: DeliveredWebhook;
}
/** A webhook as it came, for whoever hands it on whole. */
interface DeliveredWebhook {
  /** Its exact text. */
  text: () => string;
  /** How many alerts it has. */
  alerts: number;
}

/** Where a signal came from: `document` counts documents in the file, `index` items in one, both from 0. */
interface SignalSource {
  file: string;
  document: number;
  index: number;
  /** The format that the alert or event was wrapped in, by its name in docs/signal-formats.md; absent for none. */
  wrapper?: string;
}
/** Which alert or event an item is that is no signal, as far as the document tells. */
interface SignalAbout {
  /** The alert's name, or the event's reason. */
  signalName?: string;
  /** What its labels or the event name, before owners are looked up. */
  resource?: TargetResource;
}
/** The resource that a signal is about; a cluster-scoped one has no namespace, an unknown apiVersion is absent. */
interface TargetResource {
  kind: string;
  name: string;
  namespace?: string;
  apiVersion?: string;
}
/** A signal as the gateway sees it once its target's owner is known (docs/gateway-semantics.md 1 and 2). */
interface NormalizedSignal {
  /** 64 lower-case hex digits. */
  fingerprint: string;
  signalName: string;
  severity: string;
  signalType: 'alert';
  signalSource: 'prometheus' | 'kubernetes-events';
  /** Absent where no cluster is named. */
  clusterID?: string;
  /** The namespace in the fingerprint; empty for a cluster-scoped target without one. */
  namespace: string;
  /** What the fingerprint was made of. */
  resource: TargetResource;
  /** Absent for events, as the reference has them nil there. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339 with the offset of the input, second precision. */
  firingTime?: string;
  /** RFC 3339 in UTC, second precision. */
  receivedTime: string;
}
/** One signal, or one item that is none: the shape that `signal normalize` prints and `signal ingest` extends. */
type SignalItem = NormalizedItem | RefusedItem;
/** A signal whose target and owner are known. */
interface NormalizedItem {
  source: SignalSource;
  outcome: 'normalized';
  resolution: 'owner' | 'resource';
  /** `Kind/name`, from the signal's own target to the resource of the fingerprint. */
  ownerChain: string[];
  signal: NormalizedSignal;
  warnings: Notice[];
  /** spec.originalPayload, within the API server's limits; computed when asked for. */
  originalPayload: () => OriginalPayload;
}
/** The signal's own text, or the warning that says why it is left out. */
interface OriginalPayload {
  text?: string;
  warning?: Notice;
}
/** A signal that does not go on: `skipped` is no fault, `rejected` stays so, `failed` may pass. */
interface RefusedItem {
  source: SignalSource;
  outcome: 'skipped' | 'rejected' | 'failed';
  reason: Reason;
  /** `failed` only: whether trying again can help. */
  retryable?: boolean;
  about?: SignalAbout;
  warnings: Notice[];
}

/** One alert or event of a document: what the document alone tells, or why it is none. */
type ParsedItem = ParsedSignal | RefusedItem;
/** A signal whose target and owner are still to be found out; nothing in it was asked of a cluster. */
interface ParsedSignal {
  source: SignalSource;
  outcome: 'parsed';
  signalSource: 'prometheus' | 'kubernetes-events';
  /** Empty where an alert has no name; the resolver refuses it once it knows that there is a target. */
  signalName: string;
  severity: string;
  clusterID?: string;
  subject: Subject;
  /** Absent for events. */
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** RFC 3339 with the offset of the input, second precision; absent where the input names no time. */
  firingTime?: string;
  seen: Sighting;
  warnings: Notice[];
  originalPayload: () => OriginalPayload;
  /** What a gateway is sent of it; computed when asked for. */
  delivery: () => Delivery;
}
/** What a signal says about its target: labels to choose from, or the object itself. */
type Subject =
  | {
      from: 'labels';
      labels: Record<string, string>;
    }
  | {
      from: 'object';
      resource: TargetResource;
    };
/** The time by which a signal's freshness is judged, and by which rule. */
interface Sighting {
  rule: 'alert' | 'event';
  /** Milliseconds since the epoch; absent where the signal names no time. */
  atMs?: number;
}

/** By what alerts are judged that say of themselves how they stand. */
interface ParseOptions {
  /** The clock of decisions, for `endsAt`; absent: no alert is taken for over because of its end. */
  clock?:
    | {
        now: () => number;
      }
    | undefined;
  /** Takes the resolved alerts of webhooks too, as a gateway does that is sent the webhook. Default: false. */
  includeResolved?: boolean | undefined;
  /** Takes alerts that a silence or another alert suppresses. Default: false. */
  includeSuppressed?: boolean | undefined;
  /** Takes alerts of Prometheus that are still pending. Default: false. */
  includePending?: boolean | undefined;
  /** Told what concerns a document in which no item is that could say it. */
  unsaid?: ((file: string, notice: Notice) => void) | undefined;
}

/**
 * Turns documents into signals: each is of one of the formats in formats/formats.ts, and yields one item per alert or
 * event. What concerns the whole document (duplicate keys, a foreign version) is warned about at its first item.
 */

/**
 * A parser for the documents of one run, in their order: of a document that comes in parts the items are counted on
 * from part to part. It never throws for what a document holds: every refusal is an item.
 */
declare function signalParser(options?: ParseOptions): (document: SourceDocument) => Iterable<ParsedItem>;
/** The signals of one document that stands for itself; see `signalParser` for those of a run. */
declare function parseSignals(document: ReadDocument, options?: ParseOptions): Iterable<ParsedItem>;

/** How the target of an alert is chosen, where an operator wants it otherwise. */
interface TargetOptions {
  /** `FROM=KEY` each: the label FROM is read as if it were called KEY. The request keeps the labels as they came. */
  labelAs?: readonly string[] | undefined;
  /** Kinds that go before all others, in this order; each text may hold several, with commas between them. */
  prefer?: readonly string[] | undefined;
  /** `gateway`: labels `exported_<key>` are not read, as the gateway does not. Default: `corrected`. */
  targetChoice?: 'corrected' | 'gateway' | undefined;
}

/** Signals that are injected once more, of the payload that a request holds. */
interface RepeatOptions {
  /** Signals with another fingerprint are skipped (OTHER_ALERT). Default: none is. */
  onlyFingerprint?: string | undefined;
  /** Since when they are said to fire, in place of their own time. */
  start?: WrittenTime | undefined;
  /** Takes alerts whose `endsAt` has passed, as that of a payload has. Default: false. */
  includeEnded?: boolean | undefined;
}

/** What `normalizeSignals` works with. */
interface NormalizeOptions extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, RepeatOptions {
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
declare function normalizeSignals(options: NormalizeOptions): AsyncGenerator<SignalItem, void, void>;

/** Where RemediationRequests live: over which access, as which served kind, in which controller namespace. */
interface RequestAccess {
  objects: ObjectAccess;
  kind: ServedRequestKind;
  namespace: string;
  /** Guards POST and GET of requests; LIST, status writes and leases pass by it. */
  breaker?: CircuitBreaker | undefined;
  /**
   * Under which name counts are written: nobody else's, so that managedFields tell whether a write whose answer was lost
   * is ours. Without one such a write counts as not persisted.
   */
  writer?: string | undefined;
}
/** A RemediationRequest as the API carries it. */
interface RemediationRequest extends KubeObject {
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** What a new request has beside its signal. */
interface BuildOptions {
  /** From `requestName`. */
  name: string;
  /** The controller namespace. */
  namespace: string;
  kind: ServedRequestKind;
  /** Annotation `kubernaut.ai/created-at`, milliseconds since the epoch. */
  createdAtMs: number;
  /** `gateway-service` only when asked to look like the gateway. */
  managedBy: 'remedyctl' | 'gateway-service';
  /** `user@host`, for the audit trail. */
  injectedBy?: string | undefined;
}
/** `rr-{first 12 digits of the fingerprint}-{8 random hex digits}`: made once per creation, kept over its retries. */
declare function requestName(fingerprint: string, random: Random): string;
/**
 * The RemediationRequest that the gateway would make of a signal, with the fields that the served schema has.
 * Values of labels are cut to 63 bytes and those of annotations to 262,000, between characters; `providerData`
 * keeps the labels whole. Throws INVALID_FIELD where the API server would refuse it.
 */
declare function buildRemediationRequest(item: NormalizedItem, options: BuildOptions): RemediationRequest;

/**
 * How often and when one resource was reported: `status.deduplication`, or `spec.deduplication` in the 2025 layout.
 * A part that the object does not have is absent. Times are RFC 3339 as stored.
 */
interface DeduplicationRecord {
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
}
/**
 * What remedyctl remembers of one RemediationRequest: everything that the decision and the next write need, and
 * nothing more, since a bulk run holds one of these for each request of the namespace.
 */
interface RequestSummary {
  fingerprint: string;
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
  /** `status.overallPhase`, empty where there is none. */
  phase: string;
  outcome?: string;
  /** RFC 3339, as stored. */
  nextAllowedExecution?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  /** `spec.targetResource`, where it has a kind and a name; `namespace` absent for cluster-scoped ones. */
  target?: {
    kind: string;
    name: string;
    namespace?: string;
  };
  /** `spec.clusterID`. */
  clusterID?: string;
  /** `spec.signalSource`. */
  source?: string;
  /** `spec.receivedTime`. */
  receivedTime?: string;
  deduplication?: DeduplicationRecord;
  /** Where the status has no count and no times, and `deduplication` is what the creator wrote into the spec. */
  deduplicationIn?: 'spec';
}

/** How an attempt to create one RemediationRequest ended, short of an error (which is thrown). */
type CreationResult = CreatedRequest | UncertainCreation;
/** There is a request for the signal now. */
interface CreatedRequest {
  kind: 'created';
  request: RequestSummary;
  /** As the server answered it, long texts empty; on a server-side dry run as it would have been stored. */
  object: RemediationRequest;
  /** POSTs that were made, the successful one included. */
  attempts: number;
  /**
   * The name was there already with our fingerprint: an earlier answer of our own was lost. Others may have written to
   * its status since.
   */
  adopted: boolean;
  /** Warning headers of the server. */
  warnings: string[];
}
/**
 * The retries are over and at least one POST got no definite answer: the request may exist, or may yet appear.
 * Settle it with `settleUncertainCreate` before the lock is let go.
 */
interface UncertainCreation {
  kind: 'uncertain';
  namespace: string;
  name: string;
  fingerprint: string;
  attempts: number;
  /** What would have been thrown had every answer been definite: a CRDCreationError. */
  error: Error;
}
/** What a GET by name after an uncertain creation found. */
type SettledCreation =
  | {
      kind: 'exists';
      request: RequestSummary;
      object: RemediationRequest;
    }
  /** Not there now; a POST under way may still land, so the lease must be left to expire. */
  | {
      kind: 'absent';
    }
  /** The name belongs to another fingerprint: our create was refused for certain. */
  | {
      kind: 'foreign';
    }
  /** The GET failed as well; treat as `absent`. */
  | {
      kind: 'unknown';
      error: unknown;
    };

/** The request to be created. */
interface CreationPlan {
  signal: Pick<NormalizedSignal, 'fingerprint' | 'signalName' | 'signalType'>;
  /** The object under a name; called again only when a name turns out to be somebody else's. */
  build: (name: string) => RemediationRequest;
}
/** What a creation goes by. */
interface CreationOptions {
  clock: Clock;
  random: Random;
  /** Default `creationRetry`: 3 attempts. */
  policy?: RetryPolicy | undefined;
  /** Called before each wait, 0-based. */
  observer?: ((event: RetryEvent) => void) | undefined;
  /** Ends a wait between attempts; a POST under way is finished. */
  signal?: AbortSignal | undefined;
  /** Aborts a POST under way as well, whose outcome is then uncertain. */
  requestSignal?: AbortSignal | undefined;
  /** `dryRun=All`: the server does everything but store it. */
  dryRun?: boolean | undefined;
}
/**
 * Throws CRDCreationError when it is certain that nothing was created: CREATION_FAILED, or which rule of the cluster
 * refused it (QUOTA_EXCEEDED, ADMISSION_DENIED, NAMESPACE_TERMINATING); a bug as it is.
 */
declare function createRemediationRequest(
  access: RequestAccess,
  plan: CreationPlan,
  options: CreationOptions,
): Promise<CreationResult>;
/**
 * Looks for the request of an uncertain creation, retrying as creation does; never throws. While the answer is
 * not `exists` or `foreign` the lease must be left to expire.
 */
declare function settleUncertainCreate(
  access: RequestAccess,
  creation: {
    name: string;
    fingerprint: string;
  },
  options: Pick<CreationOptions, 'clock' | 'random' | 'policy' | 'signal'>,
): Promise<SettledCreation>;

/** Why a signal is a duplicate; `none` where it is new. */
type DecisionReason = 'active' | 'manualReview' | 'backoff' | 'none';
/** One request that was looked at. */
interface ConsideredRequest {
  request: RequestSummary;
  /** Whether it alone would have made the signal a duplicate. */
  counted: boolean;
  /** One sentence for `explain`. */
  why: string;
}
/** What a signal is beside the requests of its fingerprint, and by which of them. */
interface DeduplicationDecision {
  kind: 'duplicate' | 'new';
  reason: DecisionReason;
  /** The request that suppresses the signal. */
  request?: RequestSummary;
  /** Its phase; empty where it has none yet. */
  phase?: string;
  /** `backoff` only: RFC 3339, when the suppression ends. */
  until?: string;
  considered: ConsideredRequest[];
}
/**
 * Decides what a signal is, given every request of its fingerprint. Pure, and independent of the order of the
 * candidates: an active request (the oldest) goes before one that waits for manual review (the first by name),
 * and that before a backoff (the one furthest in the future). An active request that is being deleted does not
 * count, since nobody will work on it; manual review and backoff are verdicts and count until the object is gone.
 *
 * @param nowMs milliseconds since the epoch; a backoff that ends exactly now has ended.
 */
declare function decideDeduplication(
  candidates: readonly RequestSummary[],
  nowMs: number,
): DeduplicationDecision;

interface FindOptions {
  /**
   * `consistent`: everything that was written before the call. `hint`: from the server's cache, fast and perhaps
   * old; only an active request in it may be acted on.
   */
  consistency: 'consistent' | 'hint';
  signal?: AbortSignal | undefined;
}
/** How a LIST that fails for the moment (429, 502, 503, a broken connection) is tried again. */
interface ListPatience {
  clock: Clock;
  random: Random;
  /** Default `creationRetry`: 3 attempts. */
  policy?: RetryPolicy | undefined;
  observer?: ((event: RetryEvent) => void) | undefined;
}
/** Finds the requests of a fingerprint. Remembers when the server cannot select by it, and then reads all, paged. */
declare class RequestFinder {
  #private;
  /** Without `patience` every LIST is repeated as any request. */
  constructor(access: RequestAccess, patience?: ListPatience);
  /** In the server's order, which is no order of age. Throws what ObjectAccess throws, or RETRIES_EXHAUSTED. */
  byFingerprint(fingerprint: string, options: FindOptions): Promise<RequestSummary[]>;
  /** The request as it is now, undefined when there is none. A consistent read. */
  byName(
    name: string,
    options?: {
      signal?: AbortSignal;
    },
  ): Promise<RequestSummary | undefined>;
}
/** GET by name behind the breaker; undefined for a 404. */
declare function readRequest(
  access: RequestAccess,
  name: string,
  options?: Pick<CallOptions, 'signal' | 'ownRetry'>,
): Promise<RemediationRequest | undefined>;

/** What became of a count that was to be written to `status.deduplication`. */
type OccurrenceResult = RecordedOccurrence | UnrecordedOccurrence | StaleOccurrence;
/** The count is stored. */
interface RecordedOccurrence {
  kind: 'recorded';
  persisted: true;
  /** The count now stored. Of n merged duplicates the i-th (from 1) shows `occurrenceCount - n + i`. */
  occurrenceCount: number;
  /** RFC 3339; absent where the stored record never had one. */
  firstSeenAt?: string;
  lastSeenAt: string;
  /** The request with the resourceVersion and deduplication after the write: enters the index. */
  request: RequestSummary;
  notice?: Notice;
}
/** The write failed for good, or the served schema has no field to hold it. */
interface UnrecordedOccurrence {
  kind: 'unrecorded';
  persisted: false;
  /** What is stored, as far as is known: never the count that could not be written. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  request: RequestSummary;
  /** STATUS_NOT_PERSISTED, with the cause. */
  error: Error;
}
/** The request is not what it was when the decision was made: decide again. */
interface StaleOccurrence {
  kind: 'stale';
  persisted: false;
  /**
   * `conflict`: a 409; `unanswered`: whether it was written has to be looked up; `gone`: a 404, or another object of that
   * name; `changed`: read again, and decided anew.
   */
  cause: 'conflict' | 'unanswered' | 'gone' | 'changed';
  /** The request as last known. */
  request: RequestSummary;
  /** `changed` only: the request as it is now. */
  current?: RequestSummary;
  /** `unanswered` only: the count that was sent, and what came of it. */
  sent?: {
    occurrenceCount: number;
    lastSeenAt: string;
    error: RemedyError;
  };
}

/** What every failed operation on a signal says about itself. */
interface OperationFacts {
  fingerprint: string;
  /** The namespace of the RemediationRequests. */
  namespace: string;
  /** How many attempts were made. */
  attempts: number;
  /** How long the operation took, milliseconds. */
  durationMs: number;
  /** What it failed with; `null` where nothing is known (printed as Go prints a missing error). */
  underlying: unknown;
  code?: ErrorCode;
  hint?: string;
}
interface NamedOperationFacts extends OperationFacts {
  operation: string;
  phase: string;
  correlationId: string;
}
/**
 * An operation on a signal failed. The text is the gateway's, so what reads its logs reads ours.
 * `suffix` is what a subclass appends to it.
 */
declare class OperationError extends RemedyError {
  readonly operation: string;
  readonly phase: string;
  readonly fingerprint: string;
  readonly namespace: string;
  readonly attempts: number;
  readonly durationMs: number;
  readonly correlationId: string;
  readonly underlying: unknown;
  constructor(facts: NamedOperationFacts, suffix?: string);
}
interface CRDCreationFacts extends OperationFacts {
  /** The name of the RemediationRequest, which is also the correlation. */
  crdName: string;
  signalType: string;
  signalName: string;
}
/** A RemediationRequest was not created. Code CREATION_FAILED unless given. */
declare class CRDCreationError extends OperationError {
  readonly crdName: string;
  readonly signalType: string;
  readonly signalName: string;
  constructor(facts: CRDCreationFacts);
}
interface DeduplicationFacts$1 extends OperationFacts {
  /** What was known of the signal when it failed: `new`, `duplicate` or `unknown`. */
  dedupeStatus: string;
}
/** Whether a signal is a duplicate could not be found out or recorded. Code DEDUPLICATION_FAILED unless given. */
declare class DeduplicationError extends OperationError {
  readonly dedupeStatus: string;
  constructor(facts: DeduplicationFacts$1);
}

/**
 * Whether a RemediationRequest in this `status.overallPhase` has come to its end. Compared exactly: a phase that
 * nobody knows, or none at all, is still under way, so that a newer orchestrator never gets a second request.
 */
declare function isTerminalPhase(phase: string): boolean;

/** How long conflicts are retried, and by which clock. */
interface ConflictPatience {
  clock: Clock;
  random: Random;
  /** No wait that would go beyond it is begun. */
  deadlineMonotonicMs: number;
  signal?: AbortSignal | undefined;
  /** Default: the gateway's waits, without its last attempt. */
  policy?: RetryPolicy | undefined;
  /** Called before each wait with how long it will be. */
  onWait?: ((waitMs: number) => void) | undefined;
}
interface Occurrences {
  /** How many duplicates this write adds up, at least 1. */
  occurrences: number;
  /** When they were seen, milliseconds since the epoch. */
  nowMs: number;
  signal?: AbortSignal | undefined;
}
/**
 * The creator's count, right after the create: PUT /status with an otherwise empty status, count 1. What was adopted,
 * or is read after a conflict, gets what its status says is missing, by a patch, until the deadline: 1 where there is
 * no count; nothing where it is 2 or more, since whoever of us finds none seeds 2, the creation included; one more
 * where it is 1, or has been when it was read before: a gateway's duplicate begins with 1 and leaves the creation out,
 * and nobody of us has written one yet.
 */
declare function recordFirstOccurrence(
  access: RequestAccess,
  created: Pick<CreatedRequest, 'request' | 'object' | 'adopted'>,
  options: ConflictPatience & {
    nowMs: number;
  },
): Promise<OccurrenceResult>;
/**
 * One duplicate, or several added up, in one PATCH at the resourceVersion of `request`. `stale` after a 409, a 404 or no
 * answer: decide again. A request without a count gets 1 + occurrences, since its creator's own write is missing.
 */
declare function recordDuplicate(
  access: RequestAccess,
  request: RequestSummary,
  { occurrences, nowMs, signal }: Occurrences,
): Promise<OccurrenceResult>;
/**
 * As `recordDuplicate`, and after a conflict it waits, reads by name, and writes again while `stillDuplicate` says
 * that the decision stands, until the deadline. `stale` when the request is gone, or `changed` when the decision
 * no longer stands.
 */
declare function recordDuplicateSettling(
  access: RequestAccess,
  request: RequestSummary,
  options: Occurrences &
    ConflictPatience & {
      stillDuplicate: (current: RequestSummary) => boolean;
    },
): Promise<OccurrenceResult>;

/**
 * Reads a RemediationRequest of either status layout: nested first (`completionStatus.outcome`,
 * `routingStatus.nextAllowedExecution`; 2026-08 and later), then flat. Fields of a wrong type count as absent, so
 * an object that somebody bent by hand never stops a run.
 */
declare function summarizeRequest(object: KubeObject): RequestSummary;

/** A summary with what an operator wants to see beside it: what the request is about, and when it ended. */
interface RequestFacts extends RequestSummary {
  /** `spec.targetResource`. */
  resource?: TargetResource;
  /** `spec.clusterID`. */
  clusterID?: string;
  /** RFC 3339, as stored. */
  completedAt?: string;
}

/** `open`: the next signal makes a new request; `suppressed`: a backoff that is not over. */
type StateName = 'active' | 'suppressed' | 'manualReview' | 'open';
/** Every state, what stands in the way first. */
declare const stateNames: readonly StateName[];
/** One request of the fingerprint, and why it counted or did not. Times are RFC 3339, as stored. */
interface HistoryEntry {
  name: string;
  /** Absent where the request has none yet. */
  phase?: string;
  outcome?: string;
  createdAt?: string;
  completedAt?: string;
  nextAllowedExecution?: string;
  /** Being deleted since then. */
  deletedAt?: string;
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** Whether it alone would make the next signal a duplicate. */
  counted: boolean;
  considered: string;
}
/** The shape of `dedup show`; what is unknown is absent. */
interface DeduplicationState {
  fingerprint: string;
  /** What the newest request is about. */
  resource?: TargetResource;
  clusterID?: string;
  state: StateName;
  decision: {
    reason: DecisionReason;
    request?: {
      namespace: string;
      name: string;
    };
    phase?: string;
    until?: string;
  };
  /** Of all its requests together, as far as they are counted. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** Since when the request that decides stands in the way. */
  since?: string;
  /** `suppressed` only: when that ends by itself. */
  until?: string;
  active?: {
    namespace: string;
    name: string;
    phase?: string;
  };
  /** Newest first. */
  history: HistoryEntry[];
}
/**
 * What the requests of one fingerprint mean for its next signal, and what has been.
 *
 * @param requests all that the namespace holds of this fingerprint, in any order.
 * @param nowMs milliseconds since the epoch.
 */
declare function deduplicationState(
  fingerprint: string,
  requests: readonly RequestFacts[],
  nowMs: number,
): DeduplicationState;

/** The value of the annotation. */
interface Acknowledgement {
  by: string;
  /** RFC 3339 in UTC. */
  at: string;
  reason?: string;
  /** The outcome that was replaced. */
  outcome: string;
}
/** What the writes go by. */
interface AcknowledgementAccess {
  objects: ObjectAccess;
  /** Where requests are served, and in which layout. */
  kind: ServedRequestKind;
  signal: AbortSignal;
}
interface WriteSettings {
  /** Sends both writes with dryRun=All. */
  dryRun: boolean;
}
/** Throws NOT_IN_REVIEW for a request that does not wait for manual review. */
declare function requireReview(request: RemediationRequest): RequestFacts;
/**
 * Writes. Resolves to the request as it is then. Errors: what ObjectAccess throws; REQUEST_CHANGED where somebody
 * changed it meanwhile in a way that makes it another question; NOT_IN_REVIEW.
 */
declare function acknowledgeReview(
  access: AcknowledgementAccess,
  seen: RemediationRequest,
  acknowledgement: Acknowledgement,
  settings: WriteSettings,
): Promise<RemediationRequest>;

/**
 * The states of a namespace's fingerprints for as long as somebody looks.
 *
 * Guarantees: begins with every fingerprint there is; after that each change of a state is told once, also one that
 * time alone makes (a backoff that ends). Connections are survived as listAndWatch says: what changed or went while a
 * version expired (410) is told after the next listing, never half a listing.
 * Non-guarantee: states between two looks; only the last one counts. While the server does not answer, time goes on
 * over what was known last.
 */

/** One change of what would become of the next signal of a fingerprint. */
interface StateChange {
  /** DELETED: no request of the fingerprint is left; the object is its last state. */
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: DeduplicationState;
}
/** What watching states goes by. */
interface StateWatchOptions {
  objects: ObjectAccess;
  resource: ApiResource;
  namespace: string;
  clock: Clock;
  random: Random;
  /** The time of decisions; one that stands still never ends a backoff. */
  decisionClock: Pick<Clock, 'now'>;
  signal: AbortSignal;
  /** The server does not answer; told for each failure. */
  onLost: (failure: PassingFailure, interruption: Interruption) => void;
}
/** Ends when the signal aborts or the reader leaves. Throws where the first look fails, and for refusals (403). */
declare function watchStates(options: StateWatchOptions): AsyncGenerator<StateChange, void, void>;

/** What is followed. */
interface FollowOptions {
  /** `events` of every namespace, or `events=NAMESPACE`. */
  stream: string;
  /** Also takes events that were seen within so many milliseconds before the first start. Default: none. */
  sinceMs?: number | undefined;
  /** The file that the stream goes on from, and is to be gone on from. */
  checkpoint?: string | undefined;
  /** Asks for Normal events too, which are skipped. Default: false. */
  withNormal?: boolean | undefined;
}

/** Settings of the choice of targets, named as in the configuration. */
type TargetSettings = Pick<SettingValues, 'ingest.labelAs' | 'ingest.prefer' | 'ingest.targetChoice'>;

/** Settings of an ingest, named as in the configuration; their units, limits and defaults are those of there. */
type IngestSettings = Pick<
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
interface IngestOptions extends Pick<ParseOptions, 'includeSuppressed' | 'includePending'>, RepeatOptions {
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
  record?:
    | {
        file: string;
        version: string;
      }
    | undefined;
  /** The file of the run's metrics, as OpenMetrics text. */
  metricsFile?: string | undefined;
  /** Asked before anything is read or written; throws where somebody does not want it. */
  confirm?: () => Promise<void>;
}

/** The lock that would be waited for in vain. */
interface ForetoldLock {
  namespace: string;
  name: string;
  /** Absent where the lease names nobody. */
  holder?: string;
  /** RFC 3339, on the holder's clock; absent where the lease names no end. */
  until?: string;
}

/**
 * What became of one signal; `wouldCreate`, `wouldDuplicate` and `wouldWait` (for a lock, in vain) stand in dry runs
 * only.
 */
type IngestOutcome =
  | 'created'
  | 'duplicate'
  | 'wouldCreate'
  | 'wouldDuplicate'
  | 'wouldWait'
  | 'skipped'
  | 'rejected'
  | 'failed'
  | 'notRun';
/** One signal's result, in the shape that `signal ingest` prints (docs/machine-output.md). */
interface IngestItem {
  source: SignalSource;
  outcome: IngestOutcome;
  resolution?: 'owner' | 'resource';
  ownerChain?: string[];
  signal?: NormalizedSignal;
  /** Where there is no `signal`: which alert or event it was. */
  about?: SignalAbout;
  scope?: ScopeFacts;
  request?: RequestReference;
  decision?: DecisionFacts;
  /** `wouldWait` only: the lock that would not be had in time. */
  lock?: ForetoldLock;
  deduplication?: DeduplicationFacts;
  /** Requests that this signal alone cost; look-ups and what the run shares are counted in the summary. */
  apiRequests?: number;
  /** Creation attempts. */
  attempts?: number;
  reason?: Reason;
  error?: ItemError;
  warnings?: Notice[];
}
/** Whether the resource of a signal is managed. */
interface ScopeFacts {
  /** Absent where nothing was checked. */
  managed?: boolean;
  /** `Kind/name` of the object whose label decided. */
  decidedBy?: string;
  skipped: boolean;
}
/** A RemediationRequest by its place; `uid` where it is known. */
interface RequestReference {
  namespace: string;
  name: string;
  uid?: string;
}
/** Why a signal is new or a duplicate: the reason, and the request that decided. */
interface DecisionFacts {
  reason: 'active' | 'manualReview' | 'backoff' | 'none';
  request?: {
    namespace: string;
    name: string;
  };
  phase?: string;
  /** RFC 3339; while a terminal request backs off. */
  until?: string;
}
/** What stands in `status.deduplication` of the request after the signal was counted. Times are RFC 3339. */
interface DeduplicationFacts {
  /** Absent where nothing is known to be stored. */
  occurrenceCount?: number;
  firstSeenAt?: string;
  lastSeenAt?: string;
  /** False where the count could not be written (exit code 4). */
  persisted: boolean;
}
/** A failure of one signal, as the gateway would put it; `attempts` counts those of the creation. */
interface ItemError {
  code: string;
  message: string;
  /** The error type of docs/gateway-semantics.md 7.2. */
  type: string;
  retryable: boolean;
  attempts: number;
}
/** Totals of a run. */
interface IngestSummary {
  total: number;
  created: number;
  duplicate: number;
  wouldCreate: number;
  wouldDuplicate: number;
  wouldWait: number;
  skipped: number;
  rejected: number;
  failed: number;
  notRun: number;
  /** `shared`: what the whole run listed and watched; `lookups`: what was read to find owners, scopes and kinds. */
  apiRequests: {
    shared: number;
    lookups: number;
  };
}

/** How fast a run is by now. */
interface Pace {
  /** Outcomes a second, over the last ten seconds. */
  perSecond: number;
  /**
   * How long the slowest signal of the last ten seconds took from being read to its outcome, or has waited until now where
   * one waits for longer. Milliseconds.
   */
  lagMs: number;
}

/** A run under way, from `startIngest`. */
interface StartedIngest {
  /** One for each signal, in the order of the input; to be iterated once. */
  items(): AsyncIterable<IngestItem>;
  /** Complete once the items have ended. */
  readonly summary: IngestSummary;
  /** The input was not read to its end. */
  readonly wasCut: boolean;
  /** How fast it is by now. */
  readonly pace: Pace;
  /** What stands before a request's name where its kind is named too. */
  requestPrefix: string;
  /**
   * Releases every lock, ends the watches, writes trace, metrics and checkpoint. Resolves with what could not be written of those,
   * OUTPUT_FAILED each: no reason to take what was done for undone.
   */
  close(): Promise<RemedyError[]>;
}
/**
 * Begins a run: the RemediationRequests that the gateway would make of alerts and events, each once. Nothing is read
 * before its items are asked for; `close` is to be called in the end.
 * @throws INVALID_OPTION for a decision clock that would write to a cluster; GROUP_NOT_SERVED and what discovery throws;
 * OUTPUT_FAILED for files that cannot be; what `confirm` throws
 */
declare function startIngest(options: IngestOptions): Promise<StartedIngest>;

/** What is known of a failure of which only a record is left; at least one of them. */
interface FailureFacts {
  readonly status?: number | undefined;
  readonly reason?: string | undefined;
  readonly errno?: string | undefined;
  /** The class that was given to it when it was recorded; read where neither status, reason nor errno is left. */
  readonly type?: FailureType | undefined;
  readonly message?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}
/** What a recorded failure is classified by. */
type ClassifiedBy = 'status' | 'reason' | 'errno' | 'type' | 'text' | 'nothing';
/** Which of the facts decided the class. */
declare function classifiedBy(facts: FailureFacts): ClassifiedBy;

/** Why a wait is as long as it is: the policy's, the server's, or cut to the policy's bounds. */
type WaitReason = 'planned' | 'retryAfter' | 'clamped';
/** One request of one side. Times are seconds from the beginning of the operation. */
interface SideAttempt {
  attempt: number;
  request?: string;
  /** Absent where a record does not say. */
  atSeconds?: number;
  outcome: 'ok' | 'error';
  error?: {
    type: FailureType;
    status?: number;
    reason?: string;
    errno?: string;
    message: string;
  };
  retryable?: boolean;
  /** What the class was told by: `status`, `reason`, `errno`, `type` (as it was recorded) or `text`. */
  classifiedBy?: ReturnType<typeof classifiedBy>;
  retryAfterSeconds?: number;
  waitSeconds?: number;
  waitReason?: WaitReason;
}
/** What an operation did: as it was recorded, or as it was replayed. */
interface ReplaySide {
  attempts: SideAttempt[];
  /** How often it was tried; one try may take several requests. */
  tries: number;
  /** Absent where a record does not say. */
  result?: 'ok' | 'error';
  /** The final error. */
  error?: {
    message: string;
  };
  totalSeconds?: number;
  /** The observer's calls: 0-based numbers of the tries that were followed by another one. */
  observerCalls: number[];
  /** The wait for a lock ended because a request had appeared meanwhile. */
  endedBy?: 'requestFound';
}

/** What is to hold of every replay, as `attempts<=5` says it. */
interface Expectation {
  text: string;
  holds: (side: ReplaySide) => boolean;
}
/** How often each held. */
declare class ExpectationTally {
  #private;
  constructor(expectations: readonly Expectation[]);
  check(side: ReplaySide, of: string): void;
  get allHold(): boolean;
  results(): {
    expect: string;
    holds: boolean;
    failed: number;
    firstFailed?: string;
  }[];
}

/** What comes after the last recorded outcome. */
type Sequel =
  | 'repeat'
  | 'ok'
  | {
      readonly failure: FailureFacts;
    };

/** A time in which the server fails; it ends before `toMs`. */
interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  /** What it fails with. */
  readonly failure: FailureFacts;
}
/** When a server fails. Times in milliseconds from the beginning of the trace. */
interface OutagePlan {
  readonly outages: readonly Outage[];
  /** How long an answer takes, also one that is a failure. */
  readonly latencyMs: number;
}

/** What is to be different from what was recorded. */
interface ReplaySettings {
  /** In place of the operation's own policy. */
  changePolicy?: ((policy: RetryPolicy) => RetryPolicy) | undefined;
  sequel: Sequel;
  /** In place of recorded outcomes. */
  outage?: OutagePlan | undefined;
}

/** The figures of many replays of one operation, each with other chances. */
interface Distribution {
  runs: number;
  /** Share of the runs that ended well, 0 to 1. */
  successShare: number;
  totalSeconds: Quantiles;
  requests: Quantiles;
  /** Of the total times; a bucket ends before `toSeconds`, the last one with it. */
  histogram: {
    fromSeconds: number;
    toSeconds: number;
    runs: number;
  }[];
}
/** Values that half, nine tenths and 99 hundredths of the runs do not exceed. */
interface Quantiles {
  p50: number;
  p90: number;
  p99: number;
}

/** What many clients that are hit at once send to the server, over time. */
interface RequestStorm {
  clients: number;
  bucketSeconds: number;
  /** Requests that began in each bucket; buckets without any are left out. */
  requests: {
    atSeconds: number;
    requests: number;
  }[];
  total: number;
  /** The most in one bucket. */
  peak: number;
}

/**
 * Why an operation failed: with an error that is not retried, with its attempts used up, because somebody else held
 * the lock, or because its caller or its time ended it.
 */
type Ending = 'notRetried' | 'exhausted' | 'held' | 'stopped';
/** How an operation failed, and with what. */
interface FailedEnd {
  ending: Ending;
  /** Such as `503 service_unavailable`; absent where nothing was asked. */
  failure?: string;
}

/** What became of signals. */
interface SignalCounts {
  created: number;
  duplicate: number;
  failed: number;
}
/** What became of the signals of a trace, and what would become of them in the replay. */
interface SignalTotals {
  total: number;
  recorded: SignalCounts;
  /** `open`: past the step at which they had failed; what would have come then was not recorded. */
  replayed: SignalCounts & {
    open: number;
  };
  /** How those end that fail in the replay, the most frequent first. */
  failures: (FailedEnd & {
    signals: number;
  })[];
}

/** One operation of a trace: what was recorded, and what a replay made of it. */
interface ReplayItem {
  /** Which trace, where there are several. */
  trace?: string;
  id: number | string;
  operation: string;
  object?: string;
  /** The policy that held for the replay; absent where nothing is retried. */
  policy?: Record<string, string | number>;
  /** As it was recorded; of a trace that somebody wrote, as it replays without other settings. */
  recorded: ReplaySide;
  replayed: ReplaySide;
  /** Why the replayed side failed. */
  failed?: FailedEnd;
  differs: boolean;
  differences?: string[];
  distribution?: Distribution;
  storm?: RequestStorm;
}
/** The counts of a run. `totalSeconds` adds up the times of all replayed operations. */
interface ReplaySummary {
  operations: number;
  differing: number;
  ok: number;
  error: number;
  /** Of the replayed side, all together. */
  requests: number;
  totalSeconds: number;
  /** Absent where the trace is none of signals. */
  signals?: SignalTotals;
  expectations: ReturnType<ExpectationTally['results']>;
}

/** What `replayTrace` works with. */
interface ReplayTraceOptions extends Partial<ReplaySettings> {
  /** Of what is left to chance in a replay; default 1. */
  seed?: number;
  /** Replays of each operation, each with other chances; default 1. */
  runs?: number;
  /** Clients that do the same at once; default 1. */
  clients?: number;
  /** Names of the operations to replay; default: all. */
  only?: readonly string[];
  /** What is to hold of the whole; default: nothing. */
  expectations?: readonly Expectation[];
  signal?: AbortSignal;
  /** Told what did not keep the trace from being read. */
  notes?: Pick<Notes, 'warn'>;
}
/** What became of a trace. */
interface ReplayedTrace {
  items: ReplayItem[];
  summary: ReplaySummary;
}
/**
 * Replays the text of a trace, recorded or written by hand, by the code that retries, on a clock that stands still: as it
 * was, or under another policy or outage. docs/retry.md says what a trace is.
 *
 * @throws INVALID_DOCUMENT with every problem of the trace
 */
declare function replayTrace(trace: string, options?: ReplayTraceOptions): Promise<ReplayedTrace>;

export {
  ByteStream,
  CRDCreationError,
  CircuitBreaker,
  CircuitOpenError,
  Clock,
  DeduplicationError,
  ErrorCode,
  HeldLock,
  HeldLocks,
  Identity,
  LeaseLock,
  MockClock,
  Notes,
  OperationError,
  Progress,
  Random,
  RealClock,
  RemedyError,
  RequestFinder,
  RetryError,
  RetryPolicy,
  SeededRandom,
  SettingValues,
  SystemRandom,
  YamlThreads,
  acknowledgeReview,
  buildRemediationRequest,
  classifyFailure,
  classifyText,
  configuredSettings,
  createRemediationRequest,
  creationCircuit,
  decideDeduplication,
  deduplicationState,
  describeLock,
  failureTypes,
  fingerprintInput,
  fingerprintOf,
  givenText,
  isLock,
  isTerminalPhase,
  isTransient,
  leaseName,
  lockPrefix,
  nameOptions,
  normalizeSignals,
  observeLock,
  optionName,
  parseSignals,
  readDocuments,
  readRequest,
  recordDuplicate,
  recordDuplicateSettling,
  recordFirstOccurrence,
  replayTrace,
  requestName,
  requireReview,
  retry,
  settleUncertainCreate,
  signalParser,
  startIngest,
  stateNames,
  summarizeRequest,
  thisMachine,
  watchStates,
  withLock,
};
export type {
  Acknowledgement,
  AcknowledgementAccess,
  AcquireOptions,
  BuildOptions,
  CircuitState,
  ConsideredRequest,
  CreatedRequest,
  CreationOptions,
  CreationPlan,
  CreationResult,
  DecisionFacts,
  DecisionReason,
  DeduplicationDecision,
  DeduplicationFacts,
  DeduplicationRecord,
  DeduplicationState,
  DocumentInput,
  Failure,
  FailureType,
  HistoryEntry,
  IngestItem,
  IngestOptions,
  IngestOutcome,
  IngestSettings,
  IngestSummary,
  ItemError,
  Lease,
  LeaseLockOptions,
  LeaseSpec,
  LeftLease,
  LockContention,
  LockObservation,
  LockRecord,
  LockState,
  LockView,
  LockWaitEnded,
  Machine,
  MachineOptions,
  NamedInput,
  NormalizeOptions,
  NormalizedItem,
  NormalizedSignal,
  Notice,
  OccurrenceResult,
  ParseOptions,
  ParsedItem,
  ParsedSignal,
  ReadDocument,
  ReadOptions,
  Reason,
  RecordedOccurrence,
  RefusedItem,
  ReleaseOutcome,
  RemediationRequest,
  ReplayItem,
  ReplaySummary,
  ReplayTraceOptions,
  ReplayedTrace,
  RequestAccess,
  RequestReference,
  RequestSummary,
  RetryEvent,
  RetryOptions,
  ScopeFacts,
  SettledCreation,
  SignalItem,
  SignalSource,
  SourceDocument,
  StaleOccurrence,
  StartedIngest,
  StateChange,
  StateName,
  StateWatchOptions,
  TargetResource,
  TryOptions,
  UncertainCreation,
  UnderLock,
  UnreadableDocument,
  UnrecordedOccurrence,
};

type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : { readonly aborted: boolean; readonly reason: any; throwIfAborted(): void };
