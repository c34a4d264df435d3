import { Composer, isMap, isScalar, isSeq, Parser, type Document, type ParsedNode } from 'yaml';
import type { ErrorCode } from '../errors/error-codes.ts';
import { messageOf } from '../errors/remedy-error.ts';
import { unfoldedSize } from './unfolded-size.ts';
import type { Notice } from '../errors/reason.ts';
import { warnOfDuplicates, type KeyPath } from './duplicate-keys.ts';
import { readFastYaml } from './fast-yaml.ts';
import { maxDepth } from './json-value-scanner.ts';
import { findTooDeep } from './yaml-depth.ts';
import type { YamlWork } from './yaml-thread.ts';

/** Aliases that one document may resolve to, counted through each other: the yaml library's own guard. */
const maxAliasCount = 100;

/** YAML 1.2 core, as JSON has it: string keys, no tags that make objects, timestamps stay strings. */
const yamlOptions = {
  version: '1.2',
  schema: 'core',
  merge: true,
  stringKeys: true,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** One document of a YAML text, by its JSON; `offset` is the byte at which it starts, or where it is wrong. */
export type YamlPart =
  | { offset: number; refused: { code: ErrorCode; message: string } }
  | { offset: number; refused?: never; text: string; warnings: Notice[] };

interface YamlInput {
  /** UTF-8. */
  utf8: Uint8Array;
  maxDocumentBytes: number;
  /** The text is a sequence of so many elements, of which the last one is asked for; `path` leads to it. */
  lastOf?: { count: number; path: KeyPath };
}

/** Reads a YAML text as JSON; documents with nothing in them are passed over. */
export const yamlDocuments: YamlWork<YamlInput, YamlPart> = {
  name: 'documents',
  *run(input) {
    const { utf8 } = input;
    const text = Buffer.from(utf8.buffer, utf8.byteOffset, utf8.byteLength).toString('utf8');
    for (const part of input.lastOf === undefined ? fastOrComposed(text, input) : composeYaml(text, input)) {
      yield { ...part, offset: Buffer.byteLength(text.slice(0, part.offset)) };
    }
  },
};

function fastOrComposed(text: string, input: YamlInput): Iterable<YamlPart> {
  const fast = readFastYaml(text);
  if (fast === undefined) return composeYaml(text, input);
  return [{ offset: fast.offset, text: JSON.stringify(fast.value), warnings: [] }];
}

function* composeYaml(text: string, input: YamlInput): Generator<YamlPart, void> {
  const tokens = [...new Parser().parse(text)];
  const deep = findTooDeep(tokens);
  if (deep !== undefined) {
    yield invalid(deep, `nested deeper than ${maxDepth}`);
    return;
  }
  for (const document of new Composer(yamlOptions).compose(tokens)) {
    const fault = findFault(document);
    if (fault !== undefined) yield invalid(fault.offset, fault.message);
    else if (!isEmpty(document)) yield toJson(document, input);
  }
}

function invalid(offset: number, message: string): YamlPart {
  return { offset, refused: { code: 'INVALID_DOCUMENT', message } };
}

/** The first error, and what the library only warns of: a tag that it does not know. */
function findFault({ errors, warnings }: YamlDocument): { offset: number; message: string } | undefined {
  const tag = warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
  const fault = errors[0] ?? tag;
  return fault && { offset: fault.pos[0], message: fault.message };
}

type YamlDocument = Document.Parsed;

function isEmpty({ contents }: YamlDocument): boolean {
  return isScalar(contents) && contents.value === null && contents.range[0] === contents.range[1];
}

function toJson(document: YamlDocument, { maxDocumentBytes, lastOf }: YamlInput): YamlPart {
  const { contents, range } = document;
  const node = lastOf === undefined ? contents : lastNode(contents, lastOf.count);
  const offset = node?.range[0] ?? range[0];
  if (node === undefined) return invalid(offset, 'more than one element is in it');
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount });
  } catch (error) {
    return invalid(offset, messageOf(error));
  }
  if (lastOf !== undefined) value = (value as unknown[]).at(-1);
  const refused = refuseUnfolded(value, maxDocumentBytes);
  if (refused !== undefined) return { offset, refused };
  const warnings = warnOfDuplicates(findDuplicateKeys(node, lastOf?.path ?? []));
  return { offset, text: JSON.stringify(value), warnings };
}

function refuseUnfolded(
  value: unknown,
  maxDocumentBytes: number,
): { code: ErrorCode; message: string } | undefined {
  const size = unfoldedSize(value, maxDocumentBytes);
  if (size === 'endless') {
    return { code: 'INVALID_DOCUMENT', message: `nested deeper than ${maxDepth} by its aliases` };
  }
  if (size <= maxDocumentBytes) return undefined;
  const message = `the document's aliases unfold to more than ${maxDocumentBytes} bytes`;
  return { code: 'DOCUMENT_TOO_LARGE', message };
}

/** Of a sequence of so many elements the last one. */
function lastNode(contents: ParsedNode | null, count: number): ParsedNode | undefined {
  return isSeq(contents) && contents.items.length === count ? contents.items.at(-1) : undefined;
}

function* findDuplicateKeys(node: ParsedNode | null, path: KeyPath): Generator<KeyPath, void> {
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) yield* findDuplicateKeys(item, [...path, index]);
    return;
  }
  if (!isMap(node)) return;
  const seen = new Set<string>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (seen.has(name)) yield [...path, name];
    seen.add(name);
    yield* findDuplicateKeys(value, [...path, name]);
  }
}
