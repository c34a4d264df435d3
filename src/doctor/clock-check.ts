import type { KubeClient } from '../kube/client.ts';
import type { ClockSkew } from '../kube/clock-skew.ts';
import { ok, skip, type Check, type Finding } from './check.ts';

/** What is certain of a skew below this is nobody's trouble. */
const negligibleMs = 1_000;
const setClock =
  'Set the clock of this machine: sudo timedatectl set-ntp true; timedatectl timesync-status shows it.';

interface ClockQuestions {
  client: () => Promise<KubeClient>;
  skew: () => ClockSkew | undefined;
  /** Of the locks that we take. */
  lockDurationSeconds: number;
}

/** How far the server's clock is from ours; asked last, since every answer makes the measurement finer. */
export function clockCheck(questions: ClockQuestions, after: readonly string[]): Check {
  return {
    name: 'clock',
    group: 'server',
    needs: ['reachable'],
    after,
    run: async () => {
      const { target } = await questions.client();
      if (target.kind === 'embedded') return ok("the embedded store's clock is this machine's");
      return judgeSkew(questions.skew(), questions.lockDurationSeconds);
    },
  };
}

/**
 * What a skew means for locks. Times in leases are written by the clock of whoever holds them: one that is behind
 * makes its own locks look old to others, one that is ahead makes them outlive a crash. Ours is corrected when we
 * judge the locks of others. Only what is certain, the skew less its error bound, is held against a clock.
 */
export function judgeSkew(skew: ClockSkew | undefined, lockDurationSeconds: number): Finding {
  if (skew === undefined) return skip('the answers carry no Date header to measure by');
  const { skewMs, errorMs } = skew;
  const certainMs = Math.max(0, Math.abs(skewMs) - errorMs);
  const details = { clockSkewSeconds: skewMs / 1000, clockSkewErrorSeconds: errorMs / 1000 };
  const measured = `${shown(Math.abs(skewMs))} (+- ${shown(errorMs)})`;
  if (certainMs < negligibleMs) {
    return ok(`no skew beyond what can be measured: ${signed(skewMs)} (+- ${shown(errorMs)})`, details);
  }
  return skewMs > 0
    ? behind({ measured, certainMs, details }, lockDurationSeconds)
    : ahead({ measured, certainMs, details }, lockDurationSeconds);
}

interface Measured {
  measured: string;
  certainMs: number;
  details: Record<string, unknown>;
}

/** A holder renews at a third of the duration: from there on a single late renewal loses the lock. */
function behind({ measured, certainMs, details }: Measured, durationSeconds: number): Finding {
  return {
    status: certainMs >= (durationSeconds * 1000) / 3 ? 'fail' : 'warn',
    message: `this machine is ${measured} behind the server: others take our locks of ${durationSeconds} s for expired that much too early`,
    details,
    fix: setClock,
  };
}

function ahead({ measured, certainMs, details }: Measured, durationSeconds: number): Finding {
  return {
    status: certainMs >= durationSeconds * 1000 ? 'fail' : 'warn',
    message: `this machine is ${measured} ahead of the server: a lock of ours that is left by a crash holds others up that much longer`,
    details,
    fix: setClock,
  };
}

function shown(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function signed(ms: number): string {
  return `${ms < 0 ? '-' : ''}${shown(Math.abs(ms))}`;
}
