/**
 * Turns documents into signals: each is of one of the formats in formats/formats.ts, and yields one item per alert or
 * event. What concerns the whole document (duplicate keys, a foreign version) is warned about at its first item.
 */
import type { ReadDocument, SourceDocument } from '../documents/source-document.ts';
import { arrayElement } from './formats/array.ts';
import type { FormatInput, ParseOptions } from './formats/format.ts';
import { describeValue, refusalFor, unknownFormat } from './formats/format.ts';
import { signalFormats } from './formats/formats.ts';
import { listItem } from './formats/kubernetes-events.ts';
import type { ParsedItem } from './parsed-signal.ts';
import type { SignalSource } from './signal.ts';

export type { ParseOptions } from './formats/format.ts';

/**
 * A parser for the documents of one run, in their order: of a document that comes in parts the items are counted on
 * from part to part. It never throws for what a document holds: every refusal is an item.
 */
export function signalParser(options: ParseOptions = {}): (document: SourceDocument) => Iterable<ParsedItem> {
  let under: Pick<SourceDocument, 'file' | 'document'> | undefined;
  let next = 0;
  return (document) => {
    const { file, document: number, part } = document;
    const goesOn = part !== undefined && part.index > 0 && under?.file === file && under.document === number;
    if (!goesOn) next = 0;
    under = { file, document: number };
    return parseDocument(document, options, () => ({ file, document: number, index: next++ }));
  };
}

/** The signals of one document that stands for itself; see `signalParser` for those of a run. */
export function parseSignals(document: ReadDocument, options: ParseOptions = {}): Iterable<ParsedItem> {
  return signalParser(options)(document);
}

function* parseDocument(
  document: SourceDocument,
  options: ParseOptions,
  nextSource: () => SignalSource,
): Iterable<ParsedItem> {
  if (document.kind === 'unreadable') {
    yield { source: nextSource(), outcome: 'rejected', reason: document.reason, warnings: [] };
    return;
  }
  const { value, text, part } = document;
  const said = { items: 0 };
  const nextItem = (): SignalSource => {
    said.items += 1;
    return nextSource();
  };
  const warnings = [...document.warnings];
  const input = { value, text: () => text, warnings, nextSource: nextItem, options, inner: signalsOf };
  try {
    if (part?.of === 'items') yield* listItem(input, part.frame, part.index);
    else if (part?.of === 'array') yield* arrayElement(input, part.index);
    else yield* signalsOf(input);
  } catch (thrown) {
    yield refusalFor(thrown, nextItem(), { warnings: document.warnings });
  }
  if (said.items > 0) return;
  for (const notice of document.warnings) options.unsaid?.(document.file, notice);
}

function signalsOf(input: FormatInput): Iterable<ParsedItem> {
  const format = signalFormats.find(({ matches }) => matches(input.value));
  if (format === undefined) throw unknownFormat(describeValue(input.value));
  return format.signals(input);
}
