import { messageOf } from '../errors/remedy-error.ts';
import { classifyFailure } from './classify.ts';
import { redactSecrets } from './redact.ts';
import type { RetryPolicy } from './retry-policy.ts';

/** The version of the format, in the first line of every trace. */
export const traceApiVersion = 'remedyctl.dev/v1';

/** Longer messages are cut, in UTF-16 units. */
const longestMessage = 8_192;

/** The first line of a trace. */
export interface TraceHeader {
  apiVersion: typeof traceApiVersion;
  kind: 'RetryTrace';
  /** RFC 3339, UTC. */
  startedAt: string;
  program: string;
  /** By the name with which operations refer to them; `maxAttempts` and `maxSeconds` absent mean unlimited. */
  policies: Record<string, TracedPolicy>;
}

/** A policy as traces have it; times in seconds. */
export interface TracedPolicy {
  maxAttempts?: number;
  initialSeconds: number;
  maxSeconds?: number;
  multiplier: number;
  jitter: number;
  growth: 'exponential' | 'quadratic' | 'constant';
  spread: 'around' | 'above';
  /** How long it goes on in all; absent: until its attempts are used up. */
  withinSeconds?: number;
}

/** A policy as a trace's writer gives it. */
export interface RecordedPolicy extends RetryPolicy {
  /** No attempt is begun after it, milliseconds. */
  readonly withinMs?: number | undefined;
}

/** An error as traces have it: what it is classified by, and its redacted message. */
export interface TracedError {
  /** The gateway's error type. */
  type: string;
  status?: number;
  reason?: string;
  errno?: string;
  message: string;
}

/** One request, with its times in seconds. */
export interface TracedAttempt {
  /** From 1. */
  attempt: number;
  /** What was asked, such as `get remediationrequests`, where an operation's attempts differ in it. */
  request?: string;
  /** When it began, seconds after its operation did. */
  atSeconds: number;
  durationSeconds: number;
  outcome: 'ok' | 'error';
  error?: TracedError;
  retryable?: boolean;
  /** What the server asked for. */
  retryAfterSeconds?: number;
  /** The wait that was planned after it; absent when no attempt was to follow. */
  waitSeconds?: number;
  /** The client sent the same again at once, on a new connection: the next attempt belongs to the same try. */
  sentAgain?: boolean;
}

/** Every further line: an operation that is finished. One API call without a retry of its own has one attempt. */
export interface TracedOperation {
  /** Unique in the trace, in the order in which operations began. */
  id: number;
  /** `create_remediation_request`, `acquire_lock`, `update_status`, `list`, … */
  operation: string;
  /** What it was done on, such as `kubernaut-system/rr-…`. */
  object?: string;
  /** How many signals it settles, where that is not what its name and its first request say. */
  signals?: number;
  /** RFC 3339, UTC. */
  startedAt: string;
  /** A key of the header's `policies`; absent for a call that is not retried. */
  policy?: string;
  attempts: TracedAttempt[];
  result: 'ok' | 'error';
  /** From its beginning to its end. Absent in traces of before it was written. */
  totalSeconds?: number;
  /** Why it ended, where that is not the last attempt's own error (a cancellation, say). */
  error?: TracedError;
}

/** What an attempt that threw `error` records beside its times. */
export function failedAttempt(
  error: unknown,
): Pick<TracedAttempt, 'outcome' | 'error' | 'retryable' | 'retryAfterSeconds'> {
  const failure = classifyFailure(error);
  const retryAfter =
    failure.retryAfterMs === undefined ? {} : { retryAfterSeconds: seconds(failure.retryAfterMs) };
  return {
    outcome: 'error',
    error: tracedError(error, failure),
    retryable: failure.retryable,
    ...retryAfter,
  };
}

/** An error as traces have it; its message is redacted, and cut to 8,192 UTF-16 units. */
export function tracedError(error: unknown, failure = classifyFailure(error)): TracedError {
  const facts = (typeof error === 'object' && error !== null ? error : {}) as Record<string, unknown>;
  const { httpStatus, reason, errno } = facts;
  return {
    type: failure.type,
    ...(typeof httpStatus === 'number' ? { status: httpStatus } : {}),
    ...(typeof reason === 'string' && reason !== '' ? { reason } : {}),
    ...(typeof errno === 'string' ? { errno } : {}),
    message: safeMessage(sentenceOf(error, facts)),
  };
}

/** An API error in the server's own words, as the retry's final text quotes it. */
function sentenceOf(error: unknown, { serverMessage }: Record<string, unknown>): string {
  return typeof serverMessage === 'string' ? serverMessage : messageOf(error);
}

/** Cut after the redaction as well as before it, so that no half of a secret stands at the end. */
function safeMessage(text: string): string {
  return redactSecrets(text.slice(0, 2 * longestMessage)).slice(0, longestMessage);
}

/** A policy as traces have it. */
export function tracedPolicy(policy: RecordedPolicy): TracedPolicy {
  return {
    ...(Number.isFinite(policy.maxAttempts) ? { maxAttempts: policy.maxAttempts } : {}),
    initialSeconds: seconds(policy.initialMs),
    ...(Number.isFinite(policy.maxMs) ? { maxSeconds: seconds(policy.maxMs) } : {}),
    multiplier: policy.multiplier,
    jitter: policy.jitter,
    growth: policy.growth ?? 'exponential',
    spread: policy.spread ?? 'around',
    ...(policy.withinMs === undefined ? {} : { withinSeconds: seconds(policy.withinMs) }),
  };
}

/** Milliseconds as seconds, to the microsecond: what a clock gives beyond it is noise. */
export function seconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000_000;
}

/** RFC 3339 in UTC with milliseconds. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString();
}
