import {
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  VersionApi,
} from './client-node.js';

/** Every stable error code, each with what it means in the shell's table, of which docs/errors.md is made. */
declare const errorCodes: readonly [
  'USAGE',
  'INVALID_OPTION',
  'CONFIG_INVALID',
  'CONFIG_NOT_FOUND',
  'READ_ONLY_PROFILE',
  'NEEDS_YES',
  'DECLINED',
  'INPUT_NOT_FOUND',
  'INPUT_UNREADABLE',
  'INVALID_DOCUMENT',
  'UNKNOWN_FORMAT',
  'DOCUMENT_TOO_LARGE',
  'EMPTY_INPUT',
  'NO_TARGET',
  'INVALID_FIELD',
  'RESOLVED_ALERT',
  'SUPPRESSED',
  'PENDING_ALERT',
  'OTHER_ALERT',
  'NORMAL_EVENT',
  'OWN_EVENT',
  'DELETED_EVENT',
  'BOOKMARK_EVENT',
  'STALE',
  'UNMANAGED',
  'OWNER_NOT_FOUND',
  'OWNER_LOOKUP_FAILED',
  'SCOPE_LOOKUP_FAILED',
  'REMOTE_CLUSTER',
  'OTHER_FINGERPRINT_ACTIVE',
  'GATEWAY_REFUSED',
  'GATEWAY_DROPPED',
  'AMBIGUOUS_KEY',
  'LOCK_HELD',
  'LOCK_TIMEOUT',
  'LOCK_NOT_ACQUIRED',
  'LOCK_LOST',
  'LOCK_FAILED',
  'COMMAND_NOT_STARTED',
  'CREATION_FAILED',
  'DEDUPLICATION_FAILED',
  'STATUS_NOT_PERSISTED',
  'NOT_IN_REVIEW',
  'REQUEST_CHANGED',
  'REVIEW_WRITTEN_BACK',
  'RETRIES_EXHAUSTED',
  'CIRCUIT_OPEN',
  'API_ERROR',
  'FORBIDDEN',
  'QUOTA_EXCEEDED',
  'ADMISSION_DENIED',
  'NAMESPACE_TERMINATING',
  'NOT_FOUND',
  'UNREACHABLE',
  'TIMEOUT',
  'SERVER_LOST',
  'ABORTED',
  'GROUP_NOT_SERVED',
  'KUBECONFIG_INVALID',
  'CREDENTIALS_FAILED',
  'REMOTE_ERROR',
  'OUTCOME_UNKNOWN',
  'PLAN_CHANGED',
  'PLAN_RUNNING',
  'PLAN_UNFINISHED',
  'PLAN_FINISHED',
  'REMEDY_MISSING',
  'SQLITE_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'STORE_READ_ONLY',
  'STORE_FULL',
  'STORE_CORRUPT',
  'STORE_LOST',
  'STORE_TOO_NEW',
  'STORE_BUSY',
  'ADDRESS_UNAVAILABLE',
  'CHECKPOINT_UNUSABLE',
  'OUTPUT_FAILED',
  'INTERRUPTED',
];
/** What callers branch on; docs/errors.md says of each what it means. */
type ErrorCode = (typeof errorCodes)[number];

/** What an error tells beside its sentence. */
interface RemedyErrorOptions {
  /** What to do next, one sentence or a command. */
  hint?: string | undefined;
  /** Structured facts for `-o json`; never a secret. */
  details?: Record<string, unknown> | undefined;
  cause?: unknown;
}
/**
 * The one base of every error that remedyctl raises on purpose. Callers branch on `code`, never on the
 * message; anything thrown that is not a RemedyError is a bug and exits 70.
 */
declare class RemedyError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown> | undefined;
  constructor(code: ErrorCode, message: string, options?: RemedyErrorOptions);
}
/** The text of anything thrown, for a sentence that explains a cause. */
declare function messageOf(thrown: unknown): string;

/** What work says beside its result, for a person who waits; none of it is part of any contract. */
interface Notes {
  /** Worth a line. */
  say(text: string): void;
  /** Said once in a run, however often it happens. */
  sayOnce(text: string): void;
  warn(text: string): void;
  /** For those who want to know more. */
  detail(text: string): void;
}
/** How far long work has come. */
interface Progress {
  start(text: string): void;
  /** New text, such as a count; asked for when it is shown. */
  update(text: () => string): void;
  /** Shown in place of what `update` says, until it is taken back. */
  hold(text: (() => string) | undefined): void;
  stop(): void;
}
/** For whoever wants to hear nothing. */
declare const silentNotes: Notes;
/** For whoever wants to see nothing. */
declare const silentProgress: Progress;

/** What a setting holds and how it is written. The zod schema of the file is made from the same. */
type SettingType =
  | {
      readonly kind: 'text';
      readonly pattern?: RegExp;
      readonly like: string;
    }
  | {
      readonly kind: 'path';
      readonly like: string;
    }
  | {
      readonly kind: 'list';
      readonly like: string;
    }
  | {
      readonly kind: 'choice';
      readonly choices: readonly string[];
    }
  | {
      readonly kind: 'boolean';
    }
  | {
      readonly kind: 'integer';
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: 'duration';
      readonly minMs: number;
      readonly maxMs: number;
    }
  /** As `duration`, and whole seconds without a unit. */
  | {
      readonly kind: 'timeout';
      readonly minMs: number;
      readonly maxMs: number;
    }
  | {
      readonly kind: 'size';
      readonly min: number;
      readonly max: number;
    };
