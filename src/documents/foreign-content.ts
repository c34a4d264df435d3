/** What people hand over that holds no documents as it is: told by name, with the command that makes documents of it. */
import type { OpenInput } from './open-input.ts';

/** What an input is instead, and what to do. */
export interface ForeignContent {
  what: string;
  hint: string;
}

interface Archive {
  what: string;
  /** Bytes at the beginning, as hexadecimal text. */
  magic: RegExp;
  unpack: string;
}

const archives: readonly Archive[] = [
  { what: 'a zip archive', magic: /^504b0(304|506)/, unpack: 'unzip -p FILE' },
  { what: 'packed by zstd', magic: /^28b52ffd/, unpack: 'zstdcat FILE' },
  { what: 'packed by xz', magic: /^fd377a585a00/, unpack: 'xzcat FILE' },
  { what: 'packed by bzip2', magic: /^425a683[1-9](314159265359|177245385090)/, unpack: 'bzcat FILE' },
  { what: 'packed by lz4', magic: /^04224d18/, unpack: 'lz4cat FILE' },
  { what: 'a 7z archive', magic: /^377abcaf271c/, unpack: '7z e -so FILE' },
];

const magicBytes = 10;
/** POSIX and GNU tar alike write it here, behind a name and numbers that end in NUL bytes. */
const tarMagic = { text: 'ustar', at: 257 };
/** More than the head of a tar file or a table needs. */
const headBytes = 4096;
/** So many lines may stand before the head of a table: warnings that went into the same file. */
const tableLines = 5;

/** Finds out whether an input, whose head was read, is something else than documents. */
export async function findForeignContent(input: OpenInput): Promise<ForeignContent | undefined> {
  return findArchive(input.held) ?? (await findTar(input)) ?? (await findForeignText(input));
}

function findArchive(held: Buffer): ForeignContent | undefined {
  const magic = held.toString('hex', 0, magicBytes);
  const found = archives.find((archive) => archive.magic.test(magic));
  return found && { what: `this is ${found.what}`, hint: unpackBy(found.unpack) };
}

async function findTar(input: OpenInput): Promise<ForeignContent | undefined> {
  // no text has a NUL byte: only where there is one more is waited for
  if (input.held.includes(0)) await input.fillTo(tarMagic.at + tarMagic.text.length);
  const { at, text } = tarMagic;
  if (input.held.toString('latin1', at, at + text.length) !== text) return undefined;
  return { what: 'this is a tar archive', hint: unpackBy(`tar -xO${input.isPacked ? 'z' : ''}f FILE`) };
}

function unpackBy(command: string): string {
  return `Unpack it and give what comes out, as - from stdin: ${command} | ….`;
}

async function findForeignText(input: OpenInput): Promise<ForeignContent | undefined> {
  if (startsMarkup(input.held)) await input.fillTo(markupBytes);
  const markup = findMarkup(input.held.toString('latin1', 0, headBytes));
  if (markup !== undefined || !startsUpperCase(input.held)) return markup;
  while (!input.ended && input.window.length < headBytes && !input.held.includes(0x0a)) await input.fill();
  const lines = input.held.toString('latin1', 0, headBytes).split('\n');
  if (isDescription(lines)) {
    return {
      what: 'this is what kubectl describe writes, for people to read',
      hint: 'Give the events as JSON: kubectl get events -o json.',
    };
  }
  if (!lines.slice(0, tableLines).some(isTableHead)) return undefined;
  return {
    what: "this is kubectl's table, which leaves out most of what an event says",
    hint: 'Give the same as JSON: kubectl get events -o json.',
  };
}

const markupBytes = 16;

function startsMarkup(held: Buffer): boolean {
  return /^\s*<[!?a-z]?/i.test(held.toString('latin1', 0, markupBytes));
}

function findMarkup(text: string): ForeignContent | undefined {
  const [, start] = /^(?:\xef\xbb\xbf)?\s*<(!doctype html|html|head|body|\?xml)\b/i.exec(text) ?? [];
  if (start === undefined) return undefined;
  if (start.toLowerCase() === '?xml') return { what: 'this is XML', hint: 'Give it as JSON or YAML.' };
  return {
    what: 'this is an HTML page, as a proxy or a login answers it',
    hint: 'Look at the address that it came from, and at the credentials.',
  };
}

function startsUpperCase(held: Buffer): boolean {
  const first = held[0] ?? 0;
  return first >= 0x41 && first <= 0x5a;
}

/** `LAST SEEN   TYPE   REASON`: words in capitals, with the space of a column between them. */
function isTableHead(line: string): boolean {
  const cells = line.trimEnd().split(/ {2,}|\t/);
  return cells.length > 1 && cells.every((cell) => /^[A-Z][A-Z0-9 ()%/_.:-]*$/.test(cell));
}

function isDescription([first = '', second = '']: readonly string[]): boolean {
  return /^Name: {2,}\S/.test(first) && /^(Namespace|Labels|Roles|Annotations): /.test(second);
}
