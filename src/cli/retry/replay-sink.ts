import { createBatchSink } from '../render/batch.ts';
import type { BatchSink } from '../render/batch.ts';
import type { TableColumn } from '../render/table.ts';
import type { Session } from '../session.ts';
import { takesUtf8 } from '../charset.ts';
import { replaySummaryText, replayText } from './replay-text.ts';
import type { ReplayTextStyle } from './replay-text.ts';
import type { ReplayItem, ReplaySummary } from '../../replay/replay-run.ts';

/** Where replayed operations go: text with timelines, or the document. */
export async function createReplaySink(
  session: Session,
  options: { head: Record<string, unknown>; bothSides: boolean },
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
    return createBatchSink<ReplayItem>(output, view, render);
  }
  const { drawChart } = await import('./chart.ts');
  const utf8 = takesUtf8(runtime.env);
  const chartWidth = Math.min(output.columns ?? 80, 120);
  return new TextSink(output, {
    width: kind === 'wide' ? undefined : render.table.maxWidth,
    utf8,
    header: render.table.header,
    wide: kind === 'wide',
    bothSides: options.bothSides,
    drawStorm: ({ requests }) =>
      drawChart(
        [{ name: 'requests', points: requests.map(({ atSeconds, requests: count }) => [atSeconds, count]) }],
        { y: String },
        { width: chartWidth, utf8 },
      ),
  });
}

const noColumns: readonly TableColumn<ReplayItem>[] = [];
/** Texts that are written at once. */
const textLength = 64 * 1024;

class TextSink implements BatchSink<ReplayItem> {
  readonly #output: Session['output'];
  readonly #style: ReplayTextStyle;
  #text = '';

  constructor(output: Session['output'], style: ReplayTextStyle) {
    this.#output = output;
    this.#style = style;
  }

  async item(item: ReplayItem): Promise<void> {
    this.#text += replayText(item, this.#style);
    if (this.#text.length >= textLength) await this.#flush();
  }

  async finish(summary?: object): Promise<void> {
    if (summary !== undefined) this.#text += replaySummaryText(summary as ReplaySummary);
    await this.#flush();
  }

  async fail(_thrown: unknown, summary?: object): Promise<boolean> {
    await this.finish(summary);
    return false;
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    await this.#output.write(text);
  }
}
