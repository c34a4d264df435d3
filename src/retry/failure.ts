/** The error types of the gateway, as they appear in its errors and metrics. */
export const failureTypes = [
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
] as const;

/** The gateway's names for kinds of failures. */
export type FailureType = (typeof failureTypes)[number];

/** What a failure is, and whether trying again may help. */
export interface Failure {
  readonly type: FailureType;
  readonly retryable: boolean;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number;
}

const transientTypes: ReadonlySet<FailureType> = new Set([
  'rate_limited',
  'service_unavailable',
  'gateway_timeout',
  'timeout',
  'network_error',
]);

/** Whether a failure of this type may pass by itself. */
export function isTransient(type: FailureType): boolean {
  return transientTypes.has(type);
}
