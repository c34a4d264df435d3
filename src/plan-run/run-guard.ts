import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Journal } from './journal.ts';

/**
 * Refuses a plan that was run before, one of `planCount` that were given. To be asked under the plan's lock, so that
 * what the journal calls running has died. Errors: PLAN_FINISHED, PLAN_UNFINISHED.
 */
export function refuseRepeated(journal: Journal, hash: string, planCount: number): void {
  const [last] = journal.runsOfHash(hash);
  if (last === undefined) return;
  const again = optionName('again');
  // it would be for all of them
  const others = planCount === 1 ? '' : '; without it the others can be run';
  const details = { hash, run: last.id, state: last.state };
  if (last.state === 'running' || last.state === 'interrupted') {
    throw new RemedyError('PLAN_UNFINISHED', `run ${last.id} of the plan ${last.plan.name} was interrupted`, {
      hint: `${again} starts from the beginning${others}; to do what is missing, and repeat nothing: remedyctl plan resume ${last.id}`,
      details,
    });
  }
  throw new RemedyError(
    'PLAN_FINISHED',
    `the plan ${last.plan.name} was run before: run ${last.id} ${last.state}`,
    {
      hint: `${again} runs the plan once more${others}; what it did: remedyctl plan status ${last.id}`,
      details,
    },
  );
}
