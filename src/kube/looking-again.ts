import type { Interruption, PassingFailure } from './list-and-watch.ts';

/** Says of each failure of a watch what it was, and when the server is asked again. */
export function lookingAgain(
  note: (text: string) => void,
): (failure: PassingFailure, interruption: Interruption) => void {
  return ({ message }, { waitMs }) => {
    note(`${message}; looking again in ${Math.round(waitMs / 100) / 10} s`);
  };
}
