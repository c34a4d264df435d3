import { describe, expect, it } from 'vitest';
import { summarizeRequest } from '../../../src/request/request-fields.ts';

const metadata = {
  name: 'rr-1',
  namespace: 'kubernaut-system',
  uid: 'u1',
  resourceVersion: '7',
  creationTimestamp: '2026-08-22T11:00:00Z',
};

describe('a summary of a request', () => {
  it('reads the nested layout', () => {
    const summary = summarizeRequest({
      metadata,
      spec: {
        signalFingerprint: 'ff',
        receivedTime: '2026-08-22T10:59:59Z',
        originalPayload: 'x'.repeat(999),
      },
      status: {
        overallPhase: 'Failed',
        completionStatus: { outcome: 'ManualReviewRequired' },
        routingStatus: { nextAllowedExecution: '2026-08-22T12:02:00Z' },
        deduplication: { occurrenceCount: 3, firstSeenAt: '2026-08-22T11:00:00Z' },
      },
    });
    expect(summary).toEqual({
      fingerprint: 'ff',
      namespace: 'kubernaut-system',
      name: 'rr-1',
      uid: 'u1',
      resourceVersion: '7',
      phase: 'Failed',
      outcome: 'ManualReviewRequired',
      nextAllowedExecution: '2026-08-22T12:02:00Z',
      creationTimestamp: '2026-08-22T11:00:00Z',
      receivedTime: '2026-08-22T10:59:59Z',
      deduplication: { occurrenceCount: 3, firstSeenAt: '2026-08-22T11:00:00Z' },
    });
  });

  it('reads the flat layout where the nested one is empty', () => {
    const status = {
      overallPhase: 'Failed',
      outcome: 'ManualReviewRequired',
      nextAllowedExecution: '2026-08-22T12:02:00Z',
      completionStatus: { outcome: '' },
    };
    expect(summarizeRequest({ metadata, status })).toMatchObject({
      outcome: 'ManualReviewRequired',
      nextAllowedExecution: '2026-08-22T12:02:00Z',
    });
  });

  it('prefers the nested layout where both are there', () => {
    const status = { outcome: 'Remediated', completionStatus: { outcome: 'ManualReviewRequired' } };
    expect(summarizeRequest({ metadata, status }).outcome).toBe('ManualReviewRequired');
  });

  it('reads the count of the 2025 layout from the spec', () => {
    const spec = { deduplication: { occurrenceCount: 4, firstSeen: 'a', lastSeen: 'b' } };
    expect(summarizeRequest({ metadata, spec }).deduplication).toEqual({
      occurrenceCount: 4,
      firstSeenAt: 'a',
      lastSeenAt: 'b',
    });
    const status = { deduplication: { occurrenceCount: 9 } };
    expect(summarizeRequest({ metadata, spec, status }).deduplication).toEqual({ occurrenceCount: 9 });
  });

  it.each([
    ['no status at all', {}],
    ['a status that is a text', { status: 'Failed' }],
    ['a status that is null', { status: null }],
    ['fields of wrong types', { status: { overallPhase: 3, deduplication: { occurrenceCount: '1' } } }],
    ['a list for an object', { status: { deduplication: [], routingStatus: 'x' } }],
  ])('takes %s for a request without a phase', (_, fields) => {
    const summary = summarizeRequest({ metadata, ...fields });
    expect(summary.phase).toBe('');
    expect(summary).not.toHaveProperty('deduplication');
  });
});
