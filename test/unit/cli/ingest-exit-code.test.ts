import { describe, expect, it } from 'vitest';
import { addToTally, emptyTally, exitCodeOfTally } from '../../../src/cli/ingest-exit-code.ts';

const item = {
  created: { outcome: 'created', deduplication: { persisted: true } },
  duplicate: { outcome: 'duplicate', deduplication: { persisted: true } },
  wouldCreate: { outcome: 'wouldCreate' },
  skipped: { outcome: 'skipped', reason: { code: 'RESOLVED_ALERT' } },
  rejected: { outcome: 'rejected', reason: { code: 'NO_TARGET' } },
  failed: { outcome: 'failed', error: { code: 'API_ERROR' } },
  locked: { outcome: 'failed', error: { code: 'LOCK_TIMEOUT' } },
  unpersisted: { outcome: 'duplicate', deduplication: { persisted: false } },
  notRun: { outcome: 'notRun' },
};

describe('the exit code of signal ingest', () => {
  it.each([
    ['nothing at all', [], 0],
    ['all created, duplicate or skipped', ['created', 'duplicate', 'skipped', 'wouldCreate'], 0],
    ['all skipped', ['skipped'], 0],
    ['some created and some rejected', ['created', 'rejected'], 4],
    ['a skipped one and a failed one', ['skipped', 'failed'], 4],
    ['one not persisted alone', ['unpersisted'], 4],
    ['not persisted beside failed', ['unpersisted', 'failed'], 4],
    ['all rejected', ['rejected', 'rejected'], 2],
    ['all lock time-outs', ['locked', 'locked'], 5],
    ['lock time-outs and rejected', ['locked', 'rejected'], 1],
    ['all failed', ['failed', 'failed'], 1],
    ['lock time-outs and other failures', ['locked', 'failed'], 1],
    ['what was not run counts as nothing', ['created', 'notRun'], 0],
  ] as const)('for %s', (_name, outcomes, code) => {
    const tally = emptyTally();
    for (const outcome of outcomes) addToTally(tally, item[outcome]);
    expect(exitCodeOfTally(tally)).toBe(code);
  });
});
