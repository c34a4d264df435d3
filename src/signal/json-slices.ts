/**
 * Where the members and elements of a JSON text stand, so that a part of a document can be handed on exactly as
 * it was written.
 *
 * Guarantees: no recursion and one pass, whatever the depth. Non-guarantee: the text must be valid JSON; it has
 * been parsed before, and nothing here checks it again.
 */

/** Half-open: `text.slice(start, end)` is the value. */
export interface Slice {
  start: number;
  end: number;
}

/** The value of a member of the object at `start`; of a repeated key the last one, which is the one that counts. */
export function memberSlice(text: string, key: string, start = 0): Slice | undefined {
  let at = skipSpace(text, start);
  if (text[at] !== '{') return undefined;
  let found: Slice | undefined;
  at = skipSpace(text, at + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const name = JSON.parse(text.slice(at, keyEnd)) as string;
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, value);
    if (name === key) found = { start: value, end };
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

/** The elements of the array at `start`, none when there is no array. */
export function elementSlices(text: string, start: number): Slice[] {
  const slices: Slice[] = [];
  let at = skipSpace(text, start);
  if (text[at] !== '[') return slices;
  at = skipSpace(text, at + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    slices.push({ start: at, end });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return slices;
}

function skipSpace(text: string, from: number): number {
  const ink = /[^ \t\r\n]/g;
  ink.lastIndex = from;
  return ink.exec(text)?.index ?? text.length;
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first === '{' || first === '[') return endOfContainer(text, start);
  const delimiter = /[,\]} \t\r\n]/g;
  delimiter.lastIndex = start;
  return delimiter.exec(text)?.index ?? text.length;
}

function endOfString(text: string, start: number): number {
  const stop = /["\\]/g;
  stop.lastIndex = start + 1;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    if (match[0] === '"') return match.index + 1;
    stop.lastIndex = match.index + 2;
  }
  return text.length;
}

function endOfContainer(text: string, start: number): number {
  const structure = /["[\]{}]/g;
  structure.lastIndex = start;
  let depth = 0;
  for (let match = structure.exec(text); match !== null; match = structure.exec(text)) {
    const char = match[0];
    if (char === '"') {
      structure.lastIndex = endOfString(text, match.index);
      continue;
    }
    depth += char === '{' || char === '[' ? 1 : -1;
    if (depth === 0) return match.index + 1;
  }
  return text.length;
}
