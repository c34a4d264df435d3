import { describe, expect, it } from 'vitest';
import { limitedSupport, serviceLog, silence } from './plan-under-test.ts';
import { outcomesOf, RunUnderTest } from './run-under-test.ts';

/** Before every run, and before what is sent now. */
const old = '1970-01-01T00:00:00.000Z';

const dayMs = 24 * 3_600_000;

interface PublicLog {
  readonly internalOnly?: true;
  readonly createdAt?: string | undefined;
  readonly createdBy?: string;
}

function publicLog(under: RunUnderTest, more: PublicLog = {}): void {
  const { summary, description } = serviceLog as Extract<typeof serviceLog, { type: 'service_log' }>;
  const { createdAt = daysAgo(under, 1), ...rest } = more;
  const made = 'createdAt' in more && more.createdAt === undefined ? {} : { createdAt };
  under.world.serviceLogs.push({ id: 'old', summary, description, ...made, ...rest });
}

function daysAgo({ clock }: RunUnderTest, days: number): string {
  return new Date(clock.now() - days * dayMs).toISOString();
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

describe('a service log of before', () => {
  const plan = [serviceLog, silence];

  it.each([
    ['6.9 days', 6.9, 'skipped_duplicate'],
    ['7.1 days', 7.1, 'succeeded'],
    ['200 days', 200, 'succeeded'],
    ['tomorrow', -1, 'skipped_duplicate'],
  ])('of %s ago', async (_what, days, outcome) => {
    const under = new RunUnderTest(plan);
    publicLog(under, { createdAt: daysAgo(under, days) });
    expect(outcomesOf(await under.execute())[0]).toBe(`service_log: ${outcome}`);
  });

  it.each([undefined, 'yesterday'])('that was made %s counts as young', async (createdAt) => {
    const under = new RunUnderTest(plan);
    publicLog(under, { createdAt });
    expect(outcomesOf(await under.execute())[0]).toBe('service_log: skipped_duplicate');
  });

  it.each([
    ['1 h', 3_600_000, 0.5, 'succeeded'],
    ['300 days', 300 * dayMs, 200, 'skipped_duplicate'],
    ['nothing', 0, 0, 'succeeded'],
  ])('is held to what the run was begun with: %s', async (_what, duplicateWithinMs, days, outcome) => {
    const under = new RunUnderTest(plan);
    publicLog(under, { createdAt: daysAgo(under, days) });
    const { run } = under;
    const end = await under.execute({ run: { ...run, settings: { ...run.settings, duplicateWithinMs } } });
    expect(outcomesOf(end)[0]).toBe(`service_log: ${outcome}`);
  });

  it('is not looked past for an older one, and a younger one is found behind it', async () => {
    const under = new RunUnderTest(plan);
    publicLog(under, { createdAt: daysAgo(under, 200) });
    publicLog(under, { createdAt: daysAgo(under, 2) });
    expect(outcomesOf(await under.execute())[0]).toBe('service_log: skipped_duplicate');
  });

  it('is told in the outcome: which, of when, and by whom', async () => {
    const under = new RunUnderTest([serviceLog, limitedSupport]);
    const createdAt = daysAgo(under, 2);
    publicLog(under, { createdAt, createdBy: 'jdoe' });
    reason(under);
    const { progress } = await under.execute();
    expect(progress.actions.map(({ settled }) => settled?.found)).toEqual([
      { id: 'old', createdAt, createdBy: 'jdoe' },
      { id: 'old', createdAt: old },
    ]);
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
