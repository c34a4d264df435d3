import { RemedyError } from '../errors/remedy-error.ts';
import type { Interruption } from './runtime.ts';

/** Why a run is stopped from outside: what a wait or a reading ends with that nobody had more to say about. */
export class StopRequest extends DOMException {
  constructor(by: Interruption) {
    super(`stopped by ${by}`, 'AbortError');
  }
}

/** A stop as the error that users see; anything else comes back as it is. */
export function asInterrupted(thrown: unknown): unknown {
  if (!(thrown instanceof StopRequest)) return thrown;
  return new RemedyError('INTERRUPTED', `${thrown.message} before it was done`, { cause: thrown });
}