/** One setting: what it holds, what it means, and what may set it. */
interface Setting<T> {
  readonly type: SettingType;
  /** For `config init` and the docs. */
  readonly description: string;
  /** The name of the flag, without dashes; absent when there is none. */
  readonly flag?: string;
  /** Environment variables beside the REMEDYCTL_ one, which comes first. */
  readonly alsoEnvironment?: readonly string[];
  /** Safety settings come from the file only: no stray variable may lift them. */
  readonly fileOnly?: boolean;
  readonly default: T;
}

/** Every setting, by its place in the configuration file (dots are nesting). Durations are milliseconds, sizes bytes. */
declare const settings: {
  namespace: Setting<string>;
  leaseNamespace: Setting<string | undefined>;
  target: Setting<'auto' | 'cluster' | 'embedded'>;
  store: Setting<string | undefined>;
  kubeconfig: Setting<string | undefined>;
  context: Setting<string | undefined>;
  cluster: Setting<string | undefined>;
  user: Setting<string | undefined>;
  as: Setting<string | undefined>;
  asGroup: Setting<readonly string[]>;
  requestTimeout: Setting<number>;
  output: Setting<string>;
  color: Setting<'auto' | 'always' | 'never'>;
  readOnly: Setting<boolean>;
  confirm: Setting<'none' | 'typed'>;
  'retry.creation.maxAttempts': Setting<number>;
  'retry.creation.initial': Setting<number>;
  'retry.creation.max': Setting<number>;
  'lock.durationSeconds': Setting<number>;
  'lock.wait': Setting<number | undefined>;
  'ingest.concurrency': Setting<number>;
  'ingest.maxDocument': Setting<number>;
  'ingest.signalTimeout': Setting<number>;
  'ingest.giveUpAfter': Setting<number>;
  'ingest.clusterIdScope': Setting<'local' | 'refuse'>;
  'ingest.skipScopeCheck': Setting<boolean>;
  'ingest.strictResource': Setting<boolean>;
  'ingest.labelAs': Setting<readonly string[]>;
  'ingest.prefer': Setting<readonly string[]>;
  'ingest.targetChoice': Setting<'corrected' | 'gateway'>;
  'from.username': Setting<string | undefined>;
  'from.passwordFile': Setting<string | undefined>;
  'from.tokenFile': Setting<string | undefined>;
  'from.caFile': Setting<string | undefined>;
  'from.insecure': Setting<boolean>;
  'gateway.url': Setting<string | undefined>;
  'gateway.tokenFile': Setting<string | undefined>;
  'gateway.serviceAccount': Setting<string | undefined>;
  'gateway.caFile': Setting<string | undefined>;
  'gateway.timeout': Setting<number>;
  'plan.env': Setting<readonly string[]>;
  'plan.duplicateWithin': Setting<string>;
  'pagerduty.url': Setting<string>;
  'pagerduty.from': Setting<string | undefined>;
  'pagerduty.tokenFile': Setting<string | undefined>;
  'pagerduty.silentPolicy': Setting<string | undefined>;
  'pagerduty.escalationLevel': Setting<number>;
  'ocm.url': Setting<string>;
  'ocm.tokenUrl': Setting<string>;
  'ocm.tokenFile': Setting<string | undefined>;
  'ocm.clientId': Setting<string | undefined>;
  'ocm.clientSecretFile': Setting<string | undefined>;
  'backplane.url': Setting<string | undefined>;
  'remote.timeout': Setting<number>;
};
/** The place of a setting in the configuration file. */
type SettingKey = keyof typeof settings;
type ValueOf<S> = S extends Setting<infer T> ? T : never;
/** Every value, after defaults: `leaseNamespace` and `store` are always known. */
type SettingValues = {
  readonly [K in SettingKey]: ValueOf<(typeof settings)[K]>;
} & {
  readonly leaseNamespace: string;
  readonly store: string;
};

/** A stream such as stdin; one that can be destroyed is, when reading stops before its end. */
interface ByteStream extends AsyncIterable<Uint8Array> {
  destroy?(): unknown;
}

/** Time as the domain sees it; nothing below the edge reads another clock or sleeps by itself. */
interface Clock {
  /** Wall clock, milliseconds since the epoch. */
  now(): number;
  /** A clock that never goes back, milliseconds from an arbitrary start. */
  monotonicMs(): number;
  /**
   * Resolves after `ms` milliseconds (at once for zero and less).
   * Rejects with `signal.reason` as soon as the signal aborts, leaving no timer behind.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

type Environment$1 = Readonly<Record<string, string | undefined>>;

/** A credential plugin to run, with everything about it decided. */
interface PluginCommand {
  /** An absolute path, or a name to look for in PATH. */
  command: string;
  args: readonly string[];
  env: Environment$1;
  /** The plugin may talk to the user: it inherits stdin. Its stderr is always the user's. */
  interactive: boolean;
  /** It is killed after this many milliseconds; 0 or absent: never. */
  timeoutMs?: number | undefined;
  /** Kills it when it aborts; a plugin that starts later is none of its business. */
  signal?: AbortSignal | undefined;
}
/** How a credential plugin ended. */
interface PluginResult {
  stdout: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** Why it was killed: it took longer than `timeoutMs`, or printed more than any credential has. */
  killed?: 'timeout' | 'output' | undefined;
}
/** What reaching a cluster needs of the machine; nothing in this folder reads it by itself. */
interface KubeHost {
  env: Environment$1;
  homeDirectory: string;
  clock: Clock;
  /** A terminal is on stdin and nothing else of this run reads it. */
  stdinIsTerminal: () => boolean;
  /** How long a credential plugin may take, in milliseconds; 0 or absent: for ever. */
  pluginTimeoutMs?: number | undefined;
  /** Ends what waits when it aborts: a file nobody writes, a credential plugin. What begins later goes on. */
  signal?: AbortSignal | undefined;
  /** UTF-8 text, or marked UTF-16; rejects with Node's errno errors. */
  readFile(path: string): Promise<string>;
  /** Rejects with Node's errno errors when the program cannot start. */
  runPlugin(command: PluginCommand): Promise<PluginResult>;
}

/** Who works here, for lock holders and the audit trail. */
interface Identity {
  user: string;
  host: string;
  pid: number;
}
type Environment = Readonly<Record<string, string | undefined>>;
/** This process. A container without an entry for its user has no name; then `USER`, then the number. */
declare function identityOf({ env }: { env: Environment }): Identity;

/** Chance as the domain sees it: seeded in tests and replays, the system's in production. */
interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A version 4 UUID in lower case. */
  uuid(): string;
}

