/**
 * Turns one document into signals: recognises what it is, and yields one item per alert or event.
 *
 * Taken: an AlertManager webhook; a core or events.k8s.io Event; a List or EventList of them; a watch event around
 * one. A bare JSON array is refused: no tool that we read from writes one, and guessing would hide a wrong file.
 * What concerns the whole document (duplicate keys, a foreign version) is warned about at its first item.
 */
import { RemedyError } from '../errors/remedy-error.ts';
import { looksLikeWebhook, parseWebhook } from './alertmanager-webhook.ts';
import type { JsonObject } from './known-fields.ts';
import { arrayField, isJsonObject, memberOf } from './known-fields.ts';
import type { EventApi } from './kubernetes-event.ts';
import { eventApiOf, parseEvent } from './kubernetes-event.ts';
import { documentPayload, listItemTexts, partPayload, watchedObjectText } from './original-payload.ts';
import type { ParsedItem } from './parsed-signal.ts';
import { shortenText } from './quoted-text.ts';
import type { Notice, Reason, RefusedItem, SignalSource } from './signal.ts';
import type { ReadDocument } from './source-document.ts';

const formatHint =
  'Taken are AlertManager webhooks (version 4), Kubernetes Events (v1, events.k8s.io/v1), Lists of Events, and ' +
  'the watch events of `kubectl get events -w --output-watch-events -o json`.';

/** Never throws for what a document holds: every refusal is an item. */
export function* parseSignals(document: ReadDocument): Iterable<ParsedItem> {
  const source = { file: document.file, document: document.document, index: 0 };
  try {
    yield* parseDocument(document, source);
  } catch (thrown) {
    yield refusalFor(thrown, source, document.warnings);
  }
}

function* parseDocument(document: ReadDocument, source: SignalSource): Iterable<ParsedItem> {
  const { value, text, warnings } = document;
  if (!isJsonObject(value)) throw unknownFormat(describeValue(value));
  if (isWatchEvent(value)) {
    yield parseWatchEvent(value, document, source);
  } else if (isEventList(value)) {
    yield* parseList(value, document);
  } else if (eventApiOf(value) !== undefined) {
    const origin = { source, warnings, text: () => text, originalPayload: documentPayload(text) };
    yield parseEvent(value, eventApiOf(value) ?? 'v1', origin);
  } else if (looksLikeWebhook(value)) {
    yield* parseWebhook(document);
  } else {
    throw unknownFormat(describeValue(value));
  }
}

function isEventList(value: JsonObject): boolean {
  const kind = memberOf(value, 'kind');
  const apiVersion = memberOf(value, 'apiVersion');
  if (kind === 'List') return apiVersion === 'v1' || apiVersion === undefined;
  return kind === 'EventList' && (apiVersion === 'v1' || apiVersion === 'events.k8s.io/v1');
}

function* parseList(list: JsonObject, document: ReadDocument): Iterable<ParsedItem> {
  const items = arrayField({ value: list, path: '' }, 'items') ?? [];
  const textOf = listItemTexts(document.text);
  // Items of an EventList carry neither kind nor apiVersion when they come from the API itself.
  const implied = memberOf(list, 'kind') === 'EventList' ? memberOf(list, 'apiVersion') : undefined;
  for (const [index, item] of items.entries()) {
    const source = { file: document.file, document: document.document, index };
    const warnings = index === 0 ? document.warnings : [];
    const text = (): string => textOf(index);
    try {
      const api = eventApiOfItem(item, implied);
      yield parseEvent(item, api, { source, warnings, text, originalPayload: partPayload(text) });
    } catch (thrown) {
      yield refusalFor(thrown, source, warnings);
    }
  }
}

function eventApiOfItem(item: unknown, implied: unknown): EventApi {
  if (!isJsonObject(item)) throw unknownFormat(`the item is ${describeValue(item)}`);
  const bare = !Object.hasOwn(item, 'kind') && !Object.hasOwn(item, 'apiVersion');
  const api = bare && (implied === 'v1' || implied === 'events.k8s.io/v1') ? implied : eventApiOf(item);
  if (api === undefined) throw unknownFormat(`the item is ${describeValue(item)}`);
  return api;
}

const watchTypes = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

function isWatchEvent(value: JsonObject): boolean {
  const type = memberOf(value, 'type');
  return typeof type === 'string' && watchTypes.has(type) && isJsonObject(memberOf(value, 'object'));
}

function parseWatchEvent(value: JsonObject, document: ReadDocument, source: SignalSource): ParsedItem {
  const { warnings } = document;
  const type = memberOf(value, 'type');
  const object = memberOf(value, 'object');
  if (type === 'BOOKMARK') {
    const reason: Reason = { code: 'BOOKMARK_EVENT', message: 'a BOOKMARK only marks a place in a watch' };
    return { source, outcome: 'skipped', reason, warnings };
  }
  if (type === 'ERROR') throw watchError(object);
  const api = isJsonObject(object) ? eventApiOf(object) : undefined;
  if (api === undefined) throw unknownFormat(`the watched object is ${describeValue(object)}`);
  if (type === 'DELETED') {
    const message = 'the event was DELETED: it expired, or someone removed it';
    return { source, outcome: 'skipped', reason: { code: 'DELETED_EVENT', message }, warnings };
  }
  const text = (): string => watchedObjectText(document.text);
  return parseEvent(object, api, { source, warnings, text, originalPayload: partPayload(text) });
}

function watchError(status: unknown): RemedyError {
  const message = isJsonObject(status) ? memberOf(status, 'message') : undefined;
  const told = typeof message === 'string' ? `: ${message}` : '';
  return new RemedyError('INVALID_DOCUMENT', `the watch that was recorded ended with an error${told}`, {
    hint: 'Record the events again; a watch that is older than the server remembers has to start over.',
  });
}

function unknownFormat(found: string): RemedyError {
  return new RemedyError('UNKNOWN_FORMAT', `no signal is in this: ${found}`, { hint: formatHint });
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (!isJsonObject(value)) return value === null ? 'null' : `a ${typeof value}`;
  const kind = memberOf(value, 'kind');
  const apiVersion = memberOf(value, 'apiVersion');
  if (typeof kind !== 'string') return 'an object of a form that is not known';
  const of = typeof apiVersion === 'string' ? ` of ${shortenText(apiVersion)}` : '';
  return `a ${shortenText(kind)}${of}`;
}

function refusalFor(thrown: unknown, source: SignalSource, warnings: Notice[]): RefusedItem {
  if (!(thrown instanceof RemedyError)) throw thrown;
  const { code, message, hint } = thrown;
  const reason = { code, message, ...(hint === undefined ? {} : { hint }) };
  return { source, outcome: 'rejected', reason, warnings };
}
