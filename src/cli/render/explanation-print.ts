import type { Explanation } from '../../explain/explanation.ts';
import type { Session } from '../session.ts';
import { explanationSummaryLine, emptyExplanationSummary } from './explanation-columns.ts';
import { explanationText } from './explanation-text.ts';
import { printDocument } from './document.ts';
import { printBatch } from './print-batch.ts';

export interface PrintedExplanations {
  /** The `target` of the documents. */
  target: object;
  each: (explanation: Explanation) => void;
}

/**
 * Prints explanations as they come: paragraphs for a terminal; for documents one SignalExplanation where there is one
 * signal, else a SignalExplanationList.
 */
export async function printExplanations(
  session: Session,
  explanations: AsyncIterable<Explanation>,
  { target, each }: PrintedExplanations,
): Promise<void> {
  const { output, paint, render } = session;
  if (render.format.kind === 'table' || render.format.kind === 'wide') {
    const maxWidth = render.format.kind === 'wide' ? undefined : render.table.maxWidth;
    let count = 0;
    for await (const explanation of explanations) {
      each(explanation);
      const between = count === 0 ? '' : '\n';
      count += 1;
      await output.write(between + explanationText(explanation, { paint, maxWidth }));
      if (output.closed) return;
    }
    return;
  }
  const iterator = explanations[Symbol.asyncIterator]();
  const first = await iterator.next();
  const second = first.done === true ? first : await iterator.next();
  const head = { apiVersion: 'remedyctl.dev/v1', target };
  if (first.done !== true && second.done === true) {
    each(first.value);
    await printOne(session, first.value, head);
    return;
  }
  const summary = emptyExplanationSummary();
  await printBatch(session, chained([first, second], iterator), {
    head: { ...head, kind: 'SignalExplanationList' },
    columns: [],
    name: nameOf,
    summary: () => summary,
    summaryLine: explanationSummaryLine,
    each: (explanation) => {
      summary.total += 1;
      summary[explanation.outcome] += 1;
      each(explanation);
    },
  });
}

async function printOne({ output, render }: Session, explanation: Explanation, head: object): Promise<void> {
  const document = { ...head, kind: 'SignalExplanation', ...explanation };
  const view = { document, rows: [explanation], columns: [], name: nameOf, lines: [explanation] };
  await printDocument(output, view, render);
}

function nameOf({ fingerprint }: Explanation): string | undefined {
  return fingerprint === undefined ? undefined : `fingerprint/${fingerprint}`;
}

async function* chained(
  taken: readonly IteratorResult<Explanation, unknown>[],
  rest: AsyncIterator<Explanation>,
): AsyncGenerator<Explanation, void, void> {
  for (const result of taken) if (result.done !== true) yield result.value;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
