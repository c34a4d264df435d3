import { runPlan, type ExecutorOptions, type RunEnd } from '../../../src/plan-run/run-plan.ts';
import type { Action, PlanOptions } from '../../../src/plan/plan.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { SeededRandom } from '../../../src/time/seeded-random.ts';
import { JournalInMemory } from './journal-in-memory.ts';
import { planOf, runOf } from './plan-under-test.ts';
import { RemoteWorld } from './remote-world.ts';

/** A run over a world, on a clock that advances by itself whenever everything sleeps. */
export class RunUnderTest {
  readonly clock = new MockClock();
  readonly journal = new JournalInMemory();
  readonly world = new RemoteWorld(this.clock);
  readonly run;

  constructor(actions: readonly Action[], options: Partial<PlanOptions> = {}) {
    this.run = runOf(planOf(actions, options));
  }

  async execute(more: Partial<ExecutorOptions> = {}): Promise<RunEnd> {
    const { clock, journal, world, run } = this;
    const ending = runPlan({
      run,
      journal,
      clients: world,
      clock,
      random: new SeededRandom(7),
      signal: new AbortController().signal,
      ...more,
    });
    return this.clock.runUntil(ending);
  }
}

/** `type: outcome` of every action, in the order of execution. */
export function outcomesOf({ progress }: RunEnd): string[] {
  return progress.actions.map(({ action, outcome }) => `${action.type}: ${outcome}`);
}