/** How the nominal wait grows from one attempt to the next. */
type Growth = 'exponential' | 'quadratic' | 'constant';
/** How waits grow from one attempt to the next; times in milliseconds. */
interface BackoffShape {
  /** The first nominal wait, milliseconds; also the lower bound of every wait. */
  readonly initialMs: number;
  /** The upper bound of every wait, milliseconds; `Infinity` for none. */
  readonly maxMs: number;
  /** Factor between two waits; read by `exponential` growth only. */
  readonly multiplier: number;
  /** Fraction of the nominal wait by which a wait may differ from it, 0 to 1. */
  readonly jitter: number;
  /** Default `exponential`. */
  readonly growth?: Growth;
  /** Whether jitter goes both ways from the nominal wait or only lengthens it. Default `around`. */
  readonly spread?: 'around' | 'above';
}
interface WaitBounds {
  readonly minMs: number;
  readonly nominalMs: number;
  readonly maxMs: number;
}
/**
 * The wait after attempt number `attempt` (from 1) has failed, milliseconds. Reckoned in whole
 * nanoseconds as the gateway's Go code does, so that the bounds are the same to the last digit.
 */
declare function delayAfter(shape: BackoffShape, attempt: number, random: Random): number;
/** The wait without jitter, milliseconds. Before the first attempt it is the initial one. */
declare function nominalDelay(shape: BackoffShape, attempt: number): number;
/** What the wait after attempt number `attempt` can be: `maxMs` is approached, and reached only where it is capped. */
declare function delayBounds(shape: BackoffShape, attempt: number): WaitBounds;

/** How often something is tried and how long is waited in between; times in milliseconds. */
interface RetryPolicy extends BackoffShape {
  /** Attempts in all, the first included; `Infinity` for as long as the caller's signal allows. */
  readonly maxAttempts: number;
}
/** What the creation of a RemediationRequest may be set to. */
declare const creationRetryLimits: {
  readonly maxAttempts: {
    readonly min: 1;
    readonly max: 10;
  };
  readonly initialMs: {
    readonly max: 5000;
  };
  readonly maxMs: {
    readonly max: 30000;
  };
};
/** Creation of a RemediationRequest: 3 attempts, 100 ms doubled up to 5 s, ±10 %. */
declare const creationRetry: RetryPolicy;
/** Waiting for another holder's lock: 10 tries, 100 ms doubled up to 1 s, ±10 %. */
declare const lockContention: RetryPolicy;
/**
 * Conflicting writes of a status (the gateway's GatewayRetryBackoff): 4 steps, 10 ms times 5, each up to
 * 10 % longer. The values are DefaultBackoff of k8s.io/client-go/util/retry; the cap is its last wait at
 * its longest, so that whoever goes on beyond 4 steps keeps to it.
 */
declare const statusUpdate: RetryPolicy;
/**
 * Actions of a plan: 3 retries, attempt^2 seconds (1, 4, 9), each up to 5 % longer. Never shorter: who reads 1, 4, 9
 * counts on that much rest for the system.
 */
declare const planActions: RetryPolicy;
/** The same waits without a last attempt: only the caller's signal ends it. */
declare function withoutLastAttempt(policy: RetryPolicy): RetryPolicy;
/**
 * Everything that is wrong with a policy, each a sentence that names the field; empty when it can be run.
 * Limits are checked together: an initial wait above the longest one is a contradiction, not a clamp.
 */
declare function policyProblems(policy: RetryPolicy): string[];
/** The default creation policy with some values replaced. Throws CONFIG_INVALID naming every problem. */
declare function creationRetryWith(
  settings: Partial<Pick<RetryPolicy, 'maxAttempts' | 'initialMs' | 'maxMs'>>,
): RetryPolicy;

