import { describe, expect, it } from 'vitest';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { limitedSupport, note, report, serviceLog } from './plan-under-test.ts';
import { RemoteWorld } from './remote-world.ts';
import { RunUnderTest } from './run-under-test.ts';

const hourMs = 3_600_000;

/** Where the systems' clock is that far behind this machine's, or ahead of it. */
function apart(under: RunUnderTest, behindMs: number): RemoteWorld {
  return new RemoteWorld(new MockClock(under.clock.now() - behindMs));
}

function made({ serviceLogs, limitedSupports, reports, notes }: RemoteWorld): number {
  return serviceLogs.length + limitedSupports.length + reports.length + notes.length;
}

describe('a write whose answer was lost, where two clocks differ', () => {
  for (const action of [serviceLog, limitedSupport, report, note]) {
    it.each([-hourMs, hourMs, 23 * hourMs])(
      `is found all the same: ${action.type}, %i ms`,
      async (behindMs) => {
        const under = new RunUnderTest([action]);
        const world = apart(under, behindMs);
        Object.assign(under, { world });
        let left = 1;
        world.fault = ({ method }) => (method !== 'GET' && left-- > 0 ? 'lostAfter' : undefined);
        expect((await under.execute()).state).toBe('succeeded');
        expect(made(world)).toBe(1);
      },
    );

    it(`is found once this machine's clock has been set back: ${action.type}`, async () => {
      const under = new RunUnderTest([action], { maxRetries: 0 });
      const world = apart(under, hourMs);
      Object.assign(under, { world });
      const stop = new AbortController();
      world.fault = ({ method }) => (method === 'GET' ? undefined : 'lostAfter');
      world.at = (point) => {
        if (point.startsWith('after POST')) stop.abort();
      };
      expect((await under.execute({ signal: stop.signal })).state).toBe('interrupted');
      world.fault = () => undefined;
      Object.assign(under, { clock: new MockClock(under.clock.now() - hourMs) });
      expect((await under.execute()).state).toBe('succeeded');
      expect(made(world)).toBe(1);
    });
  }

  it('is not taken for one that somebody made ten minutes before', async () => {
    const content = 'Instances are stopped.';
    const under = new RunUnderTest([{ type: 'pagerduty_note', content }]);
    const world = apart(under, hourMs);
    Object.assign(under, { world });
    const createdAt = new Date(under.clock.now() - hourMs - 600_000).toISOString();
    world.notes.push({ id: 'older', content, createdAt });
    let left = 1;
    world.fault = ({ method }) => (method !== 'GET' && left-- > 0 ? 'lostBefore' : undefined);
    expect((await under.execute()).state).toBe('succeeded');
    expect(world.notes).toHaveLength(2);
  });
});
