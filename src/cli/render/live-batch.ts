import type { Session } from '../session.ts';
import type { BatchSink } from './batch.ts';
import type { RenderOptions } from './document.ts';

/** How a batch comes onto the screen. */
interface BatchWay {
  render(options: RenderOptions): RenderOptions;
  /** What is said while it goes on; absent: how many there are. */
  says?: () => string;
  begin(): void;
  print(item: () => Promise<void>): Promise<void>;
  items<Item>(items: AsyncIterable<Item>, sink: Pick<BatchSink<Item>, 'flush'>): AsyncIterable<Item>;
}

/** Rows are laid out together, and what is said makes way in the end. */
const atOnce: BatchWay = {
  render: (options) => options,
  begin: () => undefined,
  print: (item) => item(),
  items: (items) => items,
};

/** `says`: of a run that may go on for days. */
export function wayOf(session: Session, says: (() => string) | undefined): BatchWay {
  if (says === undefined) return atOnce;
  const { progress } = session;
  return {
    render: (options) => ({ ...options, table: { ...options.table, goesOn: true } }),
    says,
    begin: () => {
      progress.keep(says);
    },
    print: (item) => progress.aside(item),
    items: (items, { flush }) => (flush === undefined ? items : flushed(session, items, flush)),
  };
}

const flushAfterMs = 500;

/** The items as they come; what the sink has held for half a second is printed while the next one is waited for. */
async function* flushed<Item>(
  { runtime: { clock }, progress }: Session,
  items: AsyncIterable<Item>,
  flush: () => Promise<void>,
): AsyncGenerator<Item, void, void> {
  const iterator = items[Symbol.asyncIterator]();
  const over = new AbortController();
  let due: Promise<'due'> | undefined;
  let next = iterator.next();
  try {
    for (;;) {
      const step = due === undefined ? await next : await Promise.race([next, due]);
      if (step === 'due') {
        due = undefined;
        await progress.aside(() => flush());
        continue;
      }
      if (step.done === true) return;
      due ??= clock.sleep(flushAfterMs, over.signal).then(() => 'due' as const);
      due.catch(() => undefined);
      yield step.value;
      next = iterator.next();
    }
  } finally {
    over.abort();
    next.catch(() => undefined);
    await iterator.return?.();
  }
}
