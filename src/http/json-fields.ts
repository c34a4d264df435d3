/** Parsed JSON of a remote system: any shape may come, so each field is read as what it should be or not at all. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

export function objectIn(value: unknown, key: string): JsonObject | undefined {
  return asObject(asObject(value)?.[key]);
}

export function listIn(value: unknown, key: string): readonly unknown[] | undefined {
  const list = asObject(value)?.[key];
  return Array.isArray(list) ? list : undefined;
}

export function textIn(value: unknown, key: string): string | undefined {
  const text = asObject(value)?.[key];
  return typeof text === 'string' ? text : undefined;
}

export function numberIn(value: unknown, key: string): number | undefined {
  const number = asObject(value)?.[key];
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
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
