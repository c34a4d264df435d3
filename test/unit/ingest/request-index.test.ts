import { beforeEach, describe, expect, it } from 'vitest';
import { compareVersions } from '../../../src/ingest/object-version.ts';
import { RequestIndex } from '../../../src/ingest/request-index.ts';
import type { RequestSummary } from '../../../src/request/request-summary.ts';

const fingerprint = 'a'.repeat(64);

function request(changes: Partial<RequestSummary> = {}): RequestSummary {
  return {
    fingerprint,
    namespace: 'kubernaut-system',
    name: 'rr-1',
    uid: 'uid-1',
    resourceVersion: '10',
    phase: 'Pending',
    ...changes,
  };
}

describe('RequestIndex', () => {
  let index: RequestIndex;
  const phases = (): string[] => index.candidates(fingerprint).map(({ phase }) => phase);

  beforeEach(() => {
    index = new RequestIndex();
  });

  it('holds what is active, in review or backing off, and nothing else', () => {
    index.put(request({ uid: 'a', phase: 'Executing' }));
    index.put(request({ uid: 'b', phase: 'Completed', outcome: 'ManualReviewRequired' }));
    index.put(request({ uid: 'c', phase: 'Failed', nextAllowedExecution: '2026-08-22T12:00:00Z' }));
    index.put(request({ uid: 'd', phase: 'Completed', outcome: 'Remediated' }));
    expect(phases()).toEqual(['Executing', 'Completed', 'Failed']);
  });

  it('finds active requests by their resource, whatever their fingerprint, until they end or are being deleted', () => {
    const target = { kind: 'Pod', name: 'a', namespace: 'prod' };
    const found = (): string[] => index.activeFor('Pod/a', 'prod').map(({ uid }) => uid);
    index.put(request({ uid: 'a', target }));
    index.put(request({ uid: 'b', target, fingerprint: 'b'.repeat(64) }));
    index.put(request({ uid: 'c', target: { kind: 'Pod', name: 'a' } }));
    index.put(request({ uid: 'd', target, phase: 'Failed', nextAllowedExecution: '2026-08-22T12:00:00Z' }));
    expect(found()).toEqual(['a', 'b']);
    expect(index.activeFor('Pod/a', undefined).map(({ uid }) => uid)).toEqual(['c']);
    index.put(request({ uid: 'a', target, resourceVersion: '11', phase: 'Completed' }));
    index.put(request({ uid: 'b', target, fingerprint: 'b'.repeat(64), resourceVersion: '9' }));
    expect(found()).toEqual(['b']);
    const deletionTimestamp = '2026-08-22T12:00:00Z';
    index.put(
      request({ uid: 'b', target, fingerprint: 'b'.repeat(64), resourceVersion: '12', deletionTimestamp }),
    );
    expect(found()).toEqual([]);
  });

  it('does not move an object back when the watch lags behind our own write', () => {
    index.put(request({ resourceVersion: '12', phase: 'Processing' }));
    index.put(request({ resourceVersion: '9', phase: 'Pending' }));
    expect(phases()).toEqual(['Processing']);
  });

  it('compares versions as numbers', () => {
    index.put(request({ resourceVersion: '100', phase: 'Processing' }));
    index.put(request({ resourceVersion: '99', phase: 'Pending' }));
    expect(phases()).toEqual(['Processing']);
    expect(compareVersions('9', '10')).toBeLessThan(0);
    expect(compareVersions('18446744073709551615', '18446744073709551614')).toBeGreaterThan(0);
  });

  it('forgets a request that has ended, also for events that come late', () => {
    index.put(request());
    index.put(request({ resourceVersion: '11', phase: 'Completed' }));
    index.put(request({ resourceVersion: '10', phase: 'Pending' }));
    expect(phases()).toEqual([]);
  });

  it('forgets a deleted request, also for events that come late', () => {
    index.put(request());
    index.remove(request({ resourceVersion: '12' }));
    index.put(request({ resourceVersion: '11' }));
    expect(phases()).toEqual([]);
  });

  it('takes a request back that counts again at a newer version', () => {
    index.put(request({ resourceVersion: '11', phase: 'Completed' }));
    index.put(
      request({ resourceVersion: '12', phase: 'Completed', nextAllowedExecution: '2026-08-22T12:00:00Z' }),
    );
    expect(phases()).toEqual(['Completed']);
  });

  it('drops what a list does not show, but not what was written after it', () => {
    index.put(request({ uid: 'gone', resourceVersion: '5', phase: 'Blocked' }));
    index.put(request({ uid: 'ours', resourceVersion: '30', phase: 'Pending' }));
    const listing = index.listing();
    listing.add(request({ uid: 'listed', resourceVersion: '7', phase: 'Executing' }));
    listing.finish('20');
    expect(phases().sort()).toEqual(['Executing', 'Pending']);
  });

  it('a list of one fingerprint leaves the others alone', () => {
    const other = 'b'.repeat(64);
    index.put(request({ uid: 'other', fingerprint: other }));
    index.put(request({ uid: 'gone' }));
    index.listing(fingerprint).finish('20');
    expect(index.candidates(fingerprint)).toEqual([]);
    expect(index.candidates(other)).toHaveLength(1);
  });
});
