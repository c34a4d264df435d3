import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { configFileSchema } from './config-schema.ts';
import type { ConfigProblem } from '../documents/config-problem.ts';
import { byPlace, DocumentPlaces, type KeyPath } from '../documents/document-places.ts';
import { nearest } from '../text/nearest.ts';
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
  const places = new DocumentPlaces(document, lines, file);
  const reader = new FileReader(document, places, file);
  const problems = document.errors.length > 0 ? places.syntaxProblems() : reader.schemaProblems();
  return problems.length > 0 ? { problems } : { config: reader.config() };
}

class FileReader {
  readonly #document: Document.Parsed;
  readonly #places: DocumentPlaces;
  readonly #file: string;
  #value: unknown;

  constructor(document: Document.Parsed, places: DocumentPlaces, file: string) {
    this.#document = document;
    this.#places = places;
    this.#file = file;
  }

  schemaProblems(): ConfigProblem[] {
    let plain: unknown;
    try {
      plain = this.#document.toJS({ maxAliasCount: 100 }) ?? {};
    } catch (error) {
      return [this.#places.problem(0, error instanceof Error ? error.message : String(error))];
    }
    const hidden = this.#places.prototypeKeys();
    const parsed = configFileSchema().safeParse(plain);
    if (parsed.success) {
      this.#value = parsed.data;
      return hidden;
    }
    const found = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.filter((key) => key !== '__proto__').map((key) => this.#unknownKey([...issue.path, key]))
        : [this.#places.problemAt(issue.path, issue.message)],
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
    return { value, ...this.#places.placeOf(path) };
  }

  #unknownKey(path: KeyPath): ConfigProblem {
    const key = String(path.at(-1));
    const suggestion = nearest(key, knownKeys(path.slice(0, -1)));
    const secret = secretName.test(key) ? ' (secrets are read from environment variables only)' : '';
    return {
      ...this.#places.problemAt(path, `unknown key${secret}`),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
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

function asMapping(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
