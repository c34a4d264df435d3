import { describe, expect, it } from 'vitest';
import { RunActivity, type ActionState } from '../../../../src/cli/plan-run/live/run-activity.ts';
import type { JournalEntry } from '../../../../src/plan-run/journal-entry.ts';
import { limitedSupport, planOf, runOf, silence } from '../../plan-run/plan-under-test.ts';

const { steps } = runOf(planOf([limitedSupport, silence]));
const place = { action: 0, at: 1_000 };
const begun: JournalEntry = { kind: 'begun', ...place, content: {} };
const reading = (request: number, attempt: number): JournalEntry => sending(request, attempt, false);
const writing = (request: number, attempt: number): JournalEntry => sending(request, attempt, true);
const failed = (unknown: boolean): JournalEntry => ({
  kind: 'failed',
  ...place,
  attempt: 1,
  unknown,
  error: { code: 'REMOTE_FAILED', message: 'HTTP 503' },
});
const settled = (outcome: 'succeeded' | 'failed' | 'unknown'): JournalEntry => ({
  kind: 'settled',
  ...place,
  outcome,
  attempts: 1,
  lines: [],
});

function sending(request: number, attempt: number, write: boolean): JournalEntry {
  return { kind: 'sending', ...place, request, attempt, method: 'POST', url: 'https://ocm/', write };
}

/** The first action after these entries, one per second. */
function after(
  entries: readonly JournalEntry[],
  before: readonly JournalEntry[] = [],
): ActionState | undefined {
  const activity = new RunActivity(steps, before, 4);
  entries.forEach((entry, index) => {
    activity.apply(entry, (index + 1) * 1_000);
  });
  return activity.rows()[0]?.state;
}

const first = { number: 1, of: 4 };

describe('what goes on with an action', () => {
  const cases: { name: string; entries: JournalEntry[]; before?: JournalEntry[]; state: ActionState }[] = [
    { name: 'nothing yet', entries: [], state: { kind: 'waiting' } },
    {
      name: 'begun',
      entries: [begun],
      state: { kind: 'working', doing: 'starting', attempt: first, sinceMs: 1_000 },
    },
    {
      name: 'a look whether it is there already',
      entries: [begun, reading(1, 1)],
      state: { kind: 'working', doing: 'checking', attempt: first, sinceMs: 2_000 },
    },
    {
      name: 'a second request of the same look: its time goes on',
      entries: [begun, reading(1, 1), reading(2, 1)],
      state: { kind: 'working', doing: 'checking', attempt: first, sinceMs: 2_000 },
    },
    {
      name: 'the write',
      entries: [begun, reading(1, 1), writing(2, 1)],
      state: { kind: 'working', doing: 'sending', attempt: first, sinceMs: 3_000 },
    },
    {
      name: 'a failed attempt',
      entries: [begun, writing(1, 1), failed(false)],
      state: { kind: 'working', doing: 'failed', attempt: first, sinceMs: 3_000 },
    },
    {
      name: 'the second write: its time begins anew',
      entries: [begun, writing(1, 1), writing(2, 2)],
      state: { kind: 'working', doing: 'sending', attempt: { number: 2, of: 4 }, sinceMs: 3_000 },
    },
    {
      name: 'a look-up after a lost answer',
      entries: [begun, writing(1, 1), failed(true), reading(2, 2)],
      state: { kind: 'working', doing: 'looking up', attempt: { number: 2, of: 4 }, sinceMs: 4_000 },
    },
    {
      name: 'attempts that follow those of an earlier process',
      entries: [writing(4, 3)],
      before: [begun, writing(1, 1), failed(false), writing(2, 2), failed(false)],
      state: { kind: 'working', doing: 'sending', attempt: { number: 3, of: 6 }, sinceMs: 1_000 },
    },
    {
      name: 'an outcome of an earlier process',
      entries: [],
      before: [begun, writing(1, 1), settled('unknown')],
      state: { kind: 'over', outcome: 'unknown' },
    },
    {
      name: 'an outcome',
      entries: [begun, writing(1, 1), settled('succeeded')],
      state: { kind: 'over', outcome: 'succeeded' },
    },
  ];
  for (const { name, entries, before, state } of cases) {
    it(name, () => {
      expect(after(entries, before)).toEqual(state);
    });
  }

  it('pauses before the next attempt, and says why', () => {
    const activity = new RunActivity(steps, [], 4);
    activity.apply(begun, 0);
    activity.apply(writing(1, 1), 0);
    activity.apply(failed(false), 0);
    activity.pause(0, { untilMs: 4_000, why: 'HTTP 503' });
    expect(activity.rows()[0]?.state).toEqual({
      kind: 'pausing',
      attempt: { number: 2, of: 4 },
      untilMs: 4_000,
      why: 'HTTP 503',
    });
  });

  it('has a row for a stand-in from when it comes about', () => {
    const activity = new RunActivity(steps, [], 4);
    expect(activity.rows()).toHaveLength(2);
    activity.apply(
      {
        kind: 'settled',
        action: 1,
        at: 0,
        outcome: 'skipped_dependency',
        attempts: 0,
        lines: [],
        standIn: { type: 'escalate_incident', index: 2, phase: 2, dependsOn: [], replaces: 1 },
      },
      0,
    );
    expect(activity.rows().map(({ action, state }) => [action.type, state.kind])).toEqual([
      ['limited_support', 'waiting'],
      ['silence_incident', 'over'],
      ['escalate_incident', 'waiting'],
    ]);
  });

  it('has an outcome for everything once the run is over', () => {
    const activity = new RunActivity(steps, [], 4);
    activity.apply(begun, 0);
    activity.apply(writing(1, 1), 0);
    expect(activity.rows({ isOver: true }).map(({ state }) => state)).toEqual([
      { kind: 'over', outcome: 'unknown' },
      { kind: 'over', outcome: 'not_run' },
    ]);
  });
});