/** Of metav1.ObjectMeta what any object may lack. */
interface OptionalMeta {
  namespace?: string;
  generateName?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
}
/** metav1.ObjectMeta as JSON carries it; only what remedyctl reads is named. */
interface ObjectMeta extends OptionalMeta {
  name: string;
  ownerReferences?: OwnerReference[];
  [field: string]: unknown;
}
/** metav1.OwnerReference. */
interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}
/** Any Kubernetes object. */
interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}
/** A list as the API has it, or one chunk of it. */
interface KubeList<T extends KubeObject = KubeObject> {
  apiVersion?: string;
  kind?: string;
  metadata: {
    resourceVersion?: string;
    continue?: string;
    remainingItemCount?: number;
  };
  items: T[];
}
/** metav1.Status: the body of every error answer of an API server. */
interface ApiStatus {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}
/** metav1.StatusDetails. */
interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: {
    reason?: string;
    message?: string;
    field?: string;
  }[];
  retryAfterSeconds?: number;
}
/** One served resource, as discovery describes it. */
interface ApiResource {
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Plural, as in paths. */
  plural: string;
  singular: string;
  kind: string;
  namespaced: boolean;
}
/** `group/version`, or `version` alone for the core group. */
declare function apiVersionOf(resource: Pick<ApiResource, 'group' | 'version'>): string;

/**
 * The one seam: everything that remedyctl asks of a Kubernetes API goes through a `Send`, whether a real
 * API server answers over HTTP or the embedded store answers in process.
 */
type Send = (request: ApiRequest) => Promise<ApiResponse>;
/** One request to a Kubernetes API. */
interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with `/`, query string included, everything percent-encoded. */
  path: string;
  /** Lower-case names. `accept` and `user-agent` are set by the transport where absent. */
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  /** A watch: the transport's own time-out covers the headers only, not the body. */
  stream?: boolean;
  /** Asks for another protocol on the connection; goes with `stream`, and is granted by status 101. */
  upgrade?: 'websocket';
  /**
   * A write that takes effect once however often it is sent: it has a precondition or an identity of its own. Reads are
   * sent again anyway.
   */
  resendable?: boolean;
  /** Whoever asks repeats by a policy of its own: a refusal for the moment is the answer. Default: false. */
  ownRetry?: boolean;
  /** Told before each further attempt, and before the wait for it. */
  onRepeat?: (repeat: RepeatedRequest) => void;
  /** Not on a connection that has been used before. */
  freshConnection?: boolean;
  /** Until the headers, milliseconds, where that is less than the transport's own time-out. */
  headersWithinMs?: number;
}
/** An attempt that failed for the moment, and will be followed by another one. */
interface RepeatedRequest {
  error: Error;
  /** Until the next attempt, milliseconds. */
  waitMs: number;
}
/** What a Kubernetes API answers, errors too: a `Send` rejects only where there is no answer. */
interface ApiResponse {
  status: number;
  /** Lower-case names; a repeated header (`warning`) keeps every value. */
  headers: Record<string, string | string[]>;
  /** Read once. Leaving the loop early closes the connection. */
  body: AsyncIterable<Uint8Array>;
  /** After an upgrade: the connection itself, a Duplex of node:stream, which is the caller's to close. */
  connection?: object;
  /** Takes what the request carried in secret out of a text of the answer; absent where it carried nothing. */
  mask?: (text: string) => string;
  /** The same request was sent before, and may have taken effect then: a 404 or 409 may be about itself. */
  resent?: boolean;
}

/** What was asked of the API server, for the sentence of an error. */
interface ApiCall {
  /** An RBAC verb: get, list, watch, create, update, patch, delete. */
  verb: string;
  /** Plural with group, as in RBAC messages: `leases.coordination.k8s.io`; with `/status` for a subresource. */
  resource: string;
  namespace?: string | undefined;
  objectName?: string | undefined;
  /** The answer's own: what goes from it into an error has no secrets of the request in it. */
  mask?: ApiResponse['mask'] | undefined;
}
interface ApiErrorOptions extends ApiCall {
  httpStatus: number;
  /** The Status body, where the answer carried one. */
  status?: ApiStatus | undefined;
  /** Text in place of the Status' own message. */
  message?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** See `ApiError.resent`. */
  resent?: boolean | undefined;
  hint?: string | undefined;
  cause?: unknown;
}
/**
 * An API server answered, and the answer was an error. Codes: QUOTA_EXCEEDED, ADMISSION_DENIED, NAMESPACE_TERMINATING
 * (whatever the status), FORBIDDEN (any other 403 of the server's own), NOT_FOUND (404), CREDENTIALS_FAILED (401),
 * API_ERROR (everything else: branch on `httpStatus` and `reason`).
 */
declare class ApiError extends RemedyError {
  readonly httpStatus: number;
  /** Status.reason, such as AlreadyExists, Conflict, Expired. */
  readonly reason: string | undefined;
  readonly status: ApiStatus | undefined;
  /** Seconds the server asks to wait: the Retry-After header, else details.retryAfterSeconds. */
  readonly retryAfterSeconds: number | undefined;
  /** The request had been sent before, and may have taken effect then: a 404 or 409 may be about itself. */
  readonly resent: boolean;
  /** The server's own sentence, exactly: what client-go's `err.Error()` gives. */
  readonly serverMessage: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly objectName: string | undefined;
  constructor(given: ApiErrorOptions);
}
interface NetworkErrorOptions {
  /** Upper-case errno such as ECONNREFUSED, ECONNRESET, ETIMEDOUT, ENOTFOUND, or a TLS error's code. */
  errno?: string | undefined;
  /** See `NetworkError.wasKept`. */
  wasKept?: boolean | undefined;
  hint?: string | undefined;
  cause?: unknown;
}
/**
 * No answer, or not all of it: UNREACHABLE (refused, reset, unknown host, TLS, proxy), TIMEOUT
 * (one of the transport's time-outs), ABORTED (the caller's signal; `cause` is its reason).
 */
