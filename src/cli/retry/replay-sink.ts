import { createBatchSink } from '../render/batch.ts';
import type { BatchSink } from '../render/batch.ts';
import type { TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';
import { takesUtf8 } from '../charset.ts';
import { toTerminalText } from '../terminal-text.ts';
import { wrapText } from '../render/wrapped-text.ts';
import { answerLines } from './replay-answer.ts';
import type { Question } from './replay-answer.ts';
import { ReplayFigures } from './replay-figures.ts';
import { replaySummaryText, replayText } from './replay-text.ts';
import type { ReplayTextStyle } from './replay-text.ts';
import type { ReplayItem, ReplaySummary } from '../../replay/replay-run.ts';
import type { RequestStorm } from '../../retry/request-storm.ts';
import { counted } from '../../text/count.ts';

/** Which operations to print. */
export type Shown = 'all' | 'differing' | 'summary';

/** Where replayed operations go: text with timelines, or the document. */
export async function createReplaySink(
  session: Session,
  options: { head: Record<string, unknown>; question: Question; show: Shown | undefined },
): Promise<BatchSink<ReplayItem>> {
  const { output, render, runtime } = session;
  const { kind } = render.format;
  if (kind !== 'table' && kind !== 'wide') {
    const view = {
      head: { apiVersion: 'remedyctl.dev/v1', kind: 'RetryReplay', ...options.head },
      listKey: 'operations',
      columns: noColumns,
      name: ({ id, operation }: ReplayItem) => `${operation}/${id}`,
      summaryLine: () => '',
    };
    return new ShownOnly(await createBatchSink<ReplayItem>(output, view, render), options.show ?? 'all');
  }
  const { drawStorm } = await import('./storm-chart.ts');
  const utf8 = takesUtf8(runtime.env);
  const chartWidth = Math.min(output.columns ?? 80, 120);
  const { isChanged } = options.question;
  const style = {
    width: kind === 'wide' ? undefined : render.table.maxWidth,
    utf8,
    header: render.table.header,
    wide: kind === 'wide',
    bothSides: isChanged,
    drawStorm: (storm: RequestStorm) => drawStorm(storm, { width: chartWidth, utf8 }),
  };
  const show = options.show ?? (isChanged ? 'differing' : 'all');
  return new TextSink(output, { style, question: options.question, show });
}

const noColumns: readonly TableColumn<ReplayItem>[] = [];
/** Characters that are held until the answer is known; a longer text is written as it comes, with the answer last. */
const mostHeld = 4 * 1024 * 1024;
/** Characters that are written at once. */
const textLength = 64 * 1024;

function isShown({ differs }: ReplayItem, show: Shown): boolean {
  return show === 'all' || (show === 'differing' && differs);
}

/** What many runs or clients came to was asked for, whatever is shown of the timelines. */
function hasFigures({ distribution, storm }: ReplayItem): boolean {
  return distribution !== undefined || storm !== undefined;
}

/** The document, without the operations that are not to be shown. */
class ShownOnly implements BatchSink<ReplayItem> {
  readonly #sink: BatchSink<ReplayItem>;
  readonly #show: Shown;

  constructor(sink: BatchSink<ReplayItem>, show: Shown) {
    this.#sink = sink;
    this.#show = show;
  }

  async item(item: ReplayItem): Promise<void> {
    if (isShown(item, this.#show) || hasFigures(item)) await this.#sink.item(item);
  }

  finish(summary?: object): Promise<void> {
    return this.#sink.finish(summary);
  }

  fail(thrown: unknown, summary?: object): Promise<boolean> {
    return this.#sink.fail(thrown, summary);
  }
}

/** The answer first, then the operations, then the counts. */
class TextSink implements BatchSink<ReplayItem> {
  readonly #output: Session['output'];
  readonly #options: { style: ReplayTextStyle; question: Question; show: Shown };
  readonly #figures = new ReplayFigures();
  #text = '';
  #isTooLong = false;
  #left = 0;

  constructor(
    output: Session['output'],
    options: { style: ReplayTextStyle; question: Question; show: Shown },
  ) {
    this.#output = output;
    this.#options = options;
  }

  async item(item: ReplayItem): Promise<void> {
    const { style, show } = this.#options;
    this.#figures.add(item);
    const timeline = isShown(item, show);
    if (!timeline) this.#left += 1;
    if (timeline || hasFigures(item)) this.#text += replayText(item, style, { timeline });
    this.#isTooLong ||= this.#text.length >= mostHeld;
    if (this.#isTooLong && this.#text.length >= textLength) await this.#flush();
  }

  async finish(summary?: object): Promise<void> {
    if (summary !== undefined) {
      const counts = summary as ReplaySummary;
      const answer = this.#answer(counts);
      const end = `${this.#leftText()}${replaySummaryText(counts)}`;
      this.#text = this.#isTooLong ? `${this.#text}${answer}\n${end}` : `${answer}\n${this.#text}${end}`;
    }
    await this.#flush();
  }

  async fail(_thrown: unknown, summary?: object): Promise<boolean> {
    await this.finish(summary);
    return false;
  }

  #answer(summary: ReplaySummary): string {
    const { style, question } = this.#options;
    const lines = [...answerLines(summary, question), ...this.#figures.lines()];
    return lines
      .flatMap((line) => wrapText(toTerminalText(line), style.width))
      .map((line) => `${line}\n`)
      .join('');
  }

  /** What a person may miss; whoever chose what is shown knows. */
  #leftText(): string {
    if (this.#left === 0 || this.#options.show !== 'differing') return '';
    return `${counted(this.#left, 'operation')} did not differ: --show all lists all\n`;
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#output.write(text);
  }
}
