import { RemedyError } from '../../errors/remedy-error.ts';

/**
 * What ended the work on a run before its end, with the run named. A journal that fails says by itself to take another
 * store, which would know nothing of what was sent and let everything happen twice. What is no RemedyError stays as it is.
 */
export function brokenRun(thrown: unknown, run: string): unknown {
  if (!(thrown instanceof RemedyError)) return thrown;
  const { code, message, hint, details } = thrown;
  const isJournal = code.startsWith('STORE_');
  return new RemedyError(code, isJournal ? `run ${run} was stopped: ${message}` : message, {
    hint: isJournal ? journalHint(code, run) : hint,
    details: { ...details, run },
    cause: thrown,
  });
}

function journalHint(code: string, run: string): string {
  const first = code === 'STORE_FULL' ? 'free space on its disk' : 'once the store works again';
  return `${first}, plan resume ${run} does what is missing; another store would know nothing of this run, and do things twice`;
}
