import { readVectors } from '../../support/shared.ts';

/** A piece of ../shared/vectors/retry.json: what the gateway's own code did. */
export interface RetryVectors {
  backoff: {
    config: { basePeriodNs: number; jitterPercent: number; maxPeriodNs: number; multiplier: number };
    attempt: number;
    minNs: number;
    maxNs: number;
  }[];
  errors: RecordedError[];
  statusUpdaterBackoff: {
    durationNs: number;
    factor: number;
    jitter: number;
    steps: number;
    sleepsNs: { minNs: number; maxNs: number }[];
  };
  wire: WireCase[];
  cases: LoopCase[];
}

export interface RecordedError {
  id: string;
  note: string;
  text: string;
  status?: { code: number; reason: string; message: string; retryAfterSeconds?: number };
  errno?: string;
  context?: 'DeadlineExceeded' | 'Canceled';
  errorType: string;
  retryable: boolean;
  byCode?: string;
}

export interface LoopCase {
  id: string;
  note: string;
  config: { initialBackoffNs: number; maxAttempts: number; maxBackoffNs: number };
  script: string[];
  cancelAfterMs?: number;
  createCalls: number;
  waits: { minNs: number; maxNs: number }[];
  observer: { attempt: number; error: string }[];
  created: boolean;
  error: string | null;
  retryError?: {
    attempt: number;
    maxAttempts: number;
    errorType: string;
    isRetryable: boolean;
    originalError: string;
  };
}

export interface WireCase {
  note: string;
  responses: {
    code?: number;
    body?: { message?: string; reason?: string } | string;
    retryAfter?: string;
    transportError?: string;
  }[];
  calls: {
    afterMs: number;
    httpRequests: number;
    observer: number[];
    breakerState: string;
    error: string | null;
  }[];
}

export function readRetryVectors(): RetryVectors {
  return readVectors<RetryVectors>('retry');
}

/** An error as the API client raises it; one of which only the text is left stays plain. */
export function raise(recorded: RecordedError): Error {
  const { status, errno, context, text } = recorded;
  const error = new Error(text);
  if (context !== undefined) error.name = context === 'DeadlineExceeded' ? 'TimeoutError' : 'AbortError';
  return Object.assign(
    error,
    status === undefined ? {} : { httpStatus: status.code, reason: status.reason },
    status?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: status.retryAfterSeconds },
    errno === undefined ? {} : { errno },
  );
}

/** Whether anything but a text is left of it. */
export function hasFacts({ status, errno, context }: RecordedError): boolean {
  return status !== undefined || errno !== undefined || context !== undefined;
}
