import type { OursFacts, SendItem, SendOutcome } from './send-item.ts';

/** What the gateway's outcomes are in the words of our walk; of the others nobody knows what they would have been. */
const counterparts: Partial<Record<SendOutcome, OursFacts['outcome']>> = {
  created: 'wouldCreate',
  duplicate: 'wouldDuplicate',
  rejected: 'rejected',
  dropped: 'rejected',
};

/** A result with what our own walk made of the signal beside it. */
export function compared(item: SendItem, ours: OursFacts): SendItem {
  const theirs = counterparts[item.outcome];
  // a failed look-up of ours says nothing, nor does a lock that was held when we looked
  if (theirs === undefined || ours.outcome === 'failed' || ours.outcome === 'wouldWait')
    return { ...item, ours };
  const differences = [
    ...(theirs === ours.outcome ? [] : [`we: ${ours.outcome}, the gateway: ${item.outcome}`]),
    ...fingerprintDifferences(item, ours),
  ];
  const told = differences.length === 0 ? {} : { differences };
  return { ...item, ours, differs: differences.length > 0, ...told };
}

function fingerprintDifferences({ gateway }: SendItem, ours: OursFacts): string[] {
  const theirs = gateway === undefined ? undefined : fingerprintIn(gateway);
  if (theirs === undefined || ours.fingerprint === undefined || theirs === ours.fingerprint) return [];
  return [`our fingerprint is ${ours.fingerprint.slice(0, 12)}, the gateway's ${theirs.slice(0, 12)}`];
}

/** In the answer, or in the result of this signal in it. */
function fingerprintIn({ body, result }: NonNullable<SendItem['gateway']>): string | undefined {
  const answer = body as { fingerprint?: unknown; results?: unknown } | null;
  if (answer === null || typeof answer !== 'object') return undefined;
  const results = Array.isArray(answer.results) ? (answer.results as { fingerprint?: unknown }[]) : [];
  const own = results.length > 0 ? results[result ?? -1] : answer;
  const fingerprint = own?.fingerprint;
  return typeof fingerprint === 'string' && fingerprint !== '' ? fingerprint : undefined;
}
