/**
 * JSON as Go's encoding/json writes it, for the one field whose exact bytes the gateway's readers may compare:
 * object keys sorted by their UTF-8 bytes; `<`, `>`, `&`, U+2028 and U+2029 as \u escapes; what is no valid text as
 * `\ufffd`.
 */
export function goJsonString(text: string): string {
  return JSON.stringify(text).replace(
    special,
    (found) => escapes.get(found) ?? (found === '\\\\' ? found : '\\ufffd'),
  );
}

/** `null` for no map, as Go writes a nil one. */
export function goJsonMap(map: Record<string, string> | undefined): string {
  if (map === undefined) return 'null';
  const entries = Object.entries(map).map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
  entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  return `{${entries.map(({ key, value }) => `${goJsonString(key)}:${goJsonString(value)}`).join(',')}}`;
}

/** An escaped backslash is matched first, so that what follows it is never taken for an escape. */
const special = /\\\\|\\ud[89a-f][0-9a-f]{2}|[<>&\u2028\u2029]/g;

const escapes: ReadonlyMap<string, string> = new Map(
  ['<', '>', '&', '\u2028', '\u2029'].map((character) => [
    character,
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ]),
);
