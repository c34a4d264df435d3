import { markDocumentEnded, markReported } from '../reported.ts';
import type { Session } from '../session.ts';
import { createBatchSink, type BatchView } from './batch.ts';
import { HintTally } from './hint-tally.ts';
import { counted } from '../../text/count.ts';
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
  /** What an item is, in the singular; default: signal. */
  noun?: string;
  /** The item without what no column shows: a block of rows is held until it is printed. Default: as it is. */
  tableRow?: (item: Item) => Item;
  /** Whether asking for an item does something: then all are asked for, though nobody takes what is printed. */
  works?: boolean;
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
  const { shape = same, tableRow = same, noun = 'signal' } = batch;
  const sink = await createBatchSink<Item>(
    output,
    { ...batch, summaryLine: (summary) => batch.summaryLine(summary as Summary) },
    render,
  );
  const tallies = talliesOf(render.format.kind, noun);
  let count = 0;
  progress.start('reading');
  try {
    for await (const item of items) {
      count += 1;
      batch.each(item);
      tallies.add(item);
      progress.update(() => counted(count, noun));
      await sink.item(isDocument ? (shape(item) as Item) : tableRow(item));
      if (output.closed && batch.works !== true) break;
    }
    progress.stop();
    await sink.finish(batch.summary());
    markDocumentEnded(session.runtime);
    tallies.tell(session.notices);
    tellUnread(session, batch);
  } catch (thrown) {
    progress.stop();
    if (await sink.fail(thrown, batch.summary())) markReported(thrown);
    throw thrown;
  }
}

function same<T>(item: T): T {
  return item;
}

/** What is told on stderr of items whose format has no place for it. */
function talliesOf(format: string, noun: string): Pick<WarningTally & HintTally, 'add' | 'tell'> {
  const tallies: (WarningTally | HintTally)[] = [];
  const isTable = format === 'table' || format === 'wide';
  if (isTable || format === 'name') tallies.push(new WarningTally());
  if (isTable) tallies.push(new HintTally(noun));
  return {
    add: (item) => {
      for (const tally of tallies) tally.add(item);
    },
    tell: (notices) => {
      for (const tally of tallies) tally.tell(notices);
    },
  };
}

/** Who cannot read what became of the items is told this much. */
function tellUnread<Item extends object, Summary extends object>(
  { output, notices }: Session,
  { works, summary, summaryLine }: PrintedBatch<Item, Summary>,
): void {
  if (output.closed && works === true) notices.say(summaryLine(summary()));
}
