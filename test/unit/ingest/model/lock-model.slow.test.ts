import { describe, expect, it } from 'vitest';
import { allPremises, explore, type Premises } from './lock-model.ts';

const bounds = { signals: 2, otherTurns: 2 };

describe('the lock with the shared view, over every interleaving', () => {
  it('never creates a second active request while every premise holds', { timeout: 240_000 }, () => {
    const { states, counterexample } = explore(allPremises, { signals: 2, otherTurns: 1 });
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(100_000);
  });

  it.each(Object.keys(allPremises) as (keyof Premises)[])(
    'creates one when %s is taken away',
    { timeout: 240_000 },
    (premise) => {
      const { counterexample } = explore({ ...allPremises, [premise]: false }, bounds);
      expect(counterexample).toBeDefined();
    },
  );
});
