import { describe, expect, it } from 'vitest';
import type { CountPremises, CountScene } from './count-model.ts';
import { allCountPremises, exploreCounts } from './count-model.ts';

const views = ['single', 'shared'] as const;
const scenes: readonly CountScene[] = views.flatMap((view) => [
  { view, second: true, other: true, gateway: false },
  { view, second: false, other: false, gateway: true },
  { view, second: false, other: true, gateway: true },
]);

describe('the count of a request, over every interleaving', () => {
  it.each(scenes)(
    'is right, and nobody else\u2019s status is taken, while every premise holds: $view view, second $second, other $other, gateway $gateway',
    (scene) => {
      const { states, counterexample } = exploreCounts(allCountPremises, scene);
      expect(counterexample).toBeUndefined();
      expect(states).toBeGreaterThan(1_000);
    },
  );

  it.each(Object.keys(allCountPremises) as (keyof CountPremises)[])(
    'is wrong when %s is taken away',
    (premise) => {
      const premises = { ...allCountPremises, [premise]: false };
      expect(scenes.some((scene) => exploreCounts(premises, scene).counterexample !== undefined)).toBe(true);
    },
  );

  it.each(views)('a PUT of what was adopted takes a phase away, and a count: %s view', (view) => {
    const scene = { view, second: true, other: true, gateway: false };
    const { counterexample } = exploreCounts({ ...allCountPremises, adoptedIsPatched: false }, scene);
    expect(counterexample).toBeDefined();
  });
});
