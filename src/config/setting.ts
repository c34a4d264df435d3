import { aDuration, formatDuration, parseDuration, parseTimeout } from '../time/duration.ts';
import { formatSize, parseSize } from './size.ts';

/** A value in the notation of the configuration file. */
export type ShownValue = string | number | boolean | readonly string[] | null;

/** What a setting holds and how it is written. The zod schema of the file is made from the same. */
export type SettingType =
  | { readonly kind: 'text'; readonly pattern?: RegExp; readonly like: string }
  | { readonly kind: 'path'; readonly like: string }
  | { readonly kind: 'list'; readonly like: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'duration'; readonly minMs: number; readonly maxMs: number }
  /** As `duration`, and whole seconds without a unit. */
  | { readonly kind: 'timeout'; readonly minMs: number; readonly maxMs: number }
  | { readonly kind: 'size'; readonly min: number; readonly max: number };

/** One setting: what it holds, what it means, and what may set it. */
export interface Setting<T> {
  readonly type: SettingType;
  /** For `config init` and the docs. */
  readonly description: string;
  /** The name of the flag, without dashes; absent when there is none. */
  readonly flag?: string;
  /** Environment variables beside the REMEDYCTL_ one, which comes first. */
  readonly alsoEnvironment?: readonly string[];
  /** Safety settings come from the file only: no stray variable may lift them. */
  readonly fileOnly?: boolean;
  readonly default: T;
}

/** Either a value or what the value must be (`must be …`). */
export type Parsed = { readonly value: unknown } | { readonly problem: string };

/** Reads a flag's or a variable's text. */
export function parseText(type: SettingType, text: string): Parsed {
  switch (type.kind) {
    case 'boolean':
      return checkValue(type, booleans.get(text.toLowerCase()) ?? text);
    case 'integer':
      return checkValue(type, /^[-+]?\d{1,15}$/.test(text) ? Number(text) : text);
    case 'list':
      return checkValue(
        type,
        text.split(',').map((item) => item.trim()),
      );
    default:
      return checkValue(type, text);
  }
}

/** Checks a value that already has a type, as a YAML document gives it. */
export function checkValue(type: SettingType, value: unknown): Parsed {
  const accepted = (accepts[type.kind] as unknown as Accept<never>)(type as never, value);
  return accepted === undefined
    ? { problem: `must be ${expectation(type)}, not ${describeValue(value)}` }
    : { value: accepted };
}

/** What a value of this type looks like, to follow "must be". */
export function expectation(type: SettingType): string {
  switch (type.kind) {
    case 'text':
    case 'path':
    case 'list':
      return type.like;
    case 'choice':
      return `one of ${type.choices.join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}`;
    case 'duration':
      return aDuration(type);
    case 'timeout':
      return `a time-out such as 30s, 2m or 0 for none`;
    case 'size':
      return `a size from ${formatSize(type.min)} to ${formatSize(type.max)}, such as 10MiB`;
  }
}

/** Whether what it may hold is worth saying: a name says it already. */
export function isClosed({ kind }: SettingType): boolean {
  return !['text', 'path', 'list', 'boolean'].includes(kind);
}

/** A value in the notation of the file. Credentials in a URL, which none of the settings takes, are not shown. */
export function showValue(type: SettingType, value: unknown): ShownValue {
  if (value === undefined) return null;
  if (typeof value === 'number') {
    if (type.kind === 'duration' || type.kind === 'timeout') return formatDuration(value);
    if (type.kind === 'size') return formatSize(value);
  }
  if (type.kind === 'text' && typeof value === 'string') return shownText(value);
  return value as ShownValue;
}

/** Of what is no URL at all, everything up to the last @ may be a password. */
function shownText(text: string): string {
  const signedIn = URL.canParse(text) ? /(?<=:\/\/)[^/?#]*@/ : /(?<=:\/\/)[\s\S]*@/;
  return text.replace(signedIn, '***@').replace(/(?<=:\/\/[\s\S]*)[?#][\s\S]+/, '?***');
}

const booleans = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

type Accept<K extends SettingType['kind']> = (
  type: Extract<SettingType, { kind: K }>,
  value: unknown,
) => unknown;

/** The typed value, or `undefined` for one that does not fit. */
const accepts: { readonly [K in SettingType['kind']]: Accept<K> } = {
  text: ({ pattern }, value) => (isText(value) && (pattern?.test(value) ?? true) ? value : undefined),
  path: (_type, value) => (isText(value) && !value.includes('\0') ? value : undefined),
  list: (_type, value) => (Array.isArray(value) && value.every(isText) ? value : undefined),
  choice: ({ choices }, value) => choices.find((choice) => choice === value),
  boolean: (_type, value) => (typeof value === 'boolean' ? value : undefined),
  integer: ({ min, max }, value) =>
    typeof value === 'number' && Number.isInteger(value) ? within(value, min, max) : undefined,
  duration: ({ minMs, maxMs }, value) =>
    isText(value) ? within(parseDuration(value), minMs, maxMs) : undefined,
  timeout: ({ minMs, maxMs }, value) =>
    isTextOrNumber(value) ? within(parseTimeout(String(value)), minMs, maxMs) : undefined,
  size: ({ min, max }, value) =>
    isTextOrNumber(value) ? within(parseSize(String(value)), min, max) : undefined,
};

function within(value: number | undefined, min: number, max: number): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTextOrNumber(value: unknown): value is string | number {
  return isText(value) || typeof value === 'number';
}

/** Names the type of what was found, and the value where it is short. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return describeText(value);
    case 'number':
    case 'boolean':
    case 'bigint':
      return `the ${typeof value} ${value}`;
    default:
      return value === null ? 'null' : 'a mapping';
  }
}

/** Whatever looks like a URL, also a wrong one, may hold a password: nothing up to its last @ is shown, and no query. */
function describeText(text: string): string {
  const clean = text.replace(/^[\s\S]*[:/\\][\s\S]*@/, '***@').replace(/(?<=[:/][\s\S]*)[?#][\s\S]+/, '?***');
  return JSON.stringify(clean.length > 80 ? `${clean.slice(0, 80)}…` : clean);
}
