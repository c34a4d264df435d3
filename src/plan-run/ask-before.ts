import { RemedyError } from '../errors/remedy-error.ts';
import type { ArrangedStep } from './journal-entry.ts';
import { questionsOf, withoutRepeats } from '../plan/questions.ts';
import type { Plan } from '../plan/plan.ts';
import { askFirst } from './ask-first.ts';
import type { RunGround } from './run-ground.ts';

/** A run that is about to begin, or to go on. */
export interface AskedRun {
  readonly plan: Plan;
  /** What is to be done of it. */
  readonly steps: readonly ArrangedStep[];
  /** Aborts when another machine may have begun. */
  readonly lost: AbortSignal;
}

/**
 * Proves the credentials of every system that the runs write to, and that the ids of their clusters belong together.
 * `timeoutMs` is for this too. Errors: those of `askFirst`; TIMEOUT.
 */
export async function askBefore(runs: readonly AskedRun[], { options, systems }: RunGround): Promise<void> {
  const { clock, random, notes, timeoutMs } = options;
  const questions = withoutRepeats(
    runs.flatMap(({ plan, steps }) => {
      const running = steps.filter(({ treatment }) => treatment === 'run').map(({ action }) => action);
      return questionsOf(plan, running);
    }),
  );
  const limit = new AbortController();
  const over = new AbortController();
  if (timeoutMs !== undefined) {
    clock.sleep(timeoutMs, over.signal).then(
      () => {
        limit.abort(new RemedyError('TIMEOUT', `the systems did not answer in time; nothing was sent`));
      },
      () => undefined,
    );
  }
  try {
    await askFirst(questions, {
      clients: systems,
      clock,
      random,
      signal: AbortSignal.any([options.signal, limit.signal, ...runs.map(({ lost }) => lost)]),
      maxRetries: Math.max(...runs.map(({ plan }) => plan.options.maxRetries)),
      onWait: (waitMs, why) => {
        notes.say(`${why}; asked again in ${Math.round(waitMs / 100) / 10} s`);
      },
    });
  } finally {
    over.abort();
  }
}
