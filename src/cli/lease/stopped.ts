import { RemedyError } from '../../errors/remedy-error.ts';
import type { Runtime } from '../runtime.ts';

/** What a command failed with, or that it was stopped: then the failure is only how that showed. */
export function stoppedOr(runtime: Runtime, thrown: unknown): unknown {
  if (!runtime.signal.aborted) return thrown;
  return new RemedyError('INTERRUPTED', 'stopped; nothing is held', { cause: thrown });
}
