import { RemedyError } from '../errors/remedy-error.ts';
import type { BackoffShape } from './backoff.ts';

/** How often something is tried and how long is waited in between; times in milliseconds. */
export interface RetryPolicy extends BackoffShape {
  /** Attempts in all, the first included; `Infinity` for as long as the caller's signal allows. */
  readonly maxAttempts: number;
}

/** What the creation of a RemediationRequest may be set to. */
export const creationRetryLimits = {
  maxAttempts: { min: 1, max: 10 },
  initialMs: { max: 5_000 },
  maxMs: { max: 30_000 },
} as const;

/** Creation of a RemediationRequest: 3 attempts, 100 ms doubled up to 5 s, ±10 %. */
export const creationRetry: RetryPolicy = Object.freeze({
  maxAttempts: 3,
  initialMs: 100,
  maxMs: 5_000,
  multiplier: 2,
  jitter: 0.1,
});

/** Waiting for another holder's lock: 10 tries, 100 ms doubled up to 1 s, ±10 %. */
export const lockContention: RetryPolicy = Object.freeze({
  maxAttempts: 10,
  initialMs: 100,
  maxMs: 1_000,
  multiplier: 2,
  jitter: 0.1,
});

/**
 * Conflicting writes of a status (the gateway's GatewayRetryBackoff): 4 steps, 10 ms times 5, each up to
 * 10 % longer. The values are DefaultBackoff of k8s.io/client-go/util/retry; the cap is its last wait at
 * its longest, so that whoever goes on beyond 4 steps keeps to it.
 */
export const statusUpdate: RetryPolicy = Object.freeze({
  maxAttempts: 4,
  initialMs: 10,
  maxMs: 275,
  multiplier: 5,
  jitter: 0.1,
  spread: 'above',
});

/**
 * Actions of a plan: 3 retries, attempt^2 seconds (1, 4, 9), each up to 5 % longer. Never shorter: who reads 1, 4, 9
 * counts on that much rest for the system.
 */
export const planActions: RetryPolicy = Object.freeze({
  maxAttempts: 4,
  initialMs: 1_000,
  maxMs: Number.POSITIVE_INFINITY,
  multiplier: 1,
  jitter: 0.05,
  spread: 'above',
  growth: 'quadratic',
});

/**
 * An API server that asks for patience (429, or a 5xx with Retry-After): 10 repetitions, as client-go's, each after the
 * wait that was asked for and at least 100 ms, doubled up to 1 s, ±10 %.
 */
export const askedForPatience: RetryPolicy = Object.freeze({
  maxAttempts: 11,
  initialMs: 100,
  maxMs: 1_000,
  multiplier: 2,
  jitter: 0.1,
});

/** What got no answer and cannot take effect twice: 3 repetitions after 100, 200 and 400 ms, ±10 %. */
export const unansweredReads: RetryPolicy = Object.freeze({
  maxAttempts: 4,
  initialMs: 100,
  maxMs: 400,
  multiplier: 2,
  jitter: 0.1,
});

/** Probes of an API server that has stopped answering: 250 ms doubled up to 2 s, ±10 %, until somebody ends it. */
export const outageProbes: RetryPolicy = Object.freeze({
  maxAttempts: Number.POSITIVE_INFINITY,
  initialMs: 250,
  maxMs: 2_000,
  multiplier: 2,
  jitter: 0.1,
});

/** The same waits without a last attempt: only the caller's signal ends it. */
export function withoutLastAttempt(policy: RetryPolicy): RetryPolicy {
  return { ...policy, maxAttempts: Number.POSITIVE_INFINITY };
}

/**
 * Everything that is wrong with a policy, each a sentence that names the field; empty when it can be run.
 * Limits are checked together: an initial wait above the longest one is a contradiction, not a clamp.
 */
export function policyProblems(policy: RetryPolicy): string[] {
  return ownProblems.flatMap((check) => check(policy) ?? []);
}

type Check = (policy: RetryPolicy) => string | undefined;

const ownProblems: readonly Check[] = [
  ({ maxAttempts: value }) =>
    isWholeOrInfinite(value) && value >= 1
      ? undefined
      : `maxAttempts must be a whole number of at least 1, not ${value}`,
  ({ initialMs: value }) =>
    value >= 0 && Number.isFinite(value)
      ? undefined
      : `initial must be a duration of at least 0, not ${value} ms`,
  ({ maxMs: value }) => (value >= 0 ? undefined : `max must be a duration of at least 0, not ${value} ms`),
  ({ initialMs, maxMs }) =>
    initialMs > maxMs ? `initial (${initialMs} ms) must not exceed max (${maxMs} ms)` : undefined,
  ({ multiplier: value }) =>
    value >= 1 && Number.isFinite(value) ? undefined : `multiplier must be at least 1, not ${value}`,
  ({ jitter: value }) =>
    value >= 0 && value <= 1 ? undefined : `jitter must be between 0 and 1, not ${value}`,
];

/** As `policyProblems`, with the limits of the creation of RemediationRequests. */
export function creationPolicyProblems(policy: RetryPolicy): string[] {
  const { maxAttempts, initialMs, maxMs } = creationRetryLimits;
  const problems = policyProblems(policy);
  if (policy.maxAttempts > maxAttempts.max)
    problems.push(`maxAttempts must be at most ${maxAttempts.max}, not ${policy.maxAttempts}`);
  if (policy.initialMs > initialMs.max)
    problems.push(`initial must be at most ${initialMs.max} ms, not ${policy.initialMs} ms`);
  if (policy.maxMs > maxMs.max) problems.push(`max must be at most ${maxMs.max} ms, not ${policy.maxMs} ms`);
  return problems;
}

/** The default creation policy with some values replaced. Throws CONFIG_INVALID naming every problem. */
export function creationRetryWith(
  settings: Partial<Pick<RetryPolicy, 'maxAttempts' | 'initialMs' | 'maxMs'>>,
): RetryPolicy {
  const policy = { ...creationRetry, ...settings };
  const problems = creationPolicyProblems(policy);
  if (problems.length > 0) {
    throw new RemedyError('CONFIG_INVALID', `retry of request creation: ${problems.join('; ')}`, {
      hint: 'Defaults are 3 attempts, initial 100ms, max 5s.',
      details: { problems },
    });
  }
  return policy;
}

function isWholeOrInfinite(value: number): boolean {
  return Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
}
