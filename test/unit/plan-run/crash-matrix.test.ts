import { describe, expect, it } from 'vitest';
import type { Fault } from './remote-world.ts';
import { allSeven, serviceLog, limitedSupport, note } from './plan-under-test.ts';
import { outcomesOf, RunUnderTest } from './run-under-test.ts';

class Crash extends Error {}

/** Counts the points of a run and dies at one of them; a dead process does nothing more. */
function dieAt(under: RunUnderTest, point: number): { count: () => number; revive: () => void } {
  let count = 0;
  let isDead = false;
  const at = (): void => {
    count += 1;
    if (count === point) isDead = true;
    if (isDead) throw new Crash();
  };
  under.journal.at = at;
  under.world.at = at;
  return {
    count: () => count,
    revive: () => {
      isDead = false;
      under.journal.at = () => undefined;
      under.world.at = () => undefined;
    },
  };
}

const shapes = [
  { name: 'sequential', options: { concurrent: false } },
  { name: 'concurrent', options: { concurrent: true } },
];
const withDuplicates = [
  { ...serviceLog, allowDuplicates: true } as const,
  { ...serviceLog, allowDuplicates: true } as const,
  { ...limitedSupport, allowDuplicates: true } as const,
  note,
  note,
];
const plans = [
  { name: 'all seven types', actions: allSeven, sums: [1, 1, 1, 1, 1] },
  { name: 'actions that say the same twice', actions: withDuplicates, sums: [2, 1, 2, 0, 0] },
];
const worlds: { name: string; fault: (count: number) => Fault | undefined }[] = [
  { name: 'healthy systems', fault: () => undefined },
  { name: 'every third answer lost', fault: (count) => (count % 3 === 0 ? 'lostAfter' : undefined) },
  { name: 'every fourth request refused', fault: (count) => (count % 4 === 0 ? { status: 429 } : undefined) },
];

describe('a run that dies at any instant and is resumed', () => {
  for (const { name: shape, options } of shapes) {
    for (const { name, actions, sums } of plans) {
      for (const { name: weather, fault } of worlds) {
        it(`has every effect exactly once: ${name}, ${shape}, ${weather}`, async () => {
          const whole = new RunUnderTest(actions, options);
          whole.world.fault = (_called, count) => fault(count);
          const points = dieAt(whole, Number.POSITIVE_INFINITY);
          // an escalation that cannot be looked up is answered by whoever knows the world
          const ask = (under: RunUnderTest) => () => Promise.resolve(under.world.escalations > 0);
          await whole.execute({ ask: ask(whole) });
          expect(points.count()).toBeGreaterThan(20);
          for (let point = 1; point <= points.count(); point += 1) {
            const under = new RunUnderTest(actions, options);
            under.world.fault = (_called, count) => fault(count);
            const death = dieAt(under, point);
            await expect(under.execute({ ask: ask(under) }), `point ${point}`).rejects.toThrow(Crash);
            death.revive();
            const end = await under.execute({ ask: ask(under) });
            const { serviceLogs, limitedSupports, notes, reports, title, policy, escalations } = under.world;
            expect(
              {
                state: end.state,
                sums: [serviceLogs.length, limitedSupports.length, notes.length, reports.length, escalations],
                title,
                policy,
              },
              `point ${point}: ${outcomesOf(end).join(', ')}`,
            ).toEqual({
              state: 'succeeded',
              sums,
              title: sums[4] === 1 ? '[LS] cluster has gone missing' : 'cluster has gone missing',
              policy: sums[4] === 1 ? 'PSILENT' : 'PNORMAL',
            });
          }
        });
      }
    }
  }

  it('leaves an escalation unknown that may have happened, where nobody can be asked', async () => {
    const under = new RunUnderTest([allSeven[6] ?? note]);
    under.world.at = (point) => {
      if (point.startsWith('after PUT')) throw new Crash();
    };
    await expect(under.execute()).rejects.toThrow(Crash);
    under.world.at = () => undefined;
    const end = await under.execute();
    expect(outcomesOf(end)).toEqual(['escalate_incident: unknown']);
    expect(end.state).toBe('partial');
    expect(under.world.escalations).toBe(1);
  });
});
