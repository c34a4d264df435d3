import { RemedyError } from '../errors/remedy-error.ts';
import type { RunProgress } from './run-progress.ts';

/** A run whose work has ended before its end, and how far it had come. */
interface StoppedRun {
  readonly id: string;
  readonly progress: RunProgress;
}

/**
 * What ended the work on a run before its end, with the run named. A journal that fails says by itself to take another
 * store, which would know nothing of what was sent and let everything happen twice; one that is lost knows nothing
 * itself, so what was done is said here. What is no RemedyError stays as it is.
 */
export function brokenRun(thrown: unknown, { id, progress }: StoppedRun): unknown {
  if (!(thrown instanceof RemedyError)) return thrown;
  const { code, message, hint, details } = thrown;
  if (code === 'STORE_LOST') return lostRun(thrown, { id, progress });
  const isJournal = code.startsWith('STORE_');
  return new RemedyError(code, isJournal ? `run ${id} was stopped: ${message}` : message, {
    hint: isJournal ? journalHint(code, id) : hint,
    details: { ...details, run: id },
    cause: thrown,
  });
}

function journalHint(code: string, run: string): string {
  const first = code === 'STORE_FULL' ? 'free space on its disk' : 'once the store works again';
  return `${first}, plan resume ${run} does what is missing; another store would know nothing of this run, and do things twice`;
}

function lostRun(thrown: RemedyError, { id, progress }: StoppedRun): RemedyError {
  const actions = progress.actions.map((one) => ({
    index: one.action.index,
    type: one.action.type,
    outcome: one.outcome,
  }));
  const told = actions.map(({ index, type, outcome }) => `${index} ${type}: ${outcome}`).join(', ');
  return new RemedyError(
    thrown.code,
    `run ${id} was stopped: ${thrown.message}; as far as it came: ${told}`,
    {
      hint: `if its files can be put back, plan resume ${id} does what is missing; otherwise nothing knows of this run, and plan run would do again what has succeeded or is unknown`,
      details: { ...thrown.details, run: id, actions },
      cause: thrown,
    },
  );
}
