import type { DeduplicationState } from '../../dedup/deduplication-state.ts';
import { ageOf, formatAge } from '../../time/age.ts';

/** What becomes of the next signal, in one sentence: whether it makes a request, and if not, what stands in its way. */
export function stateSentence(state: DeduplicationState, nowMs: number): string {
  switch (state.state) {
    case 'open':
      return `The next signal makes a new request: ${openReason(state)}.`;
    case 'active':
      return `The next signal makes no new request: ${blocker(state)} is active${since(state, nowMs)} and stands in its way until it ends; the signal is counted on it.`;
    case 'suppressed':
      return `The next signal makes no new request${until(state, nowMs)}: ${blocker(state)} ended${ended(state, nowMs)} and allows no further execution before that; the signal is counted on it.`;
    case 'manualReview':
      return `The next signal makes no new request: ${blocker(state)} waits for manual review${since(state, nowMs)} and stands in its way until somebody ends that; the signal is counted on it. When the review is done: remedyctl request ack ${state.decision.request?.name ?? ''}`;
  }
}

function openReason({ history }: DeduplicationState): string {
  if (history.length === 0) return 'there is no request of this fingerprint';
  if (history.length > 1) return `none of its ${history.length} requests stands in the way`;
  return `its one request, ${history[0]?.name ?? ''}, does not stand in the way`;
}

function blocker({ decision, history }: DeduplicationState): string {
  const entry = history.find(({ name }) => name === decision.request?.name);
  const facts = [entry?.phase ?? 'no phase yet', entry?.outcome].filter((fact) => fact !== undefined);
  return `${decision.request?.name ?? ''} (${facts.join(', ')})`;
}

function since({ since: from }: DeduplicationState, nowMs: number): string {
  return from === undefined ? '' : ` since ${from} (${ageText(from, nowMs)})`;
}

function ended({ since: from }: DeduplicationState, nowMs: number): string {
  return from === undefined ? '' : ` at ${from} (${ageText(from, nowMs)})`;
}

function until({ until: to }: DeduplicationState, nowMs: number): string {
  return to === undefined ? '' : ` until ${to} (in ${formatAge((Date.parse(to) - nowMs) / 1_000)})`;
}

function ageText(time: string, nowMs: number): string {
  const age = ageOf(time, nowMs);
  return age === undefined || age === '<invalid>' ? 'in the future' : `${age} ago`;
}
