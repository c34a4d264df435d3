import { exitCodes } from '../exit-codes.ts';

interface ExitCodeMeaning {
  readonly codes: readonly number[];
  /** Markdown, as in the README. */
  readonly meaning: string;
}

const { done, error, usage, differs, partial, locked, declined, bug } = exitCodes;
const { notExecutable, commandNotFound, hungUp, interrupted, terminated } = exitCodes;

/** What each exit code says, for `help exit-codes` and the README. */
export const exitCodeMeanings: readonly ExitCodeMeaning[] = [
  { codes: [done], meaning: 'done; a duplicate is done' },
  { codes: [error], meaning: 'error' },
  { codes: [usage], meaning: 'wrong usage, bad input, bad configuration' },
  {
    codes: [differs],
    meaning:
      'a difference or a finding: another hash, a lock that needs somebody, a check or an expectation that failed',
  },
  { codes: [partial], meaning: 'partial: some items failed, or a count could not be written' },
  { codes: [locked], meaning: 'the lock is held by somebody else, or the same plan is being run' },
  {
    codes: [declined],
    meaning:
      'declined, or `--yes` is needed; the profile is read-only; the plan was run already, or its run is unfinished',
  },
  { codes: [bug], meaning: 'a bug in remedyctl; stderr has its stack trace' },
  { codes: [notExecutable], meaning: '`lease run`: the command is there and cannot be executed' },
  { codes: [commandNotFound], meaning: '`lease run`: the command is not there' },
  {
    codes: [hungUp, interrupted, terminated],
    meaning: 'terminal closed, interrupted (Ctrl-C), terminated; what was held has been released',
  },
];

/** What the table cannot say: codes of commands that work on many items, and of commands that run another. */
export const exitCodeRemarks: readonly string[] = [
  '`signal ingest` exits 0 when every signal was created, a duplicate or skipped; 4 when that holds for some; else 2 when all were rejected, 5 when all waited too long for a lock, 1 otherwise.',
  '`plan run` and `plan resume` exit 0 when everything was done, 4 when some of it was, 1 when nothing was.',
  '`lease run` exits with the code of the command that it runs, 128 and the number of the signal that ended it, or with `--conflict-exit-code` (5) where the lock was not had or was lost.',
];
