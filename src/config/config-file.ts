import { closest, distance } from 'fastest-levenshtein';
import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { configFileSchema } from './config-schema.ts';
import type { ConfigProblem } from './config-problem.ts';
import { settingKeys } from './settings.ts';
import type { SettingKey } from './settings.ts';

/** One value of the file, checked, and where it stands (both from 1). */
export interface FileValue {
  readonly value: unknown;
  readonly line: number;
  readonly column: number;
}

export type Layer = ReadonlyMap<SettingKey, FileValue>;

export interface ConfigFile {
  readonly file: string;
  /** The profile that the file itself chooses. */
  readonly profile: FileValue | undefined;
  /** What holds for every profile. */
  readonly common: Layer;
  readonly profiles: ReadonlyMap<string, Layer>;
}

type KeyPath = readonly PropertyKey[];

const largestFile = 262_144;
const topLevelKeys = ['apiVersion', 'kind', 'profile', 'profiles'];
const secretName = /token|secret|password|credential|api[-_]?key/i;

/**
 * Reads a configuration file's text. Returns every problem at once, each with line, column, field and,
 * for an unknown key, the nearest known one; the file only when there is none.
 */
export function readConfigFile(
  text: string,
  file: string,
): { config: ConfigFile } | { problems: ConfigProblem[] } {
  if (text.length > largestFile)
    return { problems: [{ where: file, file, message: 'is larger than 256 KiB and is not read' }] };
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, stringKeys: true });
  const reader = new FileReader(document, lines, file);
  const problems = document.errors.length > 0 ? reader.syntaxProblems() : reader.schemaProblems();
  return problems.length > 0 ? { problems } : { config: reader.config() };
}

class FileReader {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #file: string;
  #value: unknown;

  constructor(document: Document.Parsed, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  syntaxProblems(): ConfigProblem[] {
    return this.#document.errors.map((error) => {
      // the text goes on with a picture of the line, which could show a secret
      const [summary = ''] = error.message.split(/ at line \d+|\n/);
      return this.#problem(error.pos[0], summary);
    });
  }

  schemaProblems(): ConfigProblem[] {
    let plain: unknown;
    try {
      plain = this.#document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      return [this.#problem(0, error instanceof Error ? error.message : String(error))];
    }
    const hidden = this.#prototypeKeys(this.#document.contents);
    const parsed = configFileSchema().safeParse(plain);
    if (parsed.success) {
      this.#value = parsed.data;
      return hidden;
    }
    const found = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.filter((key) => key !== '__proto__').map((key) => this.#unknownKey([...issue.path, key]))
        : [this.#wrongValue(issue.path, issue.message)],
    );
    return [...hidden, ...found].sort(byPlace);
  }

  config(): ConfigFile {
    const root = asMapping(this.#value);
    const profiles = Object.keys(asMapping(root['profiles'])).map(
      (name) => [name, this.#layer(asMapping(root['profiles'])[name], ['profiles', name])] as const,
    );
    return {
      file: this.#file,
      profile:
        typeof root['profile'] !== 'string' ? undefined : this.#fileValue(root['profile'], ['profile']),
      common: this.#layer(root, []),
      profiles: new Map(profiles),
    };
  }

  #layer(value: unknown, at: KeyPath): Layer {
    const layer = new Map<SettingKey, FileValue>();
    for (const key of settingKeys) {
      const path = key.split('.');
      const found = path.reduce<unknown>((parent, part) => asMapping(parent)[part], value);
      if (found !== undefined) layer.set(key, this.#fileValue(found, [...at, ...path]));
    }
    return layer;
  }

  #fileValue(value: unknown, path: KeyPath): FileValue {
    const { line, col } = this.#lines.linePos(this.#offsetOf(path));
    return { value, line, column: col };
  }

  #wrongValue(path: KeyPath, message: string): ConfigProblem {
    return this.#problem(this.#offsetOf(path), message, path);
  }

  #unknownKey(path: KeyPath): ConfigProblem {
    const key = String(path.at(-1));
    const known = knownKeys(path.slice(0, -1));
    const nearest = known.length === 0 ? undefined : closest(key, known);
    const isNear =
      nearest !== undefined && distance(key.toLowerCase(), nearest.toLowerCase()) <= nearEnough(key);
    const secret = secretName.test(key) ? ' (secrets are read from environment variables only)' : '';
    return {
      ...this.#problem(this.#offsetOf(path), `unknown key${secret}`, path),
      ...(isNear ? { suggestion: nearest } : {}),
    };
  }

  /** A `__proto__` key does not survive in a plain object, so it is looked for in the document. */
  #prototypeKeys(node: unknown, at: KeyPath = []): ConfigProblem[] {
    if (!isMap(node)) return [];
    return node.items.flatMap((pair) => {
      const key = keyOf(pair);
      if (key === '__proto__') return [this.#problem(startOf(pair.key), 'unknown key', [...at, key])];
      return this.#prototypeKeys(pair.value, [...at, key]);
    });
  }

  /** Where the key of `path` stands, or the nearest thing around it that the document has. */
  #offsetOf(path: KeyPath): number {
    let node: unknown = this.#document.contents;
    let offset = startOf(node);
    for (const part of path) {
      const pair = isMap(node) ? node.items.find((item) => keyOf(item) === part) : undefined;
      if (pair === undefined) break;
      offset = startOf(pair.key);
      node = pair.value;
    }
    return offset;
  }

  #problem(offset: number, message: string, path?: KeyPath): ConfigProblem {
    const { line, col } = this.#lines.linePos(offset);
    const place = { file: this.#file, line, column: col };
    const field = path === undefined || path.length === 0 ? {} : { field: path.map(String).join('.') };
    return { where: `${this.#file}:${line}:${col}`, ...field, message, ...place };
  }
}

function knownKeys(at: KeyPath): string[] {
  const inProfile = at[0] === 'profiles';
  const prefix = (inProfile ? at.slice(2) : at).map((part) => `${String(part)}.`).join('');
  const settings = settingKeys
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length).split('.')[0] ?? key);
  return [...new Set([...settings, ...(at.length === 0 ? topLevelKeys : [])])];
}

/** One slip in three letters is still the same word; four are another one. */
function nearEnough(key: string): number {
  return Math.min(3, Math.max(1, Math.ceil(key.length / 3)));
}

function asMapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function startOf(node: unknown): number {
  return (isNode(node) ? (node as Node).range?.[0] : undefined) ?? 0;
}

function byPlace(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
