import { describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { formatGoDuration } from '../../../src/time/go-duration.ts';
import {
  CRDCreationError,
  DeduplicationError,
  OperationError,
} from '../../../src/request/operation-error.ts';
import { RetryError } from '../../../src/retry/retry-error.ts';
import { hasShared, readVectors } from '../../support/shared.ts';

interface RetryInput {
  attempt: number;
  maxAttempts: number;
  errorType: string;
  isRetryable: boolean;
  originalErr: string | null;
}

interface OperationInput {
  operation: string;
  phase: string;
  correlationID: string;
  fingerprint: string;
  namespace: string;
  attempts: number;
  durationNs: number;
  underlying: string | null;
  crdName: string;
  signalType: string;
  signalName: string;
  dedupeStatus: string;
  retryError: RetryInput;
}

interface ErrorVectors {
  durations: { ns: number; text: string }[];
  cases: { id: string; type: string; input: unknown; text: string }[];
}

function thrown(text: string | null): Error | null {
  return text === null ? null : new Error(text);
}

function retryErrorOf(input: RetryInput): RetryError {
  return new RetryError({ ...input, originalError: thrown(input.originalErr) });
}

function errorOf(type: string, raw: unknown): Error {
  if (type === 'RetryError') return retryErrorOf(raw as RetryInput);
  const input = raw as OperationInput;
  const facts = {
    ...input,
    correlationId: input.correlationID,
    durationMs: input.durationNs / 1e6,
    underlying: thrown(input.underlying),
  };
  switch (type) {
    case 'OperationError':
      return new OperationError(facts);
    case 'CRDCreationError':
      return new CRDCreationError(facts);
    case 'CRDCreationError(RetryError)':
      return new CRDCreationError({ ...facts, underlying: retryErrorOf(input.retryError) });
    case 'DeduplicationError':
      return new DeduplicationError(facts);
    default:
      throw new Error(`a type without a case here: ${type}`);
  }
}

const vectors = hasShared ? readVectors<ErrorVectors>('errors') : { durations: [], cases: [] };

describe.skipIf(!hasShared)("the gateway's error texts", () => {
  it.each(vectors.cases)('$id $type', ({ type, input, text }) => {
    expect(errorOf(type, input).message).toBe(text);
  });
});

describe.skipIf(!hasShared)("Go's durations", () => {
  it.each(vectors.durations)('$ns ns is $text', ({ ns, text }) => {
    expect(formatGoDuration(ns)).toBe(text);
  });
});

describe('operation errors', () => {
  const facts = {
    fingerprint: 'fp',
    namespace: 'kubernaut-system',
    attempts: 2,
    durationMs: 312.5,
    crdName: 'rr-1',
    signalType: 'alert',
    signalName: 'KubePodCrashLooping',
  };

  it('carries the code, the details and the cause that a caller branches on', () => {
    const underlying = new RemedyError('FORBIDDEN', 'no', { hint: 'ask for create' });
    const error = new CRDCreationError({ ...facts, underlying });
    expect(error).toMatchObject({
      name: 'CRDCreationError',
      code: 'CREATION_FAILED',
      hint: 'ask for create',
      cause: underlying,
      attempts: 2,
      details: { durationSeconds: 0.3125, correlation: 'rr-1', phase: 'crd_creation' },
    });
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toBeInstanceOf(RemedyError);
  });

  it('correlates a deduplication by its fingerprint', () => {
    const error = new DeduplicationError({ ...facts, underlying: null, dedupeStatus: 'new' });
    expect(error).toMatchObject({ code: 'DEDUPLICATION_FAILED', correlationId: 'fp' });
    expect(error.cause).toBeUndefined();
  });

  it('takes a code and a hint of its own', () => {
    const error = new CRDCreationError({ ...facts, underlying: null, code: 'INVALID_FIELD', hint: 'h' });
    expect(error).toMatchObject({ code: 'INVALID_FIELD', hint: 'h' });
  });

  it('rounds what a clock gives to whole nanoseconds', () => {
    expect(formatGoDuration(1e6 * 0.1 + 0.2)).toBe('100µs');
    expect(formatGoDuration(-0.4)).toBe('0s');
  });
});
