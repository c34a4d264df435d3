import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { ConfigProblem } from './config-problem.ts';
import type { TextPosition } from './text-position.ts';
import type { YamlWork } from './yaml-thread.ts';

/** The keys and indices that lead to a value of a document. */
export type KeyPath = readonly PropertyKey[];

/** One thing that is wrong in a document: which field, what, and the nearest known word. */
export interface Fault {
  readonly path: KeyPath;
  readonly message: string;
  readonly suggestion?: string | undefined;
}

const mostSyntaxProblems = 10;

/** Where the keys of a YAML document stand in its file, so that a problem names line, column and field. */
export class DocumentPlaces {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #file: string;

  constructor(document: Document.Parsed, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  /** Line and column of a path, both from 1. */
  placeOf(path: KeyPath): TextPosition {
    const { line, col } = this.#lines.linePos(this.#offsetOf(path));
    return { line, column: col };
  }

  /** Whether the document has something at exactly this path. */
  has(path: KeyPath): boolean {
    return this.#document.hasIn(path);
  }

  /** A problem with what stands at a path. */
  problemAt(path: KeyPath, message: string): ConfigProblem {
    return this.problem(this.#offsetOf(path), message, path);
  }

  problem(offset: number, message: string, path?: KeyPath): ConfigProblem {
    const { line, col: column } = this.#lines.linePos(offset);
    return problemOf(this.#file, { line, column }, { path: path ?? [], message });
  }

  /** What the parser has against the text: the first of it, since one slip may be followed by hundreds. */
  syntaxProblems(): ConfigProblem[] {
    return this.#document.errors.slice(0, mostSyntaxProblems).map((error) => {
      // the text goes on with a picture of the line, which could show a secret
      const [summary = ''] = error.message.split(/ at line \d+|\n/);
      return this.problem(error.pos[0], summary);
    });
  }

  /** A `__proto__` key does not survive in a plain object, so it is looked for in the document. */
  prototypeKeys(node: unknown = this.#document.contents, at: KeyPath = []): ConfigProblem[] {
    if (isSeq(node)) return node.items.flatMap((item, index) => this.prototypeKeys(item, [...at, index]));
    if (!isMap(node)) return [];
    return node.items.flatMap((pair) => {
      const key = keyOf(pair);
      if (key === '__proto__') return [this.problem(startOf(pair.key), 'unknown key', [...at, key])];
      return this.prototypeKeys(pair.value, [...at, key]);
    });
  }

  /** Where the key of `path` stands, or the nearest thing around it that the document has. */
  #offsetOf(path: KeyPath): number {
    let node: unknown = this.#document.contents;
    let offset = startOf(node);
    for (const part of path) {
      const step = stepInto(node, part);
      if (step === undefined) break;
      offset = startOf(step.at);
      node = step.value;
    }
    return offset;
  }
}

function stepInto(node: unknown, part: PropertyKey): { at: unknown; value: unknown } | undefined {
  if (isSeq(node) && typeof part === 'number') {
    const item: unknown = node.items[part];
    return item === undefined ? undefined : { at: item, value: item };
  }
  const pair = isMap(node) ? node.items.find((item) => keyOf(item) === part) : undefined;
  return pair && { at: pair.key, value: pair.value };
}

/** A fault with its place, as every reader of files tells it. */
export function problemOf(file: string, { line, column }: TextPosition, fault: Fault): ConfigProblem {
  const { path, message, suggestion } = fault;
  const field = path.length === 0 ? {} : { field: fieldName(path) };
  const where = `${file}:${line}:${column}`;
  return {
    where,
    ...field,
    message,
    file,
    line,
    column,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Where the keys at `paths` of a text stand, or the nearest things around them that there are. */
export const placesInText: YamlWork<{ text: string; paths: readonly KeyPath[] }, TextPosition[]> = {
  name: 'places',
  *run({ text, paths }) {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { lineCounter, uniqueKeys: false, logLevel: 'silent' });
    const places = new DocumentPlaces(document, lineCounter, '');
    yield paths.map((path) => places.placeOf(path));
  },
};

/** `cases[2].expect.outcome` */
function fieldName(path: KeyPath): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function startOf(node: unknown): number {
  return (isNode(node) ? (node as Node).range?.[0] : undefined) ?? 0;
}

/** In the order of the file. */
export function byPlace(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
