import type { ReplaySide, SideAttempt } from '../retry/replay-side.ts';

/** What the second side did otherwise; times differ by chance and are not compared. */
export function differencesOf(recorded: ReplaySide, replayed: ReplaySide): string[] {
  const differences: string[] = [];
  const compare = (what: string, before: string | number, after: string | number): void => {
    if (before !== after) differences.push(`${what}: ${after} instead of ${before}`);
  };
  compare('result', recorded.result ?? 'unknown', replayed.result ?? 'unknown');
  compare('tries', recorded.tries, replayed.tries);
  compare('requests', recorded.attempts.length, replayed.attempts.length);
  const first = recorded.attempts.findIndex((attempt, index) => {
    const other = replayed.attempts[index];
    return other !== undefined && outcomeOf(attempt) !== outcomeOf(other);
  });
  const [before, after] = [recorded.attempts[first], replayed.attempts[first]];
  if (before !== undefined && after !== undefined)
    compare(`request ${first + 1}`, outcomeOf(before), outcomeOf(after));
  return differences;
}

function outcomeOf({ outcome, error }: SideAttempt): string {
  if (error === undefined) return outcome;
  return [error.type, error.status, error.errno].filter((part) => part !== undefined).join(' ');
}
