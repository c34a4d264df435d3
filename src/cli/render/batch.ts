import { exactJson } from '../../text/exact-json.ts';
import { errorFacts } from '../error-report.ts';
import { customColumns, nameLine, shownColumns, toYaml, type RenderOptions } from './document.ts';
import type { Output } from './output.ts';
import { BlockTable, type TableColumn, type TableStyle } from './table.ts';

/** What a streamed batch is printed as. */
export interface BatchView<Item> {
  /** `apiVersion`, `kind` and what else stands before the items. */
  head: Record<string, unknown>;
  /** What the list of items is called; default `items`. */
  listKey?: string;
  columns: readonly TableColumn<Item>[];
  name: (item: Item) => string | undefined;
  /** The line under a table. */
  summaryLine: (summary: object) => string;
}

/**
 * Prints items as they come, in memory that does not grow with them (jsonpath alone needs them all at once).
 * One of `finish` and `fail` ends it; after `fail` the document is whole and holds the error.
 */
export interface BatchSink<Item> {
  item(item: Item): Promise<void>;
  /** Prints what is held back to be laid out together; absent where nothing is. */
  flush?: () => Promise<void>;
  finish(summary?: object): Promise<void>;
  /** @returns whether the error stands in a document on stdout now. */
  fail(thrown: unknown, summary?: object): Promise<boolean>;
}

const rowsInBlock = 500;

/** The sink for a format. */
export async function createBatchSink<Item extends object>(
  output: Output,
  view: BatchView<Item>,
  options: RenderOptions,
): Promise<BatchSink<Item>> {
  const { format } = options;
  switch (format.kind) {
    case 'json':
      return new JsonSink(output, view);
    case 'jsonl':
      return new JsonLinesSink(output);
    case 'yaml':
      return new YamlSink(output, view);
    case 'name':
      return new NameSink(output, view);
    case 'jsonpath': {
      const { compileTemplate } = await import('../../jsonpath/jsonpath.ts');
      return new TemplateSink(output, view, compileTemplate(format.template, output.miss));
    }
    case 'table':
    case 'wide': {
      const style = format.kind === 'wide' ? { ...options.table, maxWidth: undefined } : options.table;
      return new TableSink(output, shownColumns(view.columns, format), {
        style,
        summaryLine: view.summaryLine,
      });
    }
    case 'custom-columns': {
      const style = { ...options.table, maxWidth: undefined };
      return new TableSink(output, await customColumns(format.columns), { style });
    }
  }
}

function listKeyOf({ listKey = 'items' }: { listKey?: string }): string {
  return listKey;
}

/** What stands after the items of a batch that ended. */
function endOf(summary: object | undefined): object {
  return summary === undefined ? {} : { summary };
}

/** And of one that broke off. */
function brokenEndOf(thrown: unknown, summary: object | undefined): object {
  return { ...endOf(summary), error: errorFacts(thrown) };
}

/** One document: the head, the items under their key, and the end beside them. */
abstract class DocumentSink<Item extends object> implements BatchSink<Item> {
  protected readonly output: Output;
  protected readonly view: BatchView<Item>;
  protected count = 0;
  /** Whether whoever reads the document is told of the error by it alone. */
  protected abstract readonly holdsErrors: boolean;

  constructor(output: Output, view: BatchView<Item>) {
    this.output = output;
    this.view = view;
  }

  abstract item(item: Item): Promise<void>;

  async finish(summary?: object): Promise<void> {
    await this.close(endOf(summary));
  }

  async fail(thrown: unknown, summary?: object): Promise<boolean> {
    await this.close(brokenEndOf(thrown, summary));
    return this.holdsErrors;
  }

  protected abstract close(end: object): Promise<void>;
}

class JsonSink<Item extends object> extends DocumentSink<Item> {
  protected readonly holdsErrors = true;

  async item(item: Item): Promise<void> {
    const lead = this.count === 0 ? this.#opening() : ',';
    this.count += 1;
    await this.output.write(`${lead}\n${exactJson(item)}`);
  }

