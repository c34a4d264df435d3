import type { KubeObject } from '../api/objects.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { readDocuments, type ReadOptions } from './read-documents.ts';
import type { ReadDocument } from './source-document.ts';

/**
 * Kubernetes objects out of files: any mix of single objects, Lists and typed lists, as JSON or YAML.
 * The first thing that is none stops it, named by file and document: nothing is taken in half.
 * Throws INVALID_DOCUMENT and whatever the reader refuses a document with.
 */
export async function readObjects(inputs: readonly string[], options: ReadOptions): Promise<KubeObject[]> {
  const objects: KubeObject[] = [];
  for await (const document of readDocuments(inputs, options)) {
    if (document.kind === 'unreadable') {
      const { code, message, hint } = document.reason;
      throw new RemedyError(code, message, { hint, details: { file: document.file } });
    }
    for (const object of objectsOf(document)) objects.push(object);
  }
  return objects;
}

function* objectsOf(document: ReadDocument): Iterable<KubeObject> {
  const { value } = document;
  if (!isRecord(value)) throw invalid(document, 'is no Kubernetes object');
  const { kind, items } = value;
  if (typeof kind !== 'string' || !Array.isArray(items) || !kind.endsWith('List')) {
    yield asObject(value, document, '');
    return;
  }
  const ofList =
    kind === 'List' ? {} : { apiVersion: value['apiVersion'], kind: kind.slice(0, -'List'.length) };
  for (const [index, item] of items.entries()) {
    if (!isRecord(item)) throw invalid(document, `item ${index} is no Kubernetes object`);
    yield asObject({ ...ofList, ...item }, document, `item ${index} `);
  }
}

function asObject(value: Record<string, unknown>, document: ReadDocument, which: string): KubeObject {
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    throw invalid(document, `${which}has no apiVersion and kind`);
  }
  if (!isRecord(metadata) || typeof metadata['name'] !== 'string' || metadata['name'] === '') {
    throw invalid(document, `${which}has no metadata.name`);
  }
  const { namespace = '' } = metadata;
  if (typeof namespace !== 'string') throw invalid(document, `${which}metadata.namespace is no text`);
  return value as unknown as KubeObject;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid({ file, document, line }: ReadDocument, problem: string): RemedyError {
  return new RemedyError('INVALID_DOCUMENT', `${file}, document ${document} (line ${line}): ${problem}`, {
    hint: 'nothing was imported; give objects with apiVersion, kind and metadata.name, or a List of them',
    details: { file, document, line },
  });
}
