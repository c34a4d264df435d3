import { markDocumentEnded, markReported } from '../reported.ts';
import type { Session } from '../session.ts';
import { createBatchSink, type BatchView } from './batch.ts';
import { WarningTally } from './warning-tally.ts';

export interface PrintedBatch<Item extends object, Summary extends object> extends Pick<
  BatchView<Item>,
  'head' | 'columns' | 'name'
> {
  summary: () => Summary;
  /** The line under a table. */
  summaryLine: (summary: Summary) => string;
  /** Called for each item before it is printed. */
  each: (item: Item) => void;
  /** The item as documents have it; default: as it is. */
  shape?: (item: Item) => object;
  /** The item without what no column shows: a block of rows is held until it is printed. Default: as it is. */
  tableRow?: (item: Item) => Item;
  /** Called when stdout is closed by its reader, so that no more is begun. */
  onClosed?: () => void;
}

/**
 * Prints items as they come, with progress on stderr. Where the source throws, the document is closed with the
 * error in it and the error goes on to the caller.
 */
export async function printBatch<Item extends object, Summary extends object>(
  session: Session,
  items: AsyncIterable<Item>,
  batch: PrintedBatch<Item, Summary>,
): Promise<void> {
  const { output, render, progress } = session;
  const isDocument = !['table', 'wide', 'name'].includes(render.format.kind);
  const { shape = (item: Item): object => item, tableRow = (item: Item): Item => item } = batch;
  const sink = await createBatchSink<Item>(
    output,
    { ...batch, summaryLine: (summary) => batch.summaryLine(summary as Summary) },
    render,
  );
  const warnings = new WarningTally();
  let count = 0;
  progress.start('reading');
  try {
    for await (const item of items) {
      count += 1;
      batch.each(item);
      if (!isDocument) warnings.add(item);
      progress.update(() => `${count} signals`);
      await sink.item(isDocument ? (shape(item) as Item) : tableRow(item));
      if (output.closed) batch.onClosed?.();
    }
    progress.stop();
    await sink.finish(batch.summary());
    markDocumentEnded(session.runtime);
    warnings.tell(session.notices);
  } catch (thrown) {
    progress.stop();
    if (await sink.fail(thrown, batch.summary())) markReported(thrown);
    throw thrown;
  }
}
