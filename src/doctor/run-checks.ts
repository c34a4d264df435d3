/**
 * Runs checks side by side, each as soon as what it needs is known.
 *
 * Guarantees: every check has one result, in the order given; one that rejects, or takes longer than its limit,
 * fails alone; what needs it is skipped and says why.
 * Non-guarantee: a check that blocks the thread (SQLite does) is not cut at its limit.
 */
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Clock } from '../time/clock.ts';
import { firstOf, withDeadline } from '../time/signal-deadline.ts';
import { skip, type Check, type CheckResult, type Finding } from './check.ts';

const usualLimitMs = 10_000;

interface RunOptions {
  clock: Clock;
  /** Ends the run: it rejects with INTERRUPTED then. */
  signal: AbortSignal;
}

/** Names must be unique, and a check may only need or follow checks before it. */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<CheckResult[]> {
  const results = new Map<string, Promise<CheckResult>>();
  for (const check of checks) results.set(check.name, resultOf(check, results, options));
  const all = await Promise.all(results.values());
  if (options.signal.aborted) throw new RemedyError('INTERRUPTED', 'stopped before every check had ended');
  return all;
}

async function resultOf(
  check: Check,
  earlier: ReadonlyMap<string, Promise<CheckResult>>,
  options: RunOptions,
): Promise<CheckResult> {
  const { name, group, needs = [], after = [] } = check;
  // Taken before the first await: by then the map holds the earlier checks only.
  const needed = needs.map((other) => promised(earlier, other));
  const followed = after.map((other) => promised(earlier, other));
  await Promise.all(followed);
  const missing = (await Promise.all(needed)).find(({ status }) => status === 'fail' || status === 'skip');
  if (missing !== undefined) return { name, group, ...skip(whySkipped(missing)) };
  return { name, group, ...(await findingOf(check, options)) };
}

function promised(earlier: ReadonlyMap<string, Promise<CheckResult>>, name: string): Promise<CheckResult> {
  const found = earlier.get(name);
  if (found === undefined) throw new Error(`no check before it is named ${name}`);
  return found;
}

/** A chain of skips leads back to what began it. */
function whySkipped({ name, status, message }: CheckResult): string {
  return status === 'skip' ? message : `not looked at: "${name}" failed`;
}

async function findingOf(check: Check, { clock, signal }: RunOptions): Promise<Finding> {
  const { limitMs = usualLimitMs } = check;
  const request = new AbortController();
  const timer = new AbortController();
  withDeadline(request.signal, clock.monotonicMs() + limitMs);
  const expiry = clock.sleep(limitMs, AbortSignal.any([timer.signal, signal])).then(() => tooLate(limitMs));
  // When the run itself is stopped the limit rejects, and nobody may be left to hear it.
  expiry.catch(() => undefined);
  try {
    const found = Promise.resolve(check.run(firstOf(request.signal, signal)));
    found.catch(() => undefined);
    return await Promise.race([found, expiry]);
  } catch (thrown) {
    return failureOf(thrown);
  } finally {
    timer.abort();
    request.abort();
  }
}

function tooLate(limitMs: number): Finding {
  return {
    status: 'fail',
    message: `no answer within ${limitMs / 1000} s`,
    details: { code: 'TIMEOUT', limitSeconds: limitMs / 1000 },
    fix: 'Check the network to the server (VPN, proxy, firewall) and its address in the kubeconfig.',
  };
}

/** What was thrown as the failure of one check. */
export function failureOf(thrown: unknown): Finding {
  if (!(thrown instanceof RemedyError)) {
    return {
      status: 'fail',
      message: `this check broke: ${messageOf(thrown)}`,
      fix: 'This is a bug in remedyctl: keep this message for whoever mends it.',
    };
  }
  const { code, message, hint, details } = thrown;
  return {
    status: 'fail',
    message,
    details: { ...details, code },
    fix: hint ?? `docs/errors.md says what ${code} means.`,
  };
}
