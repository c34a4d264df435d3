import type { ReplaySummary } from '../../replay/replay-run.ts';
import type { SignalCounts, SignalTotals } from '../../replay/signal-tally.ts';
import type { Ending, FailedEnd } from '../../replay/why-ended.ts';
import { counted } from '../../text/count.ts';

/** What was asked for, as far as the answer depends on it. */
export interface Question {
  /** Under other settings than the recorded ones. */
  isChanged: boolean;
  /** What the trace does not say is taken from its last outcome. */
  isRepeating: boolean;
}

/** The answer to the question, in signals; in operations where the trace is none of signals. */
export function answerLines(summary: ReplaySummary, question: Question): string[] {
  const { signals } = summary;
  if (signals === undefined) return [operationsSentence(summary, question)];
  const became = question.isChanged ? changedParts(signals) : recordedParts(signals.recorded);
  const failures = signals.failures.map((failure) => failureText(failure));
  const of = `of ${counted(signals.total, 'signal')}`;
  const parts = [became.join(', '), ...failures].filter((part) => part !== '');
  return [capitalized(`${of} ${parts.join('; ')}.`), ...unhelpedLines(signals, question)];
}

function recordedParts({ created, duplicate }: SignalCounts): string[] {
  const duplicates = duplicate === 0 ? [] : [`${duplicate} ${was(duplicate)} counted as duplicates`];
  return [`${created} ${was(created)} created`, ...duplicates];
}

function changedParts({ recorded, replayed }: SignalTotals): string[] {
  const part = (what: string, before: number, after: number): string =>
    `${after} would have been ${what}${before === after ? ', as recorded' : ` instead of ${before}`}`;
  const hasDuplicates = recorded.duplicate + replayed.duplicate > 0;
  return [
    part('created', recorded.created, replayed.created),
    ...(hasDuplicates ? [part('counted as duplicates', recorded.duplicate, replayed.duplicate)] : []),
    ...(replayed.open === 0
      ? []
      : [`${replayed.open} would have got past the step that failed (what came then was not recorded)`]),
  ];
}

const endings: Readonly<Record<Ending, string>> = {
  notRetried: 'ended in an error that is not retried',
  exhausted: 'used up their attempts',
  held: 'waited in vain for a lock that somebody else held',
  stopped: 'were stopped before an attempt was answered',
};

function failureText({ signals, ending, failure }: FailedEnd & { signals: number }): string {
  const words =
    signals === 1 ? endings[ending].replace('their', 'its').replace('were', 'was') : endings[ending];
  return `${signals} ${words}${failure === undefined || ending === 'held' ? '' : ` (${failure})`}`;
}

/** Why more attempts would not have helped, where they would not or where the trace cannot tell. */
function unhelpedLines({ failures }: SignalTotals, { isRepeating }: Question): string[] {
  const count = (...chosen: Ending[]): number =>
    failures.reduce((sum, { ending, signals }) => sum + (chosen.includes(ending) ? signals : 0), 0);
  const [notRetried, repeated] = [count('notRetried'), count('exhausted', 'held')];
  return [
    ...(notRetried === 0
      ? []
      : [`More attempts do not help ${those(notRetried)} with an error that is not retried.`]),
    ...(repeated === 0 || !isRepeating
      ? []
      : [
          `What more attempts would have met is not in the trace: the last outcome of ${those(repeated)} is repeated. --then ok or --outage 0s..4s says otherwise.`,
        ]),
  ];
}

function operationsSentence(
  { operations, ok, error, differing }: ReplaySummary,
  { isChanged }: Question,
): string {
  const would = isChanged ? 'would have ended' : 'ended';
  const differ = isChanged ? `; ${differing} otherwise than before` : '';
  return capitalized(
    `of ${counted(operations, 'operation')} ${ok} ${would} well and ${error} with an error${differ}.`,
  );
}

function those(count: number): string {
  return count === 1 ? 'the one' : `the ${count}`;
}

function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
