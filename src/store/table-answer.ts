/**
 * What kubectl asks for instead of objects: a Table with the columns of their kind, or their metadata alone. An answer
 * in objects is turned into it as a whole, a watch line by line.
 */
import { compileQuery } from '../jsonpath/jsonpath.ts';
import { Refusal, type Answer } from './answer.ts';
import { isObject, type Json } from './json.ts';
import { badRequest, formRefused } from './refusals.ts';
import { since } from './table-cells.ts';
import { builtinColumns, nameColumn, type Cell, type PrinterColumn } from './printer-columns.ts';
import type { Conversion } from './media-types.ts';
import type { PrinterColumnFacts, ServedKind } from './served-kind.ts';

const metaGroup = 'meta.k8s.io';

export interface ConversionRequest {
  conversion: Conversion;
  kind: ServedKind;
  /** Query parameter: Metadata where it is left out. */
  includeObject: string;
  watch: boolean;
  nowMs: () => number;
}

/** @throws a 400 or 406 refusal */
export function convertAnswer(answer: Answer, request: ConversionRequest): Answer {
  if (!['', 'None', 'Metadata', 'Object'].includes(request.includeObject)) {
    throw badRequest(
      `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(request.includeObject)}: must be 'Metadata', 'Object', 'None', or empty`,
    );
  }
  const converter = new Converter(request);
  const { body } = answer;
  if (request.watch) return { ...answer, body: converter.events(partsOf(body)) };
  if (typeof body === 'string') return { ...answer, body: converter.whole(body) };
  return { ...answer, body: converter.collected(body) };
}

async function* partsOf(body: Answer['body']): AsyncGenerator<Uint8Array> {
  if (typeof body === 'string') yield await Promise.resolve(Buffer.from(body));
  else yield* body;
}

class Converter {
  readonly #request: ConversionRequest;
  readonly #columns: readonly PrinterColumn[];
  #headed = false;

  constructor(request: ConversionRequest) {
    this.#request = request;
    this.#columns = columnsOf(request.kind);
  }

  whole(text: string): string {
    return `${JSON.stringify(this.#convert(JSON.parse(text) as Json))}\n`;
  }

  /** Everything that the server said is needed for one document. */
  async *collected(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const part of parts) chunks.push(part);
    yield Buffer.from(this.whole(Buffer.concat(chunks).toString()));
  }

  /** Events end with a line end; a chunk may hold many, and no event is parted. */
  async *events(parts: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      const lines = Buffer.from(part).toString().split('\n');
      const shown = lines.filter((line) => line !== '').map((line) => this.#event(line));
      yield Buffer.from(shown.join(''));
    }
  }

  #event(line: string): string {
    const event = JSON.parse(line) as { type: string; object: Json };
    if (event.type === 'ERROR') return `${line}\n`;
    return `${JSON.stringify({ type: event.type, object: this.#convert(event.object) })}\n`;
  }

  #convert(value: Json): Json {
    // of what was deleted there is nothing more to show
    if (value['kind'] === 'Status' && value['apiVersion'] === 'v1') return value;
    return this.#request.conversion.to === 'Table' ? this.#table(value) : this.#metadataOf(value);
  }

  #table(value: Json): Json {
    const { conversion, nowMs } = this.#request;
    const items = Array.isArray(value['items']) ? value['items'].filter(isObject) : [value];
    // of a watch, the first event has them for all
    const columnDefinitions = this.#headed ? null : this.#columns.map(definitionOf);
    this.#headed = true;
    return {
      kind: 'Table',
      apiVersion: `${metaGroup}/${conversion.version}`,
      metadata: listMetadataOf(value),
      columnDefinitions,
      rows: items.map((item) => ({
        cells: this.#columns.map(({ cell }) => cell(item, nowMs())),
        ...this.#rowObject(item),
      })),
    };
  }

  #rowObject(item: Json): Json {
    const { includeObject, kind } = this.#request;
    if (includeObject === 'None') return { object: null };
    if (includeObject === 'Object') {
      const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
      return { object: { kind: kind.kind, apiVersion, ...item } };
    }
    return { object: this.#partial(item) };
  }

  #metadataOf(value: Json): Json {
    const { conversion, kind, watch } = this.#request;
    const ofList = conversion.to === 'PartialObjectMetadataList';
    if (!Array.isArray(value['items'])) {
      if (ofList && !watch) throw notAList(kind);
      return this.#partial(value);
    }
    if (!ofList) throw onlyOne(kind);
    return {
      kind: conversion.to,
      apiVersion: `${metaGroup}/${conversion.version}`,
      metadata: listMetadataOf(value),
      items: value['items'].filter(isObject).map((item) => this.#partial(item)),
    };
  }

  #partial(item: Json): Json {
    const apiVersion = `${metaGroup}/${this.#request.conversion.version}`;
    return { kind: 'PartialObjectMetadata', apiVersion, metadata: metadataOf(item) };
  }
}

/** An API server names its own types there. */
function typeOf({ custom, group, kind }: ServedKind, ending: '' | 'List'): string {
  if (custom !== undefined) return `*unstructured.Unstructured${ending}`;
  return `*${group === '' ? 'core' : group.split('.')[0]}.${kind}${ending}`;
}

function onlyOne(kind: ServedKind): Refusal {
  const found = `a list (${typeOf(kind, 'List')})`;
  return formRefused(`you requested PartialObjectMetadata, but the requested object is ${found}`);
}

function notAList(kind: ServedKind): Refusal {
  if (kind.custom !== undefined) return new Refusal({ code: 500, message: 'content is not a list' });
  const found = `not a list (${typeOf(kind, '')})`;
  return formRefused(`you requested PartialObjectMetadataList, but the requested object is ${found}`);
}

function metadataOf(value: Json): Json {
  return isObject(value['metadata']) ? value['metadata'] : {};
}

function listMetadataOf(value: Json): Json {
  const { resourceVersion, continue: more, remainingItemCount } = metadataOf(value);
  return {
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(more === undefined || more === '' ? {} : { continue: more }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  };
}

function definitionOf({ name, type, format, priority }: PrinterColumn): Json {
  return { name, type, format: format ?? '', description: '', priority: priority ?? 0 };
}

function columnsOf(kind: ServedKind): readonly PrinterColumn[] {
  if (kind.custom === undefined) return builtinColumns(kind.res);
  return [nameColumn, ...kind.custom.printerColumns.flatMap(customColumn)];
}

/** A path that cannot be read has no column, as an API server would not have taken its definition. */
function customColumn(facts: PrinterColumnFacts): PrinterColumn[] {
  let query: (value: unknown) => unknown[];
  try {
    query = compileQuery(`{${facts.jsonPath}}`);
  } catch {
    return [];
  }
  const column: PrinterColumn = {
    name: facts.name,
    type: facts.type as PrinterColumn['type'],
    cell: (object, nowMs) => cellOf(query(object)[0], facts.type, nowMs),
  };
  return [facts.priority > 0 ? { ...column, priority: 1 } : column];
}

function cellOf(value: unknown, type: string, nowMs: number): Cell {
  if (value === undefined || value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'integer' && typeof value === 'number') return Math.trunc(value);
  if (type === 'date' && typeof value === 'string') return dateCell(value, nowMs);
  return typeof value === type ? (value as Cell) : null;
}

function dateCell(value: string, nowMs: number): string {
  return Number.isNaN(Date.parse(value)) ? '<invalid>' : since(value, nowMs);
}
