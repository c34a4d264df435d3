import { Tokenizer, TokenType } from '@streamparser/json';
import type { Notice } from '../errors/reason.ts';
import { counted } from '../text/count.ts';

const maxNotices = 10;
const maxPathCharacters = 200;

/** Where in a document a key stands a second time; array items by their index from 0. */
export type KeyPath = (string | number)[];

/** One DUPLICATE_KEY warning for each path, cut short where there are many. */
export function warnOfDuplicates(paths: Iterable<KeyPath>): Notice[] {
  const names = [...new Set([...paths].map(formatPath))];
  const notices = names.slice(0, maxNotices).map((name) => ({
    code: 'DUPLICATE_KEY',
    message: `the key ${name} stands more than once: the last one counts`,
  }));
  const left = names.length - notices.length;
  if (left > 0)
    notices.push({
      code: 'DUPLICATE_KEY',
      message: `${counted(left, 'more key stands', 'more keys stand')} more than once`,
    });
  return notices;
}

function formatPath(path: KeyPath): string {
  const text = path.map(formatStep).join('').replace(/^\./, '');
  return text.length > maxPathCharacters ? `${text.slice(0, maxPathCharacters)}…` : text;
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/**
 * The keys that a JSON text has twice in one object. JSON.parse merges them silently: that some exist is known
 * from `countMembers`, where is what this finds, at the price of a second, slower pass.
 */
export function findDuplicateKeys(bytes: Buffer): KeyPath[] {
  const found: KeyPath[] = [];
  const open: Container[] = [];
  let text = '';
  const tokenizer = new Tokenizer();
  tokenizer.onToken = ({ token, value }) => {
    if (token === TokenType.STRING) text = String(value);
    else if (token === TokenType.LEFT_BRACE) open.push({ seen: new Set(), step: '' });
    else if (token === TokenType.LEFT_BRACKET) open.push({ step: 0 });
    else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) open.pop();
    else if (token === TokenType.COMMA) nextItem(open.at(-1));
    else if (token === TokenType.COLON && enterKey(open.at(-1), text))
      found.push(open.map(({ step }) => step));
  };
  tokenizer.write(bytes);
  return found;
}

interface Container {
  /** An object's keys so far; absent in an array. */
  seen?: Set<string>;
  step: string | number;
}

function nextItem(container: Container | undefined): void {
  if (typeof container?.step === 'number') container.step += 1;
}

/** Goes on to a key; true when the object had it before. */
function enterKey(object: Container | undefined, key: string): boolean {
  if (object?.seen === undefined) return false;
  object.step = key;
  if (object.seen.has(key)) return true;
  object.seen.add(key);
  return false;
}

/**
 * Members of all objects in a value as JSON.parse made it. Where it is less than the colons in the text, keys
 * stood twice: exact, and far cheaper than to remember keys while scanning.
 */
export function countMembers(value: unknown): number {
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countMembers(item);
  } else if (value !== null && typeof value === 'object') {
    for (const key in value) {
      count += 1;
      const member = (value as Record<string, unknown>)[key];
      if (typeof member === 'object') count += countMembers(member);
    }
  }
  return count;
}
