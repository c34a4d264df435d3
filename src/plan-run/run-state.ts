import type { Outcome } from './journal-entry.ts';
import type { RunState } from './journal.ts';
import type { RunProgress } from './run-progress.ts';

const good: ReadonlySet<Outcome> = new Set(['succeeded', 'skipped_duplicate', 'skipped_uninstalling']);
const bad: ReadonlySet<Outcome> = new Set(['failed', 'unknown', 'not_run', 'skipped_dependency']);

/**
 * succeeded: everything happened or was skipped as meant. partial: something did not, or it is not known. failed:
 * nothing happened.
 */
export function stateOf(progress: RunProgress): Exclude<RunState, 'running' | 'interrupted'> {
  const outcomes = progress.actions.map(({ outcome }) => outcome);
  if (!outcomes.some((outcome) => bad.has(outcome))) return 'succeeded';
  return outcomes.some((outcome) => good.has(outcome) || outcome === 'unknown') ? 'partial' : 'failed';
}