declare class NetworkError extends RemedyError {
  readonly code: 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED';
  readonly errno: string | undefined;
  /** The connection broke before a byte of an answer, and had been kept from an earlier request. */
  readonly wasKept: boolean;
  constructor(code: 'UNREACHABLE' | 'TIMEOUT' | 'ABORTED', message: string, options?: NetworkErrorOptions);
}
/** Whether the server answered with an error; `reason`: with this one, such as `NotFound`. */
declare function isApiError(thrown: unknown, reason?: string): thrown is ApiError;

/**
 * One watch: newline-delimited JSON events out of a streaming body.
 *
 * Guarantees: events arrive in the server's order, exactly once, however the bytes are cut; memory is bounded
 * by one event; an ERROR event ends the loop with an ApiError (410 for an expired version), a lost connection
 * with a NetworkError; an ordinary end of the stream ends the loop. Leaving the loop, `close()` or the abort
 * signal close the connection.
 * Non-guarantees: it never reconnects. `resourceVersion` is where to resume after an ordinary end.
 */

/** One event of a watch. */
interface WatchEvent<T extends KubeObject = KubeObject> {
  /** A BOOKMARK's object carries kind and metadata.resourceVersion only. */
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: T;
}
/** `closed`: the server ended it in order; `expired`: 410, list again; `left`: the reader went away. */
type WatchCloseReason = 'open' | 'closed' | 'expired' | 'error' | 'left';
interface WatchCall extends ApiCall {
  resourceVersion?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Bytes; texts over this come back empty. Default: none do. */
  longestText?: number | undefined;
}
/** The events of one WATCH, until it ends; `closeReason` then tells why. To be read once. */
declare class WatchStream<T extends KubeObject = KubeObject> implements AsyncIterable<WatchEvent<T>> {
  #private;
  /** Of the last event or bookmark handed out; before the first one, the version the watch began at. */
  resourceVersion: string | undefined;
  closeReason: WatchCloseReason;
  /** Texts of the answer's Warning headers. */
  readonly warnings: string[];
  constructor(response: ApiResponse, call: WatchCall);
  /** Closes the connection; a loop that waits ends. Idempotent. */
  close(): Promise<void>;
  [Symbol.asyncIterator](): AsyncGenerator<WatchEvent<T>, void, undefined>;
}

/**
 * Kubernetes objects over a Send: one request per call, which a Send may repeat; no cache. Only a deletion that was sent
 * twice may take a second one, to see whether the first had done it.
 *
 * Every failure is an ApiError (the server answered) or a NetworkError (it did not); errors that a Send
 * raises on purpose (the embedded store's STORE_* codes) pass unchanged. Objects go out as given and come
 * back as JSON has them, less the fields of a wrong type (answer-shape.ts); nothing is defaulted or validated here.
 */

/** The place of an object; cluster-scoped ones have no namespace. */
interface ObjectKey {
  namespace?: string | undefined;
  name: string;
}
/** What every call takes. */
interface CallOptions {
  signal?: AbortSignal | undefined;
  /**
   * Texts of the answer over this many bytes come back empty, which saves most of the memory where only short
   * fields of large objects are read. Never write such an object back. Default: all texts are whole.
   */
  longestText?: number | undefined;
  /** The caller repeats by a policy of its own: what the server refuses for the moment is thrown at once. */
  ownRetry?: boolean | undefined;
  /** Told before each further attempt of the request. */
  onRepeat?: ApiRequest['onRepeat'];
}
/** What calls that write take. */
interface WriteOptions extends CallOptions {
  /** Sends `dryRun=All`: the server does everything but store it. */
  dryRun?: boolean | undefined;
  fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
  /** The server's own limit for the request, in whole seconds. */
  timeoutSeconds?: number | undefined;
  /** Who is written into managedFields; at most 128 characters. Default: the program, by its User-Agent. */
  fieldManager?: string | undefined;
}
/** What calls that create take. */
interface CreateOptions extends WriteOptions {
  /** Sent twice it is recognised as one: the object says by itself whose it is. */
  recognisable?: boolean | undefined;
}
/** What calls that change an object take; `subresource`: only that part of it is changed. */
interface ChangeOptions extends WriteOptions {
  subresource?: 'status' | undefined;
}
/** What a deletion takes. `preconditions`: it fails with 409 where the object is another one. */
interface DeleteOptions extends CallOptions {
  preconditions?:
    | {
        uid?: string | undefined;
        resourceVersion?: string | undefined;
      }
    | undefined;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  dryRun?: boolean | undefined;
}
/** What a LIST takes, as the API has it. */
interface ListOptions {
  /** Absent: all namespaces. */
  namespace?: string | undefined;
  fieldSelector?: string | undefined;
  labelSelector?: string | undefined;
  limit?: number | undefined;
  continue?: string | undefined;
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan' | undefined;
}
/** What a WATCH takes, as the API has it. */
interface WatchOptions {
  namespace?: string | undefined;
  fieldSelector?: string | undefined;
  labelSelector?: string | undefined;
  /** Where to begin, exclusive; absent: an ADDED for every object there is, then what happens. */
  resourceVersion?: string | undefined;
  resourceVersionMatch?: 'NotOlderThan' | undefined;
  allowWatchBookmarks?: boolean | undefined;
  timeoutSeconds?: number | undefined;
  sendInitialEvents?: boolean | undefined;
}
/** The answer to a write. */
interface Answer<T> {
  object: T;
  /** 200 or 201: a PUT of a missing Lease creates it. */
  httpStatus: number;
  /** Texts of the Warning headers. */
  warnings: string[];
}
interface ObjectAccessOptions {
  /** Only for a Retry-After date in an answer without a Date header. */
  clock?: Pick<Clock, 'now'> | undefined;
}
/**
 * Objects of any kind, by resource and key.
 * @throws ApiError, NetworkError, STORE_* of the embedded store
 */
