import { describe, expect, it } from 'vitest';
import { brokenRun } from '../../../src/plan-run/broken-run.ts';
import type { PlannedAction } from '../../../src/plan/plan.ts';
import { RunProgress } from '../../../src/plan-run/run-progress.ts';
import { RemedyError } from '../../../src/errors/remedy-error.ts';

const arranged = [0, 1, 2].map((index) => ({
  action: { type: 'incident_note', index, phase: 1, content: 'x' } as unknown as PlannedAction,
  treatment: 'run' as const,
}));
const stopped = { id: 'r1', progress: new RunProgress(arranged) };

describe('a run whose journal fails', () => {
  it('is named with the way on, which is not another store', () => {
    const full = new RemedyError('STORE_FULL', 'The store in /s has no room left', {
      hint: 'Free space on its disk, or choose another directory with --store.',
      details: { directory: '/s' },
    });
    expect(brokenRun(full, stopped)).toMatchObject({
      code: 'STORE_FULL',
      message: 'run r1 was stopped: The store in /s has no room left',
      hint: expect.stringMatching(/^free space on its disk, plan resume r1 .* do things twice$/) as unknown,
      details: { directory: '/s', run: 'r1' },
      cause: full,
    });
  });

  it('says what was done where the journal is lost, for nothing else knows it then', () => {
    const progress = new RunProgress(arranged, [
      { kind: 'settled', action: 0, at: 1, outcome: 'succeeded', attempts: 1, lines: [] },
      { kind: 'begun', action: 1, at: 2, content: {} },
      { kind: 'sending', action: 1, at: 3, request: 1, attempt: 1, method: 'POST', url: 'u', write: true },
    ]);
    const lost = new RemedyError('STORE_LOST', 'The store in /s was lost while it was open: removed', {
      details: { directory: '/s' },
    });
    expect(brokenRun(lost, { id: 'r1', progress })).toMatchObject({
      code: 'STORE_LOST',
      message:
        'run r1 was stopped: The store in /s was lost while it was open: removed; as far as it came: 0 incident_note: succeeded, 1 incident_note: unknown, 2 incident_note: not_run',
      hint: expect.stringMatching(/plan run would do again what has succeeded or is unknown$/) as unknown,
      details: {
        run: 'r1',
        actions: [{ outcome: 'succeeded' }, { outcome: 'unknown' }, { outcome: 'not_run' }],
      },
    });
  });

  it('keeps the hint of every other error, and bugs as they are', () => {
    const setting = new RemedyError('CONFIG_INVALID', 'no silent policy', { hint: 'set it' });
    expect(brokenRun(setting, stopped)).toMatchObject({ message: 'no silent policy', hint: 'set it' });
    const bug = new TypeError('x is undefined');
    expect(brokenRun(bug, stopped)).toBe(bug);
  });
});
