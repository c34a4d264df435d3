type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Replaces what differs from run to run by what it stands for, and keeps what it says: the same uid or
 * resourceVersion becomes the same mark throughout a case, so "unchanged" and "changed" stay comparable.
 */
export class Normaliser {
  readonly #uids = new Map<string, string>();
  readonly #versions = new Map<string, string>();
  readonly #texts = new Map<string, string>();

  /** From now on `value` is written as `{name}` wherever it occurs in a text. */
  saveText(name: string, value: string): void {
    if (value !== '') this.#texts.set(value, `{${name}}`);
  }

  value(input: unknown): unknown {
    return this.#walk(input as Json, '');
  }

  text(input: string): string {
    let text = input;
    for (const [uid, mark] of this.#uids) text = text.replaceAll(uid, mark);
    for (const [value, mark] of this.#texts) text = text.replaceAll(value, mark);
    if (/resource ?version/i.test(text)) {
      for (const [version, mark] of this.#versions) {
        text = text.replaceAll(new RegExp(`\\b${version}\\b`, 'g'), mark);
      }
    }
    return (
      text
        // An apiserver quotes the whole object there, in the order of its own fields, managedFields and all.
        .replace(/(Invalid value: )"\{\\"apiVersion\\":.*\}"(?=: )/, '$1<the object>')
        .replace(/(too old resource version: \S+) \((?:\d+|<version \d+>)\)/, '$1 (<current>)')
        .replace(/(Too large resource version: \d+, current:) (?:\d+|<version \d+>)/, '$1 <current>')
    );
  }

  #walk(value: Json, key: string): Json {
    if (typeof value === 'string') return this.#string(value, key);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item, key));
    if (value === null || typeof value !== 'object') return value;
    if (value['kind'] === 'Table') return this.#fields(withoutAges(value));
    if (key === 'metadata') return this.#metadata(value);
    if (value['kind'] === 'Status') return this.#fields(inOrder(value));
    return this.#fields(value);
  }

  #fields(value: Record<string, Json>): Json {
    // Uids must be known before the messages that name them.
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#walk(item, name)]));
  }

  #metadata(metadata: Record<string, Json>): Json {
    const isObject = typeof metadata['uid'] === 'string';
    const result: Record<string, Json> = {};
    for (const [name, item] of Object.entries(metadata)) {
      if (name === 'managedFields') continue;
      if (name === 'resourceVersion' && typeof item === 'string' && item !== '') {
        result[name] = isObject ? mark(this.#versions, item, 'version') : '<current version>';
      } else if (name === 'continue' && item !== '') {
        result[name] = '<continue>';
      } else if ((name === 'creationTimestamp' || name === 'deletionTimestamp') && item !== null) {
        result[name] = '<time>';
      } else {
        result[name] = this.#walk(item, name);
      }
    }
    return result;
  }

  #string(value: string, key: string): string {
    return key === 'uid' ? mark(this.#uids, value, 'uid') : this.text(value);
  }
}

function mark(known: Map<string, string>, value: string, noun: string): string {
  const before = known.get(value);
  if (before !== undefined) return before;
  const made = `<${noun} ${known.size + 1}>`;
  known.set(value, made);
  return made;
}

interface Cause {
  field: string;
  message: string;
}

/** The API server walks maps in no order: several causes, and the message that joins them, are sorted here. */
function inOrder(status: Record<string, Json>): Record<string, Json> {
  const details = status['details'] as { causes?: Cause[] } | undefined;
  const message = status['message'] as string | undefined;
  if (details?.causes === undefined || details.causes.length < 2 || message === undefined) return status;
  const texts = details.causes.map(textOf);
  const joined = /: \[(.*)\]$/s.exec(message);
  if (joined?.[1]?.length !== texts.join(', ').length || !texts.every((text) => joined[1]?.includes(text))) {
    return status;
  }
  const causes = details.causes.toSorted((one, other) => compare(textOf(one), textOf(other)));
  const sorted = `${message.slice(0, joined.index)}: [${texts.toSorted(compare).join(', ')}]`;
  return { ...status, message: sorted, details: { ...details, causes } as unknown as Json };
}

const textOf = (cause: Cause): string => `${cause.field}: ${cause.message}`;

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Ages are of the moment, and descriptions come with a definition, of which the store has the rules alone. */
function withoutAges(table: Record<string, Json>): Record<string, Json> {
  const columns = table['columnDefinitions'] as { description: string }[] | null;
  const rows = table['rows'] as { cells: Json[] }[];
  return {
    ...table,
    columnDefinitions: columns?.map((column) => ({ ...column, description: '<description>' })) ?? null,
    rows: rows.map((row) => ({ ...row, cells: row.cells.map(withoutAge) })),
  };
}

function withoutAge(cell: Json): Json {
  return typeof cell === 'string' && /^\d+(m\d*)?s$/.test(cell) ? '<age>' : cell;
}
