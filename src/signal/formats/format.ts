import type { Notice } from '../../errors/reason.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { isJsonObject, memberOf, type JsonObject } from '../known-fields.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import { quoteText, shortenText } from '../quoted-text.ts';
import type { RefusedItem, SignalSource } from '../signal.ts';
import { withArticle } from '../../text/article.ts';

/** By what alerts are judged that say of themselves how they stand. */
export interface ParseOptions {
  /** The clock of decisions, for `endsAt`; absent: no alert is taken for over because of its end. */
  clock?: { now: () => number } | undefined;
  /** Takes the resolved alerts of webhooks too, as a gateway does that is sent the webhook. Default: false. */
  includeResolved?: boolean | undefined;
  /** Takes alerts that a silence or another alert suppresses. Default: false. */
  includeSuppressed?: boolean | undefined;
  /** Takes alerts of Prometheus that are still pending. Default: false. */
  includePending?: boolean | undefined;
  /** Told what concerns a document in which no item is that could say it. */
  unsaid?: ((file: string, notice: Notice) => void) | undefined;
}

/** A value out of a document, of which a format makes signals. */
export interface FormatInput {
  value: unknown;
  /** The exact text of the value. */
  text: () => string;
  /** Of the document: told at its first item. */
  warnings: Notice[];
  /** Takes the next place among the items of the document. */
  nextSource: () => SignalSource;
  options: ParseOptions;
  /** Signals of a value inside of this one, whatever its format; what it throws is that value's alone. */
  inner: (input: FormatInput) => Iterable<ParsedItem>;
  /** The names of the formats that it was wrapped in, outermost first. */
  wrappers?: readonly string[];
  /** The value is an element of an array, and is no array itself. */
  inArray?: boolean;
}

/** One row of the table of formats. */
export interface SignalFormat {
  name: string;
  title: string;
  /** How it is told from others, in words. */
  recognised: string;
  /** A tool that writes it. */
  writtenBy: string;
  matches: (value: unknown) => boolean;
  /** Throws INVALID_DOCUMENT or UNKNOWN_FORMAT where the whole value is refused. */
  signals: (input: FormatInput) => Iterable<ParsedItem>;
}

/** What a value is, for a sentence that refuses it. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return `the text ${quoteText(value)}`;
  if (!isJsonObject(value)) return value === null ? 'null' : withArticle(typeof value);
  const kind = memberOf(value, 'kind');
  const apiVersion = memberOf(value, 'apiVersion');
  if (typeof kind !== 'string') return `an object of a form that is not known${keysOf(value)}`;
  const of = typeof apiVersion === 'string' ? ` of ${shortenText(apiVersion)}` : '';
  return `${withArticle(shortenText(kind))}${of}`;
}

function keysOf(value: JsonObject): string {
  const keys = Object.keys(value);
  if (keys.length === 0) return ', with no key';
  const named = keys.slice(0, mostKeys).map(quoteText).join(', ');
  return `, with the ${keys.length === 1 ? 'key' : 'keys'} ${named}${keys.length > mostKeys ? ' and more' : ''}`;
}

const mostKeys = 4;

/** The hint of every refusal for an unknown format. */
const formatHint =
  'Taken are AlertManager webhooks, what the APIs of AlertManager and Prometheus answer, Kubernetes Events, Lists and ' +
  'arrays of them, and what log shippers wrap around them: docs/signal-formats.md has the list. ' +
  '`kubectl get events -o json` is read as it is.';

export function unknownFormat(found: string): RemedyError {
  return new RemedyError('UNKNOWN_FORMAT', `no signal is in this: ${found}`, { hint: formatHint });
}

/** A refusal as an item; what is no refusal is thrown on. `where` names the element that is refused. */
export function refusalFor(
  thrown: unknown,
  source: SignalSource,
  { warnings, where = '' }: { warnings: Notice[]; where?: string },
): RefusedItem {
  if (!(thrown instanceof RemedyError)) throw thrown;
  const { code, message, hint } = thrown;
  const said = where === '' ? message : `${where}: ${message}`;
  const reason = { code, message: said, ...(hint === undefined ? {} : { hint }) };
  return { source, outcome: 'rejected', reason, warnings };
}
