import * as z from 'zod';
import { RemedyError } from '../errors/remedy-error.ts';
import { documentError } from './config-problem.ts';
import { byPlace, placesInText, problemOf, type Fault } from './document-places.ts';
import { largestDocument } from './input-text.ts';
import { faultsOf } from './schema-problems.ts';
import { advance, type TextPosition } from './text-position.ts';
import { yamlDocuments } from './yaml-document.ts';
import { workOnYaml } from './yaml-thread.ts';

/** A text of a file, or a part of it, whose faults are to be told. */
export interface DocumentSource {
  text: string;
  /** As the user named it. */
  file: string;
  /** What the user is to look at for what can stand there. */
  hint: string;
  /** Of the file, on which the text starts; default 1. */
  line?: number;
  /** Ends the reading of a large document with its reason. */
  signal?: AbortSignal | undefined;
}

/** Faults that are told at most: one slip may be followed by thousands. */
const mostFaults = 20;

/** One YAML or JSON document, of which faults are told by line, column and field. */
export class CheckedDocument {
  readonly value: unknown;
  readonly #source: DocumentSource;

  private constructor(value: unknown, source: DocumentSource) {
    this.value = value;
    this.#source = source;
  }

  /** Parses the text; a large one in a thread. @throws INVALID_DOCUMENT, EMPTY_INPUT */
  static async read(source: DocumentSource): Promise<CheckedDocument> {
    return new CheckedDocument(await readValue(source), source);
  }

  /** The value as the schema has it. @throws INVALID_DOCUMENT with everything that is wrong */
  async check<T>(schema: z.ZodType<T>): Promise<T> {
    const checked = checkValue(this.value, schema);
    if ('faults' in checked) throw await this.invalid(checked.faults);
    return checked.data;
  }

  /** What no schema says of the document, as an error. */
  invalid(faults: readonly Fault[]): Promise<RemedyError> {
    return invalidDocument(this.#source, faults);
  }
}

/** The value as the schema has it, or everything that is wrong with it. */
export function checkValue<T>(value: unknown, schema: z.ZodType<T>): { data: T } | { faults: Fault[] } {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { data: parsed.data };
  return { faults: faultsOf(parsed.error.issues, z.toJSONSchema(schema, { io: 'input' })) };
}

/** INVALID_DOCUMENT with the places of the faults in a YAML or JSON text. */
export async function invalidDocument(
  { text, file, hint, line = 1, signal }: DocumentSource,
  faults: readonly Fault[],
): Promise<RemedyError> {
  const told = faults.slice(0, mostFaults);
  const paths = told.map(({ path }) => path);
  let places: TextPosition[] = [];
  for await (const found of workOnYaml(placesInText, { text, paths }, { bytes: text.length, signal })) {
    places = found;
  }
  const problems = told.map((fault, index) => {
    const { line: inText, column } = places[index] ?? { line: 1, column: 1 };
    return problemOf(file, { line: line + inText - 1, column }, fault);
  });
  return documentError(problems.sort(byPlace), hint);
}

async function readValue({ text, file, hint, signal }: DocumentSource): Promise<unknown> {
  const utf8 = Buffer.from(text.replace(/^\uFEFF/, ''));
  const options = { bytes: utf8.length, signal };
  const parts = workOnYaml(yamlDocuments, { utf8, maxDocumentBytes: largestDocument }, options);
  let value: { json: string } | undefined;
  for await (const part of parts) {
    if (part.refused === undefined && value === undefined) {
      value = { json: part.text };
      continue;
    }
    const message = part.refused?.message.split('\n', 1)[0] ?? 'there must be one document only';
    const at = advance({ line: 1, column: 1 }, utf8, 0, part.offset);
    throw documentError([problemOf(file, at, { path: [], message })], hint);
  }
  if (value !== undefined) return JSON.parse(value.json);
  throw new RemedyError('EMPTY_INPUT', `${file}: there is nothing in it`, { details: { file } });
}
