import { describe, expect, it } from 'vitest';
import { limitedSupport, silence } from './plan-under-test.ts';
import { outcomesOf, RunUnderTest } from './run-under-test.ts';

describe('an escalation in the place of a silence, of unknown outcome', () => {
  for (const concurrent of [false, true]) {
    it(`is asked about once when the run is resumed: concurrent ${String(concurrent)}`, async () => {
      const under = new RunUnderTest([limitedSupport, silence], { concurrent, maxRetries: 0 });
      under.world.fault = ({ method }) =>
        method === 'POST' ? { status: 403 } : method === 'PUT' ? 'lostAfter' : undefined;
      const first = await under.execute();
      expect(outcomesOf(first)).toEqual([
        'limited_support: failed',
        'silence_incident: skipped_dependency',
        'escalate_incident: unknown',
      ]);
      const questions: string[] = [];
      const resumed = await under.execute({
        ask: (question) => {
          questions.push(question);
          return Promise.resolve(undefined);
        },
      });
      expect(outcomesOf(resumed)).toEqual(outcomesOf(first));
      expect(questions).toHaveLength(1);
      expect(under.world.escalations).toBe(1);
    });
  }
});
