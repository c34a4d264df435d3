import type { DocumentPart } from './source-document.ts';
import { findNonText } from './text-fault.ts';
import { anchors, readFastYaml } from './fast-yaml.ts';

/** Where the elements of a YAML document begin, and what stands before them. */
export interface YamlFrame extends Pick<DocumentPart, 'of' | 'frame'> {
  /** Of the first byte of the line of the first element. */
  at: number;
  /** The spaces before the dash of each element. */
  indent: number;
}

const newline = 0x0a;
const blank = /^[ \t]*(?:#.*)?\r?$/;
const marker = /^---[ \t]*(?:#.*)?\r?$/;
const itemsKey = /^(items|'items'|"items"):[ \t]*(?:#.*)?\r?$/;
const element = /^( *)-(?:[ \t\r]|$)/;

/**
 * Finds the elements of a YAML document by its beginning: those of a sequence, or of a mapping's `items`, one below the
 * other as kubectl writes them. Undefined where there are none within the bytes, and where what stands before them is not
 * in order or has an anchor.
 */
export function findYamlElements(beginning: Buffer): YamlFrame | undefined {
  // cut at a line, so that nothing is taken for another thing
  const bytes = beginning.subarray(0, beginning.lastIndexOf(newline) + 1);
  const lines = contentLines(bytes);
  const first = lines.next().value;
  if (first === undefined) return undefined;
  const dash = element.exec(first.line);
  if (dash !== null) return { of: 'array', frame: {}, at: first.at, indent: indentOf(dash) };
  for (let key: ContentLine | undefined = first; key !== undefined; key = lines.next().value) {
    if (itemsKey.test(key.line)) return behindItems(bytes.subarray(first.at, key.at), lines.next().value);
  }
  return undefined;
}

function behindItems(before: Buffer, first: ContentLine | undefined): YamlFrame | undefined {
  const dash = first && element.exec(first.line);
  if (first === undefined || !dash) return undefined;
  const frame = readFrame(before);
  return frame && { of: 'items', frame, at: first.at, indent: indentOf(dash) };
}

function indentOf([, spaces = '']: RegExpExecArray): number {
  return spaces.length;
}

interface ContentLine {
  /** Of its first byte. */
  at: number;
  line: string;
}

/** Without what is blank or a comment, and without the marker in front of them all. */
function* contentLines(bytes: Buffer): Generator<ContentLine, undefined> {
  let isFirst = true;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(newline, at);
    const line = bytes.toString('latin1', at, end);
    const isContent = !blank.test(line) && !(isFirst && marker.test(line));
    if (isContent) yield { at, line };
    if (isContent || marker.test(line)) isFirst = false;
    at = end + 1;
  }
  return undefined;
}

/** The mapping that stands before `items`. */
function readFrame(bytes: Buffer): Record<string, unknown> | undefined {
  if (bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  // keys at another column would make `items` a part of something else
  if (/^[ \t]/.test(text) || findNonText(bytes) !== undefined || anchors.test(text)) return undefined;
  const value = readFastYaml(text)?.value;
  if (value === undefined || Array.isArray(value) || Object.hasOwn(value, 'items')) return undefined;
  return value as Record<string, unknown>;
}
