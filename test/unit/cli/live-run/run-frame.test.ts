import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../../src/cli/colour.ts';
import { unicodeGlyphs } from '../../../../src/cli/plan-run/live/action-lines.ts';
import type { ActionRow, ActionState } from '../../../../src/cli/plan-run/live/run-activity.ts';
import { runFrame, runRecord } from '../../../../src/cli/plan-run/live/run-frame.ts';
import { textWidth } from '../../../../src/cli/text-width.ts';

const attempt = { number: 2, of: 4 };
const states: readonly ActionState[] = [
  { kind: 'over', outcome: 'succeeded' },
  {
    kind: 'over',
    outcome: 'failed',
    error: { code: 'REMOTE_FAILED', message: 'OCM: HTTP 403, not allowed' },
  },
  { kind: 'pausing', attempt, untilMs: 9_500, why: 'PagerDuty: HTTP 503' },
  { kind: 'working', doing: 'sending', attempt: { number: 1, of: 4 }, sinceMs: 2_000 },
  { kind: 'waiting' },
];

function rowOf(index: number, state: ActionState, reason = 'a person has to look'): ActionRow {
  return { action: { type: 'escalate_incident', reason, index, phase: 2, dependsOn: [] }, state };
}

const style = {
  columns: 80,
  rows: 24,
  paint: createPaint(false),
  glyphs: unicodeGlyphs,
  nowMs: 5_000,
  startedMs: 0,
  isStopping: false,
};

describe('a drawing of a run', () => {
  it('shows every action with its state, what it is about, and why it failed', () => {
    const rows = states.map((state, index) => rowOf(index, state));
    expect(runFrame(rows, style)).toEqual([
      '✓ 0 escalate_incident succeeded              a person has to look',
      '✗ 1 escalate_incident failed                 a person has to look',
      '    OCM: HTTP 403, not allowed',
      '⠋ 2 escalate_incident again in 5 s (2/4)     a person has to look',
      '    PagerDuty: HTTP 503',
      '⠋ 3 escalate_incident sending, 3 s           a person has to look',
      '· 4 escalate_incident waiting                a person has to look',
      '2 of 5 ended, 5 s',
    ]);
  });

  it('gives a narrow terminal the name and the state first', () => {
    const rows = states.map((state, index) => rowOf(index, state));
    expect(runFrame(rows, { ...style, columns: 36, isStopping: true })).toEqual([
      '✓ 0 escalate_incident succeeded a p…',
      '✗ 1 escalate_incident failed a pers…',
      '    OCM: HTTP 403, not allowed',
      '⠋ 2 escalate_incident again in 5 s …',
      '    PagerDuty: HTTP 503',
      '⠋ 3 escalate_incident sending, 3 s',
      '· 4 escalate_incident waiting a per…',
      '2 of 5 ended, 5 s; stopping, nothin…',
    ]);
  });

  it('keeps what goes on in sight where there are more actions than lines, and counts the others', () => {
    const [succeeded, , , working, waiting] = states;
    const row = (index: number): ActionState =>
      (index < 40 ? succeeded : index === 40 ? working : waiting) ?? { kind: 'waiting' };
    const rows = Array.from({ length: 100 }, (_, index) => rowOf(index, row(index)));
    expect(runFrame(rows, { ...style, rows: 7 }).map((line) => line.slice(0, 33))).toEqual([
      '… 40 succeeded',
      '⠋ 40 escalate_incident sending, 3',
      '· 41 escalate_incident waiting   ',
      '· 42 escalate_incident waiting   ',
      '… 57 waiting',
      '40 of 100 ended, 5 s',
    ]);
  });

  it('has room for what goes on and the count, if for nothing else', () => {
    const rows = states.map((state, index) => rowOf(index, state));
    expect(runFrame(rows, { ...style, rows: 3 })).toEqual([
      '⠋ 2 escalate_incident again in 5 s (2/4)     a person has to look',
      '2 of 5 ended, 5 s',
    ]);
    expect(runFrame(rows, { ...style, rows: 2 })).toEqual(['2 of 5 ended, 5 s']);
  });

  it('is within the terminal and harmless to it, whatever it shows', () => {
    const text = fc.string({ unit: 'binary', maxLength: 120 });
    const state = fc.oneof(
      fc.constantFrom(...states),
      text.map((message): ActionState => ({
        kind: 'over',
        outcome: 'failed',
        error: { code: 'X', message },
      })),
      text.map((why): ActionState => ({ kind: 'pausing', attempt, untilMs: 6_000, why })),
    );
    const row = fc.tuple(state, text);
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 8, max: 130 }),
        fc.integer({ min: 2, max: 40 }),
        (given, columns, height) => {
          const rows = given.map(([one, reason], index) => rowOf(index, one, reason));
          const lines = runFrame(rows, { ...style, columns, rows: height });
          expect(lines.length).toBeLessThan(height);
          for (const line of lines) {
            expect(textWidth(line)).toBeLessThanOrEqual(columns);
            expect(line).not.toMatch(/[\p{Cc}\u202e\u2066-\u2069]/u);
          }
        },
      ),
    );
  });
});

describe('what stays of a drawing', () => {
  it('has reasons whole, or not at all where something else tells them', () => {
    const message = `OCM: ${'very '.repeat(20)}wrong`;
    const rows = [rowOf(0, { kind: 'over', outcome: 'failed', error: { code: 'X', message } })];
    const whole = runRecord(rows, { ...style, columns: 60, reasons: 'whole' });
    expect(whole.length).toBe(3);
    expect(
      whole
        .slice(1)
        .map((line) => line.trim())
        .join(' '),
    ).toBe(message);
    expect(runRecord(rows, { ...style, reasons: 'none' })).toHaveLength(1);
  });
});
