import { aDuration, parseDuration } from '../../time/duration.ts';
import { checkReason } from '../../dedup/acknowledge.ts';
import { RemedyError } from '../../errors/remedy-error.ts';

/** What `request ack` is to do. */
export interface AckWish {
  dryRun: 'client' | 'server' | undefined;
  yes: boolean;
  reason: string | undefined;
  settleMs: number;
}

const longestSettleMs = 3_600_000;

/** Throws USAGE, INVALID_OPTION. */
export function readAckFlags(flags: {
  'dry-run'?: 'client' | 'server' | undefined;
  yes?: boolean | undefined;
  reason?: string | undefined;
  settle: string;
}): AckWish {
  const { reason, settle } = flags;
  checkReason(reason);
  const settleMs = parseDuration(settle);
  if (settleMs === undefined || settleMs < 0 || settleMs > longestSettleMs) {
    const expected = aDuration({ minMs: 0, maxMs: longestSettleMs });
    throw new RemedyError('USAGE', `--settle must be ${expected}, not "${settle}"`);
  }
  return { dryRun: flags['dry-run'], yes: flags.yes === true, reason, settleMs };
}
