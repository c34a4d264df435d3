/**
 * Parsed JSON of a remote system: any shape may come, so each field is read as what it should be or not at all. With a
 * type argument only a key that this type has, with such a value, can be read: `textIn<NoteFields>(note, 'content')`.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The keys of T that may hold a V. */
type KeysOf<T, V> = string & { [Key in keyof T]-?: Extract<T[Key], V> extends never ? never : Key }[keyof T];

/** The value where it is a mapping. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** The mapping under a key. */
export function objectIn<T = Record<string, object>>(
  value: unknown,
  key: KeysOf<T, object>,
): JsonObject | undefined {
  return asObject(asObject(value)?.[key]);
}

/** The list under a key. */
export function listIn<T = Record<string, readonly unknown[]>>(
  value: unknown,
  key: KeysOf<T, readonly unknown[]>,
): readonly unknown[] | undefined {
  const list = asObject(value)?.[key];
  return Array.isArray(list) ? list : undefined;
}

/** The text under a key. */
export function textIn<T = Record<string, string>>(
  value: unknown,
  key: KeysOf<T, string>,
): string | undefined {
  const text = asObject(value)?.[key];
  return typeof text === 'string' ? text : undefined;
}

/** The finite number under a key. */
export function numberIn<T = Record<string, number>>(
  value: unknown,
  key: KeysOf<T, number>,
): number | undefined {
  const number = asObject(value)?.[key];
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The boolean under a key. */
export function truthIn<T = Record<string, boolean>>(
  value: unknown,
  key: KeysOf<T, boolean>,
): boolean | undefined {
  const truth = asObject(value)?.[key];
  return typeof truth === 'boolean' ? truth : undefined;
}

/** Without the keys that are undefined, as optional fields want it. */
export function known<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