  #opening(): string {
    return `${exactJson(this.view.head).slice(0, -1)},${exactJson(listKeyOf(this.view))}:[`;
  }

  protected async close(end: object): Promise<void> {
    const lead = this.count === 0 ? `${this.#opening()}]` : '\n]';
    const members = exactJson(end).slice(1);
    await this.output.write(`${lead}${members === '}' ? '' : ','}${members}\n`);
  }
}

class JsonLinesSink<Item extends object> implements BatchSink<Item> {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  async item(item: Item): Promise<void> {
    await this.#output.write(`${exactJson(item)}\n`);
  }

  async finish(summary?: object): Promise<void> {
    if (summary !== undefined) await this.#output.write(`${exactJson({ summary })}\n`);
  }

  async fail(thrown: unknown, summary?: object): Promise<boolean> {
    await this.#output.write(`${exactJson(brokenEndOf(thrown, summary))}\n`);
    return true;
  }
}

class YamlSink<Item extends object> extends DocumentSink<Item> {
  protected readonly holdsErrors = false;

  async item(item: Item): Promise<void> {
    if (this.count === 0) {
      await this.output.write(`${await toYaml(this.view.head)}${listKeyOf(this.view)}:\n`);
    }
    this.count += 1;
    await this.output.write(await toYaml([item]));
  }

  protected async close(end: object): Promise<void> {
    if (this.count === 0)
      await this.output.write(await toYaml({ ...this.view.head, [listKeyOf(this.view)]: [] }));
    if (Object.keys(end).length > 0) await this.output.write(await toYaml(end));
  }
}

class NameSink<Item extends object> implements BatchSink<Item> {
  readonly #output: Output;
  readonly #view: BatchView<Item>;

  constructor(output: Output, view: BatchView<Item>) {
    this.#output = output;
    this.#view = view;
  }

  async item(item: Item): Promise<void> {
    await this.#output.writeText(nameLine(this.#view.name(item)));
  }

  finish(): Promise<void> {
    return Promise.resolve();
  }

  fail(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

class TemplateSink<Item extends object> implements BatchSink<Item> {
  readonly #output: Output;
  readonly #view: BatchView<Item>;
  readonly #render: (value: unknown) => string;
  readonly #items: Item[] = [];

  constructor(output: Output, view: BatchView<Item>, render: (value: unknown) => string) {
    this.#output = output;
    this.#view = view;
    this.#render = render;
  }

  item(item: Item): Promise<void> {
    this.#items.push(item);
    return Promise.resolve();
  }

  async finish(summary?: object): Promise<void> {
    await this.#output.writeText(
      this.#render({ ...this.#view.head, [listKeyOf(this.#view)]: this.#items, summary }),
    );
  }

  async fail(_thrown: unknown, summary?: object): Promise<boolean> {
    await this.finish(summary);
    return false;
  }
}

interface TableSinkOptions {
  style: TableStyle;
  summaryLine?: (summary: object) => string;
}

class TableSink<Item extends object> implements BatchSink<Item> {
  readonly #output: Output;
  readonly #table: BlockTable<Item>;
  readonly #summaryLine: ((summary: object) => string) | undefined;
  #rows: Item[] = [];

  constructor(output: Output, columns: readonly TableColumn<Item>[], options: TableSinkOptions) {
    this.#output = output;
    this.#table = new BlockTable(columns, options.style);
    this.#summaryLine = options.summaryLine;
  }

  async item(item: Item): Promise<void> {
    this.#rows.push(item);
    if (this.#rows.length >= rowsInBlock) await this.flush();
  }

  async finish(summary?: object): Promise<void> {
    await this.flush();
    if (summary !== undefined && this.#summaryLine !== undefined) {
      await this.#output.write(`${this.#summaryLine(summary)}\n`);
    }
  }

  async fail(_thrown: unknown, summary?: object): Promise<boolean> {
    await this.finish(summary);
    return false;
  }

  readonly flush = async (): Promise<void> => {
    const rows = this.#rows;
    this.#rows = [];
    if (rows.length > 0) await this.#output.write(this.#table.block(rows));
  };
}
