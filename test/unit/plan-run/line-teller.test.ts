import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Notices } from '../../../src/cli/notices.ts';
import { LineTeller } from '../../../src/cli/plan-run/line-teller.ts';
import { note, planOf, runOf } from './plan-under-test.ts';

describe('the lines of a run', () => {
  it('say what to do about an action that failed', () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const teller = new LineTeller(new Notices(stderr, 'normal'), runOf(planOf([note])).steps, []);
    const error = { code: 'CREDENTIALS_FAILED', message: 'HTTP 401', hint: 'Check the API key.' };
    teller.entry({ kind: 'settled', action: 0, at: 0, outcome: 'failed', attempts: 1, lines: [], error });
    expect(stderr.read()).toBe('0 pagerduty_note: failed: HTTP 401\n  hint: Check the API key.\n');
  });
});
