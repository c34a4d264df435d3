import { markDocumentEnded, markReported } from '../reported.ts';
import type { Session } from '../session.ts';
import { createBatchSink, type BatchView } from './batch.ts';
import { HintTally } from './hint-tally.ts';
import { wayOf } from './live-batch.ts';
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
  /** Items that one line stands for, where a table is for people. Default: none. */
  folds?: (item: Item) => boolean;
  /** That line, of so many. */
  foldedLine?: (count: number) => string;
  /** Of a run that may go on for days: says on a terminal how it goes, and rows of a table come within half a second. */
  live?: (() => string) | undefined;
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
  const fold = new Fold(batch, render.format.kind);
  const way = wayOf(session, batch.live);
  const sink = await createBatchSink<Item>(
    output,
    { ...batch, summaryLine: (summary) => batch.summaryLine(summary as Summary) },
    way.render(render),
  );
  const tallies = talliesOf(session, noun);
  const print = async (item: Item): Promise<void> => {
    const shown = isDocument ? (shape(item) as Item) : tableRow(item);
    if (!fold.takes(item)) await way.print(() => sink.item(shown));
  };
  let count = 0;
  progress.start('reading');
  way.begin();
  try {
    for await (const item of way.items(items, sink)) {
      count += 1;
      batch.each(item);
      tallies.add(item);
      progress.update(way.says ?? (() => counted(count, noun)));
      await print(item);
      if (output.closed && batch.works !== true) break;
    }
    progress.stop();
    await sink.finish(batch.summary());
    markDocumentEnded(session.runtime);
    fold.tell(session.notices);
    tallies.tell(session.notices);
    tellUnread(session, batch);
  } catch (thrown) {
    progress.stop();
    if (await sink.fail(thrown, batch.summary())) markReported(thrown);
    throw thrown;
  }
}

/** Counts the items that one line stands for. */
class Fold<Item extends object> {
  readonly #batch: Pick<PrintedBatch<Item, object>, 'folds' | 'foldedLine'>;
  readonly #isTable: boolean;
  #count = 0;

  constructor(batch: Pick<PrintedBatch<Item, object>, 'folds' | 'foldedLine'>, format: string) {
    this.#batch = batch;
    this.#isTable = format === 'table';
  }

  /** Whether the item has no row of its own. */
  takes(item: Item): boolean {
    if (!this.#isTable || this.#batch.folds?.(item) !== true) return false;
    this.#count += 1;
    return true;
  }

  tell(notices: { say: (text: string) => void }): void {
    const line = this.#count === 0 ? undefined : this.#batch.foldedLine?.(this.#count);
    if (line !== undefined) notices.say(line);
  }
}

function same<T>(item: T): T {
  return item;
}

/** What is told on stderr of items whose format has no place for it. */
function talliesOf({ render, scope }: Session, noun: string): Pick<WarningTally & HintTally, 'add' | 'tell'> {
  const tallies: (WarningTally | HintTally)[] = [];
  const format = render.format.kind;
  const isTable = format === 'table' || format === 'wide';
  if (isTable || format === 'name') tallies.push(new WarningTally());
  if (isTable) tallies.push(new HintTally(noun, scope));
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
