/** Every stable error code, each with a row in docs/errors.md (a test holds the two together). */
export const errorCodes = [
  // usage and configuration
  'USAGE',
  'CONFIG_INVALID',
  'CONFIG_NOT_FOUND',
  'READ_ONLY_PROFILE',
  'NEEDS_YES',
  'DECLINED',
  // input
  'INPUT_NOT_FOUND',
  'INPUT_UNREADABLE',
  'INVALID_DOCUMENT',
  'UNKNOWN_FORMAT',
  'DOCUMENT_TOO_LARGE',
  'EMPTY_INPUT',
  // a signal that is not taken
  'NO_TARGET',
  'INVALID_FIELD',
  'RESOLVED_ALERT',
  'NORMAL_EVENT',
  'DELETED_EVENT',
  'BOOKMARK_EVENT',
  'STALE',
  'UNMANAGED',
  'OWNER_NOT_FOUND',
  'OWNER_LOOKUP_FAILED',
  'SCOPE_LOOKUP_FAILED',
  'REMOTE_CLUSTER',
  // lock
  'AMBIGUOUS_KEY',
  'LOCK_HELD',
  'LOCK_TIMEOUT',
  'LOCK_NOT_ACQUIRED',
  'LOCK_LOST',
  'LOCK_FAILED',
  'COMMAND_NOT_STARTED',
  // request
  'CREATION_FAILED',
  'DEDUPLICATION_FAILED',
  'STATUS_NOT_PERSISTED',
  'NOT_IN_REVIEW',
  'REQUEST_CHANGED',
  'REVIEW_WRITTEN_BACK',
  'RETRIES_EXHAUSTED',
  'CIRCUIT_OPEN',
  // the API server
  'API_ERROR',
  'FORBIDDEN',
  'NOT_FOUND',
  'UNREACHABLE',
  'TIMEOUT',
  'ABORTED',
  'GROUP_NOT_SERVED',
  'KUBECONFIG_INVALID',
  'CREDENTIALS_FAILED',
  // PagerDuty, OCM, Backplane
  'REMOTE_ERROR',
  'OUTCOME_UNKNOWN',
  // the run of a plan
  'PLAN_CHANGED',
  'PLAN_RUNNING',
  'PLAN_UNFINISHED',
  'PLAN_FINISHED',
  'REMEDY_MISSING',
  // the embedded store
  'STORE_UNAVAILABLE',
  'STORE_READ_ONLY',
  'STORE_FULL',
  'STORE_CORRUPT',
  'STORE_TOO_NEW',
  'STORE_BUSY',
  // output
  'OUTPUT_FAILED',
  'INTERRUPTED',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
