/** Continue tokens in the form of the API server: URL-safe base64 of `{"v","rv","start"}`. */
import { isObject } from './json.ts';
import type { Position } from './object-query.ts';
import { badRequest } from './refusals.ts';

export interface ContinuePoint {
  /** -1: go on with things as they are now. */
  version: number;
  from: Position;
}

/** `ns` is the namespace of the request: the key starts below it. */
export function writeContinue(version: number, last: { ns: string; name: string }, ns: string): string {
  const start = ns === last.ns ? `${last.name}\0` : `${last.ns}/${last.name}\0`;
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start })).toString('base64url');
}

const lead = 'continue key is not valid';

/** @throws a 400 refusal */
export function readContinue(token: string, ns: string): ContinuePoint {
  const illegal = /[^A-Za-z0-9_-]/.exec(token);
  if (illegal !== null) throw garbage(`${lead}: illegal base64 data at input byte ${illegal.index}`);
  const value = parse(token);
  if (value['v'] !== 'meta.k8s.io/v1') {
    const version = typeof value['v'] === 'string' ? value['v'] : '';
    throw garbage(`${lead}: server does not recognize this encoded version ${version}`);
  }
  const { rv, start } = value;
  if (typeof rv !== 'number' || rv === 0) {
    throw garbage(`${lead}: incorrect encoded start resourceVersion (version meta.k8s.io/v1)`);
  }
  if (typeof start !== 'string' || start === '') {
    throw garbage(`${lead}: encoded start key empty (version meta.k8s.io/v1)`);
  }
  return { version: rv, from: readStart(start, ns) };
}

function parse(token: string): Record<string, unknown> {
  let value: unknown;
  const text = Buffer.from(token, 'base64url').toString('utf8');
  try {
    value = JSON.parse(text);
  } catch {
    const first = shownByte(Buffer.from(token, 'base64url')[0] ?? 0);
    const why =
      text === ''
        ? 'unexpected end of JSON input'
        : `invalid character '${first}' looking for beginning of value`;
    throw garbage(`${lead}: ${why}`);
  }
  if (!isObject(value)) {
    throw garbage(`${lead}: json: cannot unmarshal into Go value of type storage.continueToken`);
  }
  return value;
}

/** As Go quotes the first byte of what should be JSON. */
function shownByte(byte: number): string {
  const hex = byte.toString(16).padStart(2, '0');
  if (byte < 0x20 || byte === 0x7f) return `\\x${hex}`;
  return byte > 0x7f && byte < 0xa0 ? `\\u00${hex}` : String.fromCharCode(byte);
}

function readStart(start: string, ns: string): Position {
  const cleaned = start.startsWith('/') ? start.slice(1) : start;
  const parts = cleaned.split('/');
  if (parts.length > 2 || parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw garbage(`${lead}: ${start}`);
  }
  const name = (parts.at(-1) ?? '').replace(/\0$/, '');
  return { ns: parts.length === 2 ? (parts[0] ?? '') : ns, after: name };
}

function garbage(why: string): Error {
  return badRequest(`invalid continue token: ${why}`);
}
