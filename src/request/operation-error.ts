import type { ErrorCode } from '../errors/error-codes.ts';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import { formatGoDuration } from '../time/go-duration.ts';

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
export class OperationError extends RemedyError {
  readonly operation: string;
  readonly phase: string;
  readonly fingerprint: string;
  readonly namespace: string;
  readonly attempts: number;
  readonly durationMs: number;
  readonly correlationId: string;
  readonly underlying: unknown;

  constructor(facts: NamedOperationFacts, suffix = '') {
    super(facts.code ?? 'API_ERROR', operationText(facts) + suffix, {
      hint: facts.hint ?? hintOf(facts.underlying),
      details: {
        operation: facts.operation,
        phase: facts.phase,
        fingerprint: facts.fingerprint,
        namespace: facts.namespace,
        attempts: facts.attempts,
        durationSeconds: facts.durationMs / 1_000,
        correlation: facts.correlationId,
      },
      cause: facts.underlying ?? undefined,
    });
    this.operation = facts.operation;
    this.phase = facts.phase;
    this.fingerprint = facts.fingerprint;
    this.namespace = facts.namespace;
    this.attempts = facts.attempts;
    this.durationMs = facts.durationMs;
    this.correlationId = facts.correlationId;
    this.underlying = facts.underlying;
  }
}

interface CRDCreationFacts extends OperationFacts {
  /** The name of the RemediationRequest, which is also the correlation. */
  crdName: string;
  signalType: string;
  signalName: string;
}

/** A RemediationRequest was not created. Code CREATION_FAILED unless given. */
export class CRDCreationError extends OperationError {
  readonly crdName: string;
  readonly signalType: string;
  readonly signalName: string;

  constructor(facts: CRDCreationFacts) {
    const { crdName, signalType, signalName } = facts;
    super(
      {
        code: 'CREATION_FAILED',
        ...facts,
        operation: 'create_remediation_request',
        phase: 'crd_creation',
        correlationId: crdName,
      },
      `, crd_name=${crdName}, signal_type=${signalType}, signal_name=${signalName}`,
    );
    this.crdName = crdName;
    this.signalType = signalType;
    this.signalName = signalName;
  }
}

interface DeduplicationFacts extends OperationFacts {
  /** What was known of the signal when it failed: `new`, `duplicate` or `unknown`. */
  dedupeStatus: string;
}

/** Whether a signal is a duplicate could not be found out or recorded. Code DEDUPLICATION_FAILED unless given. */
export class DeduplicationError extends OperationError {
  readonly dedupeStatus: string;

  constructor(facts: DeduplicationFacts) {
    super(
      {
        code: 'DEDUPLICATION_FAILED',
        ...facts,
        operation: 'check_deduplication',
        phase: 'deduplication',
        correlationId: facts.fingerprint,
      },
      `, dedupe_status=${facts.dedupeStatus}`,
    );
    this.dedupeStatus = facts.dedupeStatus;
  }
}

function operationText(facts: NamedOperationFacts): string {
  const duration = formatGoDuration(facts.durationMs * 1_000_000);
  const underlying = facts.underlying === null ? '<nil>' : messageOf(facts.underlying);
  return (
    `${facts.operation} failed: phase=${facts.phase}, fingerprint=${facts.fingerprint}, namespace=${facts.namespace}, ` +
    `attempts=${facts.attempts}, duration=${duration}, correlation=${facts.correlationId}: ${underlying}`
  );
}

/** What to do next is known best where it failed. */
function hintOf(underlying: unknown): string | undefined {
  return underlying instanceof RemedyError ? underlying.hint : undefined;
}
