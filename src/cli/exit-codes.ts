import type { ErrorCode } from '../errors/error-codes.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Interruption } from './runtime.ts';

/** What every exit code means. The domain knows none of them. */
export const exitCodes = {
  done: 0,
  error: 1,
  usage: 2,
  differs: 3,
  partial: 4,
  locked: 5,
  declined: 6,
  bug: 70,
  /** As shells have it: a command that is there and cannot be executed. */
  notExecutable: 126,
  /** A command that is not there. */
  commandNotFound: 127,
  /** As shells count a death by SIGHUP, which it is. */
  hungUp: 129,
  interrupted: 130,
  terminated: 143,
} as const;

const { error, usage, differs, locked, declined, interrupted } = exitCodes;

/** The one table from error codes to exit codes. */
export const exitCodeByError: Readonly<Record<ErrorCode, number>> = {
  USAGE: usage,
  INVALID_OPTION: usage,
  CONFIG_INVALID: usage,
  CONFIG_NOT_FOUND: usage,
  READ_ONLY_PROFILE: declined,
  NEEDS_YES: declined,
  DECLINED: declined,
  INPUT_NOT_FOUND: usage,
  INPUT_UNREADABLE: usage,
  INVALID_DOCUMENT: usage,
  UNKNOWN_FORMAT: usage,
  DOCUMENT_TOO_LARGE: usage,
  EMPTY_INPUT: usage,
  NO_TARGET: usage,
  INVALID_FIELD: usage,
  RESOLVED_ALERT: usage,
  SUPPRESSED: usage,
  PENDING_ALERT: usage,
  OTHER_ALERT: usage,
  NORMAL_EVENT: usage,
  OWN_EVENT: usage,
  DELETED_EVENT: usage,
  BOOKMARK_EVENT: usage,
  STALE: usage,
  UNMANAGED: usage,
  OWNER_NOT_FOUND: usage,
  OWNER_LOOKUP_FAILED: error,
  SCOPE_LOOKUP_FAILED: error,
  REMOTE_CLUSTER: usage,
  OTHER_FINGERPRINT_ACTIVE: usage,
  GATEWAY_REFUSED: usage,
  GATEWAY_DROPPED: usage,
  AMBIGUOUS_KEY: usage,
  LOCK_HELD: locked,
  LOCK_TIMEOUT: locked,
  LOCK_NOT_ACQUIRED: locked,
  LOCK_LOST: locked,
  LOCK_FAILED: error,
  COMMAND_NOT_STARTED: exitCodes.commandNotFound,
  CREATION_FAILED: error,
  DEDUPLICATION_FAILED: error,
  STATUS_NOT_PERSISTED: exitCodes.partial,
  NOT_IN_REVIEW: usage,
  REQUEST_CHANGED: error,
  REVIEW_WRITTEN_BACK: error,
  RETRIES_EXHAUSTED: error,
  CIRCUIT_OPEN: error,
  API_ERROR: error,
  FORBIDDEN: error,
  QUOTA_EXCEEDED: error,
  ADMISSION_DENIED: error,
  NAMESPACE_TERMINATING: error,
  NOT_FOUND: error,
  UNREACHABLE: error,
  TIMEOUT: error,
  SERVER_LOST: error,
  ABORTED: error,
  GROUP_NOT_SERVED: error,
  KUBECONFIG_INVALID: usage,
  CREDENTIALS_FAILED: error,
  REMOTE_ERROR: error,
  PLAN_CHANGED: differs,
  PLAN_RUNNING: locked,
  PLAN_UNFINISHED: declined,
  PLAN_FINISHED: declined,
  REMEDY_MISSING: exitCodes.partial,
  OUTCOME_UNKNOWN: error,
  SQLITE_UNAVAILABLE: error,
  STORE_UNAVAILABLE: error,
  STORE_READ_ONLY: error,
  STORE_FULL: error,
  STORE_CORRUPT: error,
  STORE_LOST: error,
  STORE_TOO_NEW: error,
  STORE_BUSY: error,
  ADDRESS_UNAVAILABLE: error,
  CHECKPOINT_UNUSABLE: usage,
  OUTPUT_FAILED: error,
  INTERRUPTED: interrupted,
};

const exitCodeByInterruption: Readonly<Record<Interruption, number>> = {
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
  'output closed': exitCodes.done,
};

/** The exit code of a run that was stopped from outside. */
export function exitCodeOfInterruption(interruption: Interruption): number {
  return exitCodeByInterruption[interruption];
}

/** The exit code of anything thrown; what is no RemedyError is a bug. */
export function exitCodeOf(thrown: unknown): number {
  return thrown instanceof RemedyError ? exitCodeByError[thrown.code] : exitCodes.bug;
}
