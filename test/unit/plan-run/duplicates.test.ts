import { describe, expect, it } from 'vitest';
import { limitedSupport, serviceLog, silence } from './plan-under-test.ts';
import { outcomesOf, RunUnderTest } from './run-under-test.ts';

/** Before every run, and before what is sent now. */
const old = '1970-01-01T00:00:00.000Z';

function publicLog(under: RunUnderTest, more: { internalOnly?: true } = {}): void {
  const { summary, description } = serviceLog as Extract<typeof serviceLog, { type: 'service_log' }>;
  under.world.serviceLogs.push({ id: 'old', summary, description, createdAt: old, ...more });
}

function reason(under: RunUnderTest, more: { overridden?: true } = {}): void {
  const { summary, details } = limitedSupport as Extract<typeof limitedSupport, { type: 'limited_support' }>;
  under.world.limitedSupports.push({ id: 'old', summary, details, createdAt: old, ...more });
}

describe('what the customer was told already', () => {
  it('is no service log that was hidden from them', async () => {
    const under = new RunUnderTest([serviceLog, silence]);
    publicLog(under, { internalOnly: true });
    expect(outcomesOf(await under.execute())).toEqual([
      'service_log: succeeded',
      'silence_incident: succeeded',
    ]);
    expect(under.world.serviceLogs).toHaveLength(2);
  });

  it('is no reason that is overridden', async () => {
    const under = new RunUnderTest([limitedSupport, silence]);
    reason(under, { overridden: true });
    expect(outcomesOf(await under.execute())).toEqual([
      'limited_support: succeeded',
      'silence_incident: succeeded',
    ]);
    expect(under.world.limitedSupports).toHaveLength(2);
  });

  it('stands in for what says the same to the same readers', async () => {
    const under = new RunUnderTest([limitedSupport, serviceLog, silence]);
    publicLog(under);
    reason(under);
    expect(outcomesOf(await under.execute())).toEqual([
      'limited_support: skipped_duplicate',
      'service_log: skipped_duplicate',
      'silence_incident: succeeded',
    ]);
  });

  it('does not stand in for a log that only colleagues are to read', async () => {
    const under = new RunUnderTest([{ ...serviceLog, internalOnly: true } as typeof serviceLog]);
    publicLog(under);
    expect(outcomesOf(await under.execute())).toEqual(['service_log: succeeded']);
  });
});

describe('a look-up after a lost answer', () => {
  it('takes no hidden log of that moment for the one that the customer was to read', async () => {
    const under = new RunUnderTest([serviceLog]);
    under.world.fault = ({ method }, count) => {
      if (method !== 'POST' || count > 2) return undefined;
      publicLog(under, { internalOnly: true });
      const [log] = under.world.serviceLogs;
      if (log !== undefined) under.world.serviceLogs[0] = { ...log, createdAt: '2999-01-01T00:00:00.000Z' };
      return 'lostBefore';
    };
    expect(outcomesOf(await under.execute())).toEqual(['service_log: succeeded']);
    expect(under.world.serviceLogs.map(({ internalOnly }) => internalOnly ?? false)).toEqual([true, false]);
  });

  it('takes no overridden reason of that moment for its own', async () => {
    const under = new RunUnderTest([limitedSupport]);
    under.world.fault = ({ method }, count) => {
      if (method !== 'POST' || count > 2) return undefined;
      reason(under, { overridden: true });
      const [one] = under.world.limitedSupports;
      if (one !== undefined)
        under.world.limitedSupports[0] = { ...one, createdAt: '2999-01-01T00:00:00.000Z' };
      return 'lostBefore';
    };
    expect(outcomesOf(await under.execute())).toEqual(['limited_support: succeeded']);
    expect(under.world.limitedSupports).toHaveLength(2);
  });
});