declare class ObjectAccess {
  #private;
  constructor(send: Send, options?: ObjectAccessOptions);
  /** A GET of one object; `isApiError(thrown, 'NotFound')` where there is none. */
  get<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options?: CallOptions,
  ): Promise<T>;
  /** A LIST in one answer, however large; `listPages` is for many objects. */
  list<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options?: ListOptions,
    callOptions?: CallOptions,
  ): Promise<KubeList<T>>;
  /**
   * A LIST in chunks of `limit` (default 500), and of fewer from where an answer exceeds 8 MiB: memory stays bounded
   * however large the objects are. When the server says in the middle that the continue token has
   * expired, it goes on with the token of that answer: complete, but from then on no longer one snapshot (each
   * page's metadata.resourceVersion tells). Without such a token the error stands.
   */
  listPages<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options?: ListOptions,
    callOptions?: CallOptions,
  ): AsyncGenerator<KubeList<T>, void, undefined>;
  /** A POST; the namespace is the object's own. */
  create<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options?: CreateOptions,
  ): Promise<Answer<T>>;
  /** A PUT: the object's metadata.resourceVersion is the precondition. */
  replace<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    object: KubeObject,
    options?: ChangeOptions,
  ): Promise<Answer<T>>;
  /** A JSON merge patch; a metadata.resourceVersion in it is a precondition. */
  mergePatch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    patch: object,
    options?: ChangeOptions,
  ): Promise<Answer<T>>;
  /**
   * The Status of the deletion, or the object itself while finalizers hold it. With a uid among the preconditions it is
   * done, too, where it had to be sent twice and that object is there no more.
   */
  delete<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    key: ObjectKey,
    options?: DeleteOptions,
  ): Promise<ApiStatus | T>;
  /** Resolves when the answer's headers are there; see WatchStream for what follows. */
  watch<T extends KubeObject = KubeObject>(
    resource: ApiResource,
    options?: WatchOptions,
    callOptions?: CallOptions,
  ): Promise<WatchStream<T>>;
  /** One request of a LIST in chunks. */
  protected askPage<T extends KubeObject>(
    resource: ApiResource,
    query: ListOptions,
    callOptions: CallOptions,
  ): Promise<KubeList<T>>;
}

/**
 * One HTTP attempt as it went, without bodies. Nothing secret is in it: credentials are added below this seam, and what an
 * answer repeats of them is masked.
 */
interface Attempt {
  method: ApiRequest['method'];
  path: string;
  /** Wall clock, milliseconds since the epoch. */
  startedAt: number;
  /** Until the body's end; of a watch until its headers. */
  durationMs: number;
  /** As they were given to the transport, which adds credentials and names of its own. */
  sentHeaders: Headers;
  /** Absent when no answer came. */
  status?: number;
  receivedHeaders?: Headers;
  /** The Retry-After header, as it was. */
  retryAfter?: string;
  /** Of a failure that had one; with `status` the body broke off. */
  errno?: string;
  /** UNREACHABLE, TIMEOUT, ABORTED, or the store's code. */
  error?: string;
  /** Status.reason and Status.message of an error answer. */
  reason?: string;
  message?: string;
}
/** Lower-case names; cookies and challenges are left out. */
type Headers = Readonly<Record<string, string>>;
/** The server's clock against ours: its Date header (whole seconds) and our wall clock around the exchange. */
interface ServerDate {
  serverDateMs: number;
  sentAtMs: number;
  receivedAtMs: number;
}

/** How far the API server's clock is ahead of ours (negative: behind), and how wrong that can be. */
interface ClockSkew {
  /** Milliseconds. */
  skewMs: number;
  /** The greatest error of `skewMs`, milliseconds. */
  errorMs: number;
}

/** Which texts get a thread. */
interface YamlThreads {
  /** The built program of a thread; without it, as in the sources, all is read by the main thread. */
  program: string | undefined;
  /** Texts of fewer bytes stay in the main thread. */
  fromBytes: number;
}

/** The generated classes, one for each API that is asked. */
interface ClientNodeApis {
  authorization: AuthorizationV1Api;
  coordination: CoordinationV1Api;
  core: CoreV1Api;
  customObjects: CustomObjectsApi;
  version: VersionApi;
}

/** How RemediationRequest.status is laid out by the schema that is served. */
type StatusLayout = 'nested' | 'flat';
/** RemediationRequests as one server serves them. */
interface ServedRequestKind {
  resource: ApiResource;
  statusLayout: StatusLayout;
  /** Whether the served schema has this field, dotted from the root: `status.deduplication.occurrenceCount`. */
  hasField(path: string): boolean;
}
/** What the API server serves. Every answer is asked for once and kept; a failure is asked for again. */
interface Discovery {
  /** Every served resource, preferred versions first, subresources left out. Two requests as a rule. */
  resources(): Promise<ApiResource[]>;
  /** Where RemediationRequests are. One request as a rule. Errors: GROUP_NOT_SERVED. */
  requestResource(): Promise<ApiResource>;
  /** The same with the served schema. Two requests as a rule. Errors: GROUP_NOT_SERVED. */
  remediationRequests(): Promise<ServedRequestKind>;
}
/** Discovery of the server behind a `Send`; nothing is asked before somebody wants to know. */
declare function serverDiscovery(send: Send): Discovery;

