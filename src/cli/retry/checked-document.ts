import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { RemedyError } from '../../errors/remedy-error.ts';
import { composeYaml } from '../../signal/read/yaml-document.ts';
import type { Fault } from './document-fault.ts';
import { faultsOf, fieldName } from './document-fault.ts';
import { largestDocument } from './input-text.ts';

/** One YAML or JSON document, of which faults are told by line and field. */
export class CheckedDocument {
  readonly value: unknown;
  readonly #file: string;
  readonly #text: string;
  readonly #schemaName: string;

  /** Throws INVALID_DOCUMENT or EMPTY_INPUT. `schemaName`: what `retry schema` calls it. */
  constructor(text: string, file: string, schemaName: string) {
    this.#file = file;
    this.#text = text;
    this.#schemaName = schemaName;
    this.value = this.#read();
  }

  /** The value as the schema has it. Throws INVALID_DOCUMENT naming line and field of everything that is wrong. */
  check<T>(schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.value);
    if (parsed.success) return parsed.data;
    throw this.invalid(faultsOf(parsed.error));
  }

  invalid(faults: readonly Fault[]): RemedyError {
    const lines = new LineCounter();
    const document = parseDocument(this.#text, { lineCounter: lines, uniqueKeys: false, logLevel: 'silent' });
    const lineOf = (path: readonly PropertyKey[]): number => {
      for (let length = path.length; length >= 0; length -= 1) {
        const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return 1;
    };
    return invalidDocument(
      this.#file,
      faults.map((fault) => ({ ...fault, line: lineOf(fault.path) })),
      this.#schemaName,
    );
  }

  #read(): unknown {
    const [first, second] = composeYaml(this.#text.replace(/^\uFEFF/, ''), largestDocument);
    if (first === undefined) {
      throw new RemedyError('EMPTY_INPUT', `${this.#file}: there is nothing in it`, {
        details: { file: this.#file },
      });
    }
    const wrong = first.refused === undefined ? second : first;
    if (wrong === undefined && first.refused === undefined) return first.value;
    const message = wrong?.refused?.message.split('\n', 1)[0] ?? 'there must be one document only';
    const line = this.#text.slice(0, wrong?.offset).split('\n').length;
    throw invalidDocument(this.#file, [{ line, path: [], message }], this.#schemaName);
  }
}

/** INVALID_DOCUMENT, everything that is wrong at once; the first few are said. */
export function invalidDocument(
  file: string,
  faults: readonly (Fault & { line: number })[],
  schemaName: string,
): RemedyError {
  const problems = faults.map(({ line, path, message }) => ({
    line,
    ...(path.length === 0 ? {} : { field: fieldName(path) }),
    message,
  }));
  const sentences = problems.slice(0, 5).map(({ line, field, message }) => {
    const where = `${file}:${line}`;
    return field === undefined ? `${where}: ${message}` : `${where}: ${field} ${message}`;
  });
  const more = problems.length > 5 ? `; and ${problems.length - 5} more` : '';
  return new RemedyError('INVALID_DOCUMENT', `${sentences.join('; ')}${more}`, {
    hint: `remedyctl retry schema ${schemaName} prints what can stand there`,
    details: { file, problems },
  });
}
