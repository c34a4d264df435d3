import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideDeduplication } from '../../../src/request/deduplication-decision.ts';
import { isTerminalPhase } from '../../../src/request/phase.ts';
import { summarizeRequest } from '../../../src/request/request-fields.ts';
import type { RequestSummary } from '../../../src/request/request-summary.ts';
import { readPhaseCases } from '../../support/phase-cases.ts';
import { hasShared } from '../../support/shared.ts';

const nowMs = Date.parse('2026-08-22T12:00:00Z');

function request(name: string, fields: Partial<RequestSummary> = {}): RequestSummary {
  return {
    fingerprint: 'a'.repeat(64),
    namespace: 'kubernaut-system',
    name,
    uid: `uid-${name}`,
    resourceVersion: '1',
    phase: 'Pending',
    creationTimestamp: '2026-08-22T11:00:00Z',
    ...fields,
  };
}

describe.runIf(hasShared)('against what the gateway decided', () => {
  const { terminal, cases } = readPhaseCases();

  it.each(terminal)('phase $phase is terminal: $terminal', ({ phase, terminal: expected }) => {
    expect(isTerminalPhase(phase)).toBe(expected);
  });

  it('reads every case', () => {
    expect(cases).toHaveLength(140);
  });

  // A LIST that fails is never a decision; find-requests.test.ts has those.
  it.each(cases.filter((one) => one.error === null))('$id $note', (one) => {
    const candidates = one.list
      .map(summarizeRequest)
      .filter(({ fingerprint }) => fingerprint === one.fingerprint);
    const decision = decideDeduplication(candidates, Date.parse(one.now));
    const expected = one.do ?? { duplicate: one.duplicate, chosen: one.chosen };
    expect(decision.kind).toBe(expected.duplicate ? 'duplicate' : 'new');
    if ('chosenOneOf' in expected) expect(expected.chosenOneOf).toContain(decision.request?.name);
    else expect(decision.request?.name ?? null).toBe(expected.chosen);
    if (one.do !== undefined) {
      expect(decision.reason.toLowerCase()).toBe(one.do.reason.replace('-', '').toLowerCase());
    }
  });
});

describe('what suppresses a signal', () => {
  const review = request('review', { phase: 'Failed', outcome: 'ManualReviewRequired' });
  const backoff = request('backoff', { phase: 'Failed', nextAllowedExecution: '2026-08-22T12:02:00Z' });
  const active = request('active', { phase: 'Executing' });

  it('is an active request before manual review, and that before a backoff', () => {
    expect(decideDeduplication([backoff, review, active], nowMs).reason).toBe('active');
    expect(decideDeduplication([backoff, review], nowMs).reason).toBe('manualReview');
    expect(decideDeduplication([backoff], nowMs)).toMatchObject({
      reason: 'backoff',
      until: '2026-08-22T12:02:00Z',
    });
    expect(decideDeduplication([], nowMs)).toEqual({ kind: 'new', reason: 'none', considered: [] });
  });

  it('is the oldest active request, by name where two are as old', () => {
    const older = request('z', { creationTimestamp: '2026-08-22T10:59:59Z' });
    expect(decideDeduplication([active, older], nowMs).request?.name).toBe('z');
    expect(decideDeduplication([request('b'), request('a')], nowMs).request?.name).toBe('a');
  });

  it('is no active request that is being deleted, yet a verdict until it is gone', () => {
    const deletionTimestamp = '2026-08-22T11:59:00Z';
    expect(decideDeduplication([{ ...active, deletionTimestamp }], nowMs).kind).toBe('new');
    expect(decideDeduplication([{ ...review, deletionTimestamp }], nowMs).reason).toBe('manualReview');
    expect(decideDeduplication([{ ...backoff, deletionTimestamp }], nowMs).reason).toBe('backoff');
  });

  it('is no backoff that ends exactly now', () => {
    expect(decideDeduplication([backoff], Date.parse('2026-08-22T12:02:00Z')).kind).toBe('new');
    expect(decideDeduplication([backoff], Date.parse('2026-08-22T12:01:59.999Z')).kind).toBe('duplicate');
  });

  it('says of every candidate whether and why it counted', () => {
    const { considered } = decideDeduplication([active, request('done', { phase: 'Completed' })], nowMs);
    expect(considered.map(({ request: { name }, counted, why }) => [name, counted, why])).toEqual([
      ['active', true, 'it is active (phase Executing)'],
      ['done', false, 'it has ended (phase Completed) and holds nothing back'],
    ]);
  });
});

describe('the decision as a function', () => {
  const candidate = fc
    .record({
      phase: fc.constantFrom('', 'Pending', 'Blocked', 'Failed', 'Completed', 'Nobody knows'),
      outcome: fc.constantFrom(undefined, 'ManualReviewRequired', 'Remediated'),
      nextAllowedExecution: fc.constantFrom(
        undefined,
        '2026-08-22T11:59:00Z',
        '2026-08-22T12:01:00Z',
        'soon',
      ),
      deletionTimestamp: fc.constantFrom(undefined, '2026-08-22T11:00:00Z'),
      creationTimestamp: fc.constantFrom(undefined, '2026-08-22T11:00:00Z', '2026-08-22T10:00:00Z'),
    })
    .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  const candidates = fc
    .array(candidate, { maxLength: 6 })
    .map((all) => all.map((fields, index) => request(`rr-${index}`, fields)));

  it('does not depend on the order of the candidates', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const forward = decideDeduplication(all, nowMs);
        const backward = decideDeduplication([...all].reverse(), nowMs);
        expect(backward.request?.name).toBe(forward.request?.name);
        expect(backward.reason).toBe(forward.reason);
      }),
    );
  });

  it('is new exactly when no candidate counted', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const { kind, considered } = decideDeduplication(all, nowMs);
        expect(kind === 'new').toBe(considered.every(({ counted }) => !counted));
        expect(considered).toHaveLength(all.length);
      }),
    );
  });
});