/** What chooses in a kubeconfig and overrides it. */
interface KubeconfigChoice {
  /** Named for this run: must exist, and KUBECONFIG no longer counts. */
  path?: string | undefined;
  context?: string | undefined;
  cluster?: string | undefined;
  user?: string | undefined;
  as?: string | undefined;
  asGroups?: readonly string[] | undefined;
  /** Where these come from, for errors: `flag --context`. */
  origins?: Readonly<Partial<Record<'path' | 'context' | 'cluster' | 'user', string>>> | undefined;
}

/**
 * The one rule by which a request is sent again, for whatever it asks and whoever does.
 *
 * - A 429, and a 5xx that carries Retry-After, is repeated up to ten times after the wait that was asked for, as by
 *   client-go and so by kubectl: any verb, since who asks for patience has refused, and what a server that gave up in
 *   the middle may have done all the same is told by `resent`.
 * - A request that cannot take effect twice (a read, a write with a precondition or an identity of its own) is also
 *   repeated where there was no answer, up to three times after 100, 200 and 400 ms: the connection broke, or a 502,
 *   503 or 504 without Retry-After came, which is what stands in front of a server says when nobody answers behind it.
 *   On a connection that had been kept from an earlier request the first repetition goes at once, on a new one: the
 *   other side had closed it while nothing was asked, as balancers do.
 * - A wait that would not end within the request time-out, or before the deadline of the request's own signal
 *   (`deadlineOf`), is not begun: the last answer is the answer. So is one over `longestAskedWaitMs`.
 *
 * Guarantees: an answer that is not handed on has been read to its end. Each attempt passes the Send below, so it is
 * recorded by itself. The request's signal ends a wait at once, or else the client's own.
 * Non-guarantees: a body that breaks off is not asked for again. With `ownRetry` only a kept connection is.
 */

/** A wait before a request is sent again. */
interface RequestWait {
  /** Milliseconds. */
  waitMs: number;
  /** That this request has waited before, milliseconds. */
  waitedMs: number;
  /** What the last attempt came to. */
  error: ApiError | NetworkError;
  /** Whether the server asked for it. */
  isAsked: boolean;
}

/** Where a command ran: the `target` of machine-readable results. */
type TargetDescription =
  | {
      kind: 'cluster';
      /** Absent for a pod's own credentials. */
      context?: string;
      server: string;
      /** Where requests and leases live. */
      namespace: string;
    }
  | {
      kind: 'embedded';
      store: string;
      namespace: string;
    };
/** What `connect` goes by. */
interface ConnectOptions {
  /** `auto`: the cluster where a context or in-cluster credentials name one, else the embedded store. */
  target: 'auto' | 'cluster' | 'embedded';
  namespace: string;
  kubeconfig?: KubeconfigChoice | undefined;
  /**
   * For one request, milliseconds: until the headers of its last attempt, waits between its attempts included, and
   * between two pieces of a body. Default 30,000; 0 is without limit.
   */
  requestTimeoutMs?: number | undefined;
  store: {
    directory: string;
  };
  /** Of this program, for the User-Agent. */
  version: string;
  host: KubeHost;
  random: Random;
  /** Every HTTP attempt, when it has ended. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Before a request is sent again: what for, and in how long. */
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** Every Date header, for measuring clock skew. */
  onServerDate?: ((date: ServerDate) => void) | undefined;
}
/** A connection to a Kubernetes API, be it of a cluster or of the embedded store; to be closed in the end. */
interface KubeClient {
  target: TargetDescription;
  /** Repeats what was refused for the moment, or got no answer (docs/kubernetes-client.md). */
  send: Send;
  /** One HTTP attempt a call. */
  sendOnce: Send;
  /** Repeats over another Send as `send` does over `sendOnce`. */
  repeating(send: Send): Send;
  objects: ObjectAccess;
  discovery: Discovery;
  /** The generated classes of @kubernetes/client-node over `send`; loads them. */
  clientNodeApis(): Promise<ClientNodeApis>;
  /** Cuts requests and watches under way. Idempotent. */
  close(): Promise<void>;
}
/**
 * The one client factory. No request is sent yet; a cluster that is down shows at the first one.
 * Errors: KUBECONFIG_INVALID, CONFIG_NOT_FOUND, CREDENTIALS_FAILED; STORE_* for the embedded store.
 */
declare function connect(options: ConnectOptions): Promise<KubeClient>;

/**
 * What there is, and every event after it, for as long as somebody looks: a LIST, a WATCH from there, and both again
 * as often as need be.
 *
 * Guarantees: begins with a listing; after it come the server's events in their order. The ordinary end of a watch, a
 * lost connection and a server that is busy (429, 5xx) are resumed where the watch ended, without repeating or leaving
 * out an event. After an expired version (410) everything is listed again. Waits between failures grow from 0.5 s to
 * 15 s, are never shorter than Retry-After asks for, and a server that ends every watch at once is not asked more
 * often than one that fails. A watch that brings nothing for 90 s, not even a bookmark (an API server sends one a minute),
 * is taken for dead, as behind a balancer that forgot the connection: it is opened again where it was. Where that is how
 * the server is (no bookmarks, nothing happens), it is told once, until the server is heard again.
 * Non-guarantees: what happened between an expired version and the next listing is not told as events (ObjectChanges
 * finds out); a listing that breaks off begins anew, with another LISTING.
 */

