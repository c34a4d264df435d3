import type { AcknowledgedReview, AcknowledgePlan } from '../../dedup/acknowledge.ts';
import type { DeduplicationState } from '../../dedup/deduplication-state.ts';
import { acknowledgedOutcome } from '../../dedup/review-acknowledgement.ts';
import type { TargetDescription } from '../../kube/client.ts';
import { toTerminalText } from '../terminal-text.ts';
import { ageOf } from '../../time/age.ts';
import { targetText } from './dedup-columns.ts';

/** What `request ack` prints. */
export interface AcknowledgedRequest extends AcknowledgedReview {
  apiVersion: 'remedyctl.dev/v1';
  kind: 'RequestAcknowledgement';
  target: TargetDescription;
}

/** What is about to change, in one line. */
export function ackPreview({ facts, next, earlier }: AcknowledgePlan, nowMs: number): string {
  const { namespace, name, phase, outcome = '', completedAt } = facts;
  const ended = ageOf(completedAt, nowMs);
  const parts = [
    `${namespace}/${name} (${phase}${ended === undefined ? '' : `, ended ${ended} ago`}) about ${targetText(facts) ?? 'an unknown resource'}:`,
    `outcome ${outcome} -> ${acknowledgedOutcome}, requiresManualReview -> false;`,
    nextText(next),
  ];
  if (earlier !== undefined) {
    parts.push(
      `It was acknowledged by ${earlier.by} at ${earlier.at} already: that was not completed, or written back.`,
    );
  }
  return parts.join(' ');
}

/** What was done, in one line. */
export function ackText(result: AcknowledgedReview): string {
  const { request, dryRun, outcome, next, settled } = result;
  const done = dryRun === undefined ? 'acknowledged' : `would be acknowledged (dry run: ${dryRun})`;
  const still = settled === true ? ' No controller has written it back so far.' : '';
  return toTerminalText(
    `${request.namespace}/${request.name} ${done}: ${outcome.before} -> ${outcome.after}; ${nextText(next)}${still}`,
  );
}

function nextText({ state, decision }: Pick<DeduplicationState, 'state' | 'decision'>): string {
  if (state === 'open') return 'the next signal makes a new request.';
  const until = decision.until === undefined ? '' : ` until ${decision.until}`;
  return `the next signal still makes no new request: ${decision.request?.name ?? ''} stands in its way (${decision.reason}${until}).`;
}
