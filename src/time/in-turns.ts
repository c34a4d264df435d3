import { setImmediate } from 'node:timers/promises';

/**
 * The items, with a turn of the event loop after every `perTurn` of them, in which a Ctrl-C is seen. Throws the signal's
 * reason then.
 */
export async function* inTurns<T>(
  items: Iterable<T>,
  perTurn: number,
  signal: AbortSignal,
): AsyncGenerator<T, void> {
  let handed = 0;
  for (const item of items) {
    yield item;
    handed += 1;
    if (handed % perTurn !== 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
}
