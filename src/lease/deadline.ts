import type { Clock } from '../time/clock.ts';
import { withDeadline } from '../time/signal-deadline.ts';

/**
 * Runs an operation under a time limit of its own (milliseconds), by the injected clock and regardless of any caller's signal.
 * The operation sees an abort; its own error is what comes out.
 */
export async function withinDeadline<T>(
  clock: Clock,
  limitMs: number,
  operation: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const expired = new AbortController();
  const finished = new AbortController();
  withDeadline(expired.signal, clock.monotonicMs() + limitMs);
  clock.sleep(limitMs, finished.signal).then(
    () => {
      expired.abort(new DOMException(`not finished within ${limitMs} ms`, 'TimeoutError'));
    },
    () => undefined,
  );
  try {
    return await operation(expired.signal);
  } finally {
    finished.abort();
  }
}
