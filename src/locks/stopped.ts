import { RemedyError } from '../errors/remedy-error.ts';

/** What work on locks failed with; INTERRUPTED where it was stopped: then the failure is only how that showed. */
export function stoppedOr(signal: AbortSignal, thrown: unknown): unknown {
  if (!signal.aborted) return thrown;
  return new RemedyError('INTERRUPTED', 'stopped; nothing is held', { cause: thrown });
}
