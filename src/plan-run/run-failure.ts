import type { ErrorCode } from '../errors/error-codes.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import type { ActionProgress, RunProgress } from './run-progress.ts';
import { counted } from '../text/count.ts';

/**
 * Why a run has not done everything: a cause for each action that failed or of which nobody knows, in the order of
 * execution, with the attempts that there really were in `details`. Undefined where there is none.
 */
export function failureOf(progress: RunProgress): AggregateError | undefined {
  const causes = progress.actions.flatMap((one) => causeOf(one) ?? []);
  if (causes.length === 0) return undefined;
  const count = `${counted(causes.length, 'action')} failed`;
  return new AggregateError(causes, `${count}:\n${causes.map(({ message }) => `- ${message}`).join('\n')}`);
}

function causeOf({ action, settled, attempts }: ActionProgress): RemedyError | undefined {
  if (settled === undefined || (settled.outcome !== 'failed' && settled.outcome !== 'unknown'))
    return undefined;
  const { error } = settled;
  const { type, index } = action;
  const tries = counted(attempts, 'attempt');
  return new RemedyError(
    (error?.code ?? 'REMOTE_ERROR') as ErrorCode,
    `${type} (action ${index}), ${settled.outcome} after ${tries}: ${error?.message ?? 'no error is known'}`,
    { hint: error?.hint, details: { action: index, type, attempts, outcome: settled.outcome } },
  );
}
