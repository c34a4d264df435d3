import { parseDuration } from '../../config/duration.ts';
import { RemedyError } from '../../errors/remedy-error.ts';

/** What `request ack` is to do. */
export interface AckWish {
  dryRun: 'client' | 'server' | undefined;
  yes: boolean;
  reason: string | undefined;
  settleMs: number;
}

const longestReason = 1024;
const longestSettleMs = 3_600_000;

/** Throws USAGE. */
export function readAckFlags(flags: {
  'dry-run'?: 'client' | 'server' | undefined;
  yes?: boolean | undefined;
  reason?: string | undefined;
  settle: string;
}): AckWish {
  const { reason, settle } = flags;
  if (reason !== undefined && (reason.trim() === '' || reason.length > longestReason)) {
    throw new RemedyError('USAGE', `--reason must have 1 to ${longestReason} characters`);
  }
  const settleMs = parseDuration(settle);
  if (settleMs === undefined || settleMs < 0 || settleMs > longestSettleMs) {
    throw new RemedyError('USAGE', `--settle: "${settle}" is no duration between 0 and 1h`, {
      hint: 'for example --settle 5s',
    });
  }
  return { dryRun: flags['dry-run'], yes: flags.yes === true, reason, settleMs };
}
