import { Readable } from 'node:stream';
import { readDocuments, type ReadOptions } from '../../../src/documents/read-documents.ts';
import type { SourceDocument } from '../../../src/documents/source-document.ts';

export type Overrides = Partial<ReadOptions>;

export function streamOf(...chunks: (string | Uint8Array)[]): Readable {
  return Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
}

export async function collect(inputs: string[], overrides: Overrides = {}): Promise<SourceDocument[]> {
  const documents: SourceDocument[] = [];
  const options = { cwd: '/', stdin: streamOf(), ...overrides };
  for await (const document of readDocuments(inputs, options)) documents.push(document);
  return documents;
}

/** What comes out of stdin that holds `content`. */
export function readText(content: string | Uint8Array, overrides: Overrides = {}): Promise<SourceDocument[]> {
  return collect(['-'], { stdin: streamOf(content), ...overrides });
}

/** Each document in one line: its text, or its refusal. */
export function brief(documents: SourceDocument[]): string[] {
  return documents.map((each) =>
    each.kind === 'document'
      ? `${each.document} ${each.text}`
      : `${each.document} ${each.reason.code} ${each.reason.message}`,
  );
}

export function valuesOf(documents: SourceDocument[]): unknown[] {
  return documents.map((each) => {
    if (each.kind === 'unreadable') throw new Error(each.reason.message);
    return each.value;
  });
}