/** A listing piece by piece, or one event after it. */
type ListWatchEvent<T extends KubeObject = KubeObject> =
  /** A listing begins; what earlier ones said no longer counts once it is complete. */
  | {
      type: 'LISTING';
    }
  | {
      type: 'PAGE';
      items: T[];
    }
  /** The listing is complete; a watch from its version tells what comes after it. */
  | {
      type: 'LISTED';
      resourceVersion?: string | undefined;
    }
  | {
      type: 'ADDED' | 'MODIFIED' | 'DELETED';
      object: T;
    }
  /** Where asked for: a watch from this version tells nothing again that was told before. */
  | {
      type: 'BOOKMARK';
      resourceVersion: string;
    };
/** Where a listing and its events come from. */
interface ListWatchSource<T extends KubeObject = KubeObject> {
  pages(signal: AbortSignal): AsyncIterable<KubeList<T>>;
  watch(resourceVersion: string | undefined, signal: AbortSignal): Promise<WatchStream<T>>;
}
/** Which objects of a resource are looked at. */
interface WatchScope {
  /** Absent: every namespace. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}
/** A failure that looking again may mend. */
type PassingFailure = ApiError | NetworkError;
/** How long the server has not answered. */
interface Interruption {
  /** How many failures there have been since the server last answered, this one included. */
  failures: number;
  /** Until it is asked again. */
  waitMs: number;
}
/** What looking on goes by. */
interface ListWatchOptions {
  clock: Clock;
  random: Random;
  signal: AbortSignal;
  /** A version that an earlier look came to: begins with a watch from there instead of a listing. */
  from?: string | undefined;
  /** Tells BOOKMARKs too. Default: false. */
  bookmarks?: boolean;
  /** The server does not answer; it is asked again until it does. Told for each failure. */
  onLost?: (failure: PassingFailure, interruption: Interruption) => void;
  /** It answers again. */
  onResumed?: () => void;
}
/** The objects of a resource. Texts over `longestText` bytes come back empty (default: none do). */
declare function sourceOf<T extends KubeObject>(
  objects: ObjectAccess,
  resource: ApiResource,
  scope: WatchScope,
  options?: Pick<CallOptions, 'longestText'>,
): ListWatchSource<T>;
/**
 * Ends when the signal aborts or the reader leaves. Throws what the first LIST throws, and refusals (403). With `from`
 * the first WATCH is survived as every other one.
 */
declare function listAndWatch<T extends KubeObject>(
  source: ListWatchSource<T>,
  options: ListWatchOptions,
): AsyncGenerator<ListWatchEvent<T>, void, void>;

/** What the answers of a server tell beside their bodies: how far its clock is from ours. */
declare class ServerObservation {
  #private;
  /** To be given to the client. */
  readonly observers: Pick<ConnectOptions, 'onServerDate'>;
  /** The best estimate so far; undefined before the first dated answer. */
  clockSkew(): ClockSkew | undefined;
}

/** One thing that is wrong with the configuration. */
interface ConfigProblem {
  /** Where, to begin a line with: `config.yaml:3:5`, `--namespace`, `REMEDYCTL_NAMESPACE`. */
  readonly where: string;
  readonly field?: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The nearest known key. */
  readonly suggestion?: string;
}

export {
  ApiError,
  NetworkError,
  ObjectAccess,
  RemedyError,
  ServerObservation,
  WatchStream,
  apiVersionOf,
  connect,
  creationRetry,
  creationRetryLimits,
  creationRetryWith,
  delayAfter,
  delayBounds,
  errorCodes,
  identityOf,
  isApiError,
  listAndWatch,
  lockContention,
  messageOf,
  nominalDelay,
  planActions,
  policyProblems,
  serverDiscovery,
  silentNotes,
  silentProgress,
  sourceOf,
  statusUpdate,
  withoutLastAttempt,
};
export type {
  Answer,
  ApiCall,
  ApiRequest,
  ApiResource,
  ApiResponse,
  ApiStatus,
  Attempt,
  BackoffShape,
  ByteStream,
  CallOptions,
  ChangeOptions,
  ClientNodeApis,
  Clock,
  ClockSkew,
  ConfigProblem,
  ConnectOptions,
  CreateOptions,
  DeleteOptions,
  Discovery,
  ErrorCode,
  Growth,
  Identity,
  Interruption,
  KubeClient,
  KubeHost,
  KubeList,
  KubeObject,
  KubeconfigChoice,
  ListOptions,
  ListWatchEvent,
  ListWatchOptions,
  ListWatchSource,
  Notes,
  ObjectKey,
  ObjectMeta,
  OwnerReference,
  PassingFailure,
  PluginCommand,
  PluginResult,
  Progress,
  Random,
  RemedyErrorOptions,
  RepeatedRequest,
  RequestWait,
  RetryPolicy,
  Send,
  ServedRequestKind,
  ServerDate,
  SettingValues,
  StatusLayout,
  TargetDescription,
  WatchEvent,
  WatchOptions,
  WriteOptions,
  YamlThreads,
};

type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } }
  ? T
  : { readonly aborted: boolean; readonly reason: any; throwIfAborted(): void };
