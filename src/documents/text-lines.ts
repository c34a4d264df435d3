/** Lines of text before, between and behind JSON documents, as logs and warnings leave them in one file. */
import type { Notice } from '../errors/reason.ts';
import { optionName } from '../errors/option-name.ts';
import { escapeHidden, unitEscape } from '../text/hidden-characters.ts';
import { refuse, type DocumentPlace } from './document-failure.ts';
import type { UnreadableDocument } from './source-document.ts';

const openArray = 0x5b;
const shownCharacters = 80;
/** Of a line that is quoted: no more is decoded. */
const quotedBytes = 4 * shownCharacters;
/** Brackets in one line at which a document is looked for: each costs a look at the rest of the line. */
const mostTries = 8;

/** What was skipped of one file, and what of it has been told. */
export class SkippedText {
  lines = 0;
  /** Whether the first line is a JSON value, such as a number. */
  firstIsJson = false;
  first: { line: number; quoted: string } | undefined;
  #told = 0;

  /** `line`: of the file, from 1. */
  add(text: Buffer, line: number): void {
    this.lines += 1;
    if (this.first !== undefined) return;
    this.first = { line, quoted: quote(text) };
    this.firstIsJson = isJson(text);
  }

  /** The refusal of an input that holds nothing else; undefined where it held nothing. */
  refuseAll(place: DocumentPlace): UnreadableDocument | undefined {
    if (this.first === undefined) return undefined;
    const { line, quoted } = this.first;
    const more = this.lines > 1 ? ` and ${this.lines - 1} more of the kind` : '';
    const what = `no JSON object or array is in this, but ${quoted}${more}`;
    const at = { ...place, position: { line, column: 1 } };
    return refuse(at, this.firstIsJson ? 'UNKNOWN_FORMAT' : 'INVALID_DOCUMENT', what, textHint());
  }

  /** TEXT_SKIPPED for what was not told yet. */
  take(): Notice | undefined {
    const untold = this.lines - this.#told;
    if (untold === 0 || this.first === undefined) return undefined;
    const lines = untold === 1 ? '1 line' : `${untold} lines`;
    const message =
      this.#told === 0
        ? `${lines} of text skipped that ${untold === 1 ? 'is' : 'are'} no JSON, the first is line ${this.first.line}: ${this.first.quoted}`
        : `${lines} more of text skipped that ${untold === 1 ? 'is' : 'are'} no JSON`;
    this.#told = this.lines;
    return { code: 'TEXT_SKIPPED', message };
  }
}

function textHint(): string {
  return `If this is YAML, say so with ${optionName('format')} yaml.`;
}

function quote(text: Buffer): string {
  const characters = Array.from(text.toString('utf8', 0, quotedBytes).trimEnd());
  const isCut = characters.length > shownCharacters || text.length > quotedBytes;
  const shown = characters.slice(0, shownCharacters).join('') + (isCut ? '…' : '');
  return escapeHidden(JSON.stringify(shown), unitEscape);
}

function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/**
 * Where in a line of text a JSON object (or an array of such) begins that ends with the line, as loggers write it behind
 * their time and level; -1 where there is none. A line of a document in which something is broken is no line of text.
 */
export function findEmbedded(line: Buffer): number {
  if (!beginsText(line[0])) return -1;
  const text = line.toString('latin1');
  const brackets = /\{[ \t]*["}]|\[[ \t]*\{/g;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = brackets.exec(text);
    if (found === null) return -1;
    if (isJson(line.subarray(found.index))) return found.index;
    brackets.lastIndex = found.index + 1;
  }
  return -1;
}

const noText = new Set(Array.from(' \t\r\n"{}[],:', (character) => character.charCodeAt(0)));

/** Whether text begins so at the start of a line, and no line of a JSON document does. */
export function beginsText(first: number | undefined): boolean {
  return first === openArray || (first !== undefined && !noText.has(first));
}

/** What a `[` begins, by its line: an array, text such as `[INFO] started`, or undefined where more is to be seen. */
export function bracketBegins(line: Buffer, isWhole: boolean): 'array' | 'text' | undefined {
  const head = line.toString('latin1', 0, decidedBytes);
  if (arrayHead.test(isWhole ? `${head}\n` : head)) return 'array';
  return isWhole || line.length >= decidedBytes ? 'text' : undefined;
}

const decidedBytes = 256;
/**
 * With nothing but space behind one that closes at once, or another document behind an empty one: `[12.3] usb 1-1` is a
 * line of a kernel's log.
 */
const arrayHead = (() => {
  const gap = String.raw`[ \t]{0,99}`;
  const scalar = String.raw`(?:-?\d{1,99}(?:\.\d{1,99})?(?:[eE][+-]?\d{1,99})?|true|false|null)?`;
  const end = String.raw`\r?\n`;
  return new RegExp(String.raw`^\[${gap}(?:[[{"]|\]${gap}[[{]|${scalar}${gap}(?:,|${end}|\]${gap}${end}))`);
})();

/** A line of nothing but what closes and separates, left over where a document was refused. */
export function isPunctuation(line: Buffer): boolean {
  return line.length <= decidedBytes && /^[\]},: \t\r]*$/.test(line.toString('latin1'));
}
