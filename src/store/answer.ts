import type { ApiStatus, StatusDetails } from '../api/objects.ts';

/** What the store answers, before the transport's headers are added. */
export interface Answer {
  status: number;
  body: string | AsyncIterable<Uint8Array>;
  /** Default `application/json`. */
  contentType?: string;
  warnings?: readonly string[];
  retryAfterSeconds?: number;
}

/** What makes a Status body; what is left out is left out of the body too. */
export interface StatusFacts {
  code: number;
  message: string;
  reason?: string;
  details?: StatusDetails;
  metadata?: Record<string, unknown>;
}

/** A request that is refused: thrown inside the store, answered as a metav1.Status. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(facts: StatusFacts) {
    super(facts.message);
    const retryAfterSeconds = facts.details?.retryAfterSeconds;
    this.answer = {
      status: facts.code,
      body: JSON.stringify(failureStatus(facts)),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
}

/** Runs `work`; a refusal of it carries the warnings that were already due. */
export function withWarnings<T>(warnings: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) error.answer.warnings = warnings;
    throw error;
  }
}

export function failureStatus(facts: StatusFacts): ApiStatus {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: facts.metadata ?? {},
    status: 'Failure',
    message: facts.message,
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    ...(facts.details === undefined ? {} : { details: facts.details }),
    code: facts.code,
  };
}

export function jsonAnswer(status: number, value: unknown, warnings?: readonly string[]): Answer {
  return { status, body: JSON.stringify(value), ...(warnings === undefined ? {} : { warnings }) };
}

/** The plain text that a kube-apiserver sends for a path it does not serve. */
export function unknownPath(): Answer {
  return { status: 404, body: '404 page not found\n', contentType: 'text/plain; charset=utf-8' };
}
