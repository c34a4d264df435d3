import type { Clock } from '../../time/clock.ts';

/** What comes within this of the first of a block belongs to it: a list arrives as a burst. */
const burstMs = 100;
const mostInBlock = 500;

/** The items in blocks of those that come at once. An error comes after the items before it. */
export async function* gathered<T>(items: AsyncIterable<T>, clock: Clock): AsyncGenerator<T[], void, void> {
  const iterator = items[Symbol.asyncIterator]();
  let next = asked(iterator);
  for (;;) {
    const first = await next;
    if (first.done === true) return;
    const block = [first.value];
    next = asked(iterator);
    const over = new AbortController();
    const burst = clock.sleep(burstMs, over.signal).catch(() => undefined);
    while (block.length < mostInBlock) {
      const came = await Promise.race([next.catch(() => undefined), burst]);
      if (came === undefined || came.done === true) break;
      block.push(came.value);
      next = asked(iterator);
    }
    over.abort();
    yield block;
  }
}

function asked<T>(iterator: AsyncIterator<T>): Promise<IteratorResult<T, unknown>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}
