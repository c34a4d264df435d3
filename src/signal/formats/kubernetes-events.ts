import type { Reason } from '../../errors/reason.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { JsonObject } from '../known-fields.ts';
import { arrayField, isJsonObject, memberOf } from '../known-fields.ts';
import type { EventApi } from '../kubernetes-event.ts';
import { eventApiOf, parseEvent } from '../kubernetes-event.ts';
import { listItemTexts, partPayload, watchedObjectText } from '../original-payload.ts';
import type { ParsedItem } from '../parsed-signal.ts';
import type { FormatInput, SignalFormat } from './format.ts';
import { describeValue, refusalFor, unknownFormat } from './format.ts';

/** A single event of either API. */
export const eventFormat: SignalFormat = {
  name: 'event',
  title: 'A Kubernetes Event, `v1` or `events.k8s.io/v1`',
  recognised: '`kind: Event`, or no kind and `involvedObject` or `regarding`',
  writtenBy: '`kubectl get event NAME -o json`',
  matches: (value) => isJsonObject(value) && eventApiOf(value) !== undefined,
  *signals({ value, text, warnings, nextSource }) {
    const api = isJsonObject(value) ? eventApiOf(value) : undefined;
    if (api === undefined) throw unknownFormat(describeValue(value));
    const source = nextSource();
    try {
      yield parseEvent(value, api, { source, warnings, text, originalPayload: partPayload(text) });
    } catch (thrown) {
      yield refusalFor(thrown, source, { warnings });
    }
  },
};

/** A List or EventList. */
export const eventListFormat: SignalFormat = {
  name: 'event-list',
  title: 'A List or EventList of events',
  recognised: '`kind: List` or `kind: EventList`',
  writtenBy: '`kubectl get events -A -o json`',
  matches: (value) => isJsonObject(value) && isEventList(value),
  *signals(input) {
    const list = isJsonObject(input.value) ? input.value : {};
    const items = arrayField({ value: list, path: '' }, 'items') ?? [];
    const textOf = listItemTexts(input.text());
    for (const [index, value] of items.entries()) {
      const text = (): string => textOf(index);
      const warnings = index === 0 ? input.warnings : [];
      yield* listItem({ ...input, value, text, warnings }, list, index);
    }
  },
};

/**
 * An item of a list that is not there as a whole: `frame` has what stands before its items. Where the kind stands behind
 * them, as kubectl writes it, the item alone decides.
 */
export function* listItem(input: FormatInput, frame: JsonObject, index: number): Iterable<ParsedItem> {
  const { value, text, warnings } = input;
  const source = input.nextSource();
  const kind = memberOf(frame, 'kind');
  try {
    if (kind !== undefined && !isEventList(frame)) throw unknownFormat(describeValue(frame));
    const implied = kind === 'EventList' ? memberOf(frame, 'apiVersion') : undefined;
    const api = eventApiOfItem(value, implied);
    yield parseEvent(value, api, { source, warnings, text, originalPayload: partPayload(text) });
  } catch (thrown) {
    yield refusalFor(thrown, source, { warnings, where: `items[${index}]` });
  }
}

function isEventList(value: JsonObject): boolean {
  const kind = memberOf(value, 'kind');
  const apiVersion = memberOf(value, 'apiVersion');
  if (kind === 'List') return apiVersion === 'v1' || apiVersion === undefined;
  return kind === 'EventList' && (apiVersion === 'v1' || apiVersion === 'events.k8s.io/v1');
}

/** Items of an EventList carry neither kind nor apiVersion when they come from the API itself. */
function eventApiOfItem(item: unknown, implied: unknown): EventApi {
  if (!isJsonObject(item)) throw unknownFormat(`the item is ${describeValue(item)}`);
  const bare = !Object.hasOwn(item, 'kind') && !Object.hasOwn(item, 'apiVersion');
  const api = bare && (implied === 'v1' || implied === 'events.k8s.io/v1') ? implied : eventApiOf(item);
  if (api === undefined) throw unknownFormat(`the item is ${describeValue(item)}`);
  return api;
}

const watchTypes = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/** What a watch tells about one event. */
export const watchEventFormat: SignalFormat = {
  name: 'watch-event',
  title: 'A watch event around an event',
  recognised: '`type` of a watch (`ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK`, `ERROR`) and `object`',
  writtenBy: '`kubectl get events -w --output-watch-events -o json`',
  matches(value) {
    if (!isJsonObject(value)) return false;
    const type = memberOf(value, 'type');
    return typeof type === 'string' && watchTypes.has(type) && isJsonObject(memberOf(value, 'object'));
  },
  *signals(input) {
    const source = input.nextSource();
    try {
      yield parseWatchEvent(input, source);
    } catch (thrown) {
      yield refusalFor(thrown, source, input);
    }
  },
};

function parseWatchEvent(input: FormatInput, source: ParsedItem['source']): ParsedItem {
  const { value, warnings } = input;
  const watched = isJsonObject(value) ? value : {};
  const type = memberOf(watched, 'type');
  const object = memberOf(watched, 'object');
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
  const text = (): string => watchedObjectText(input.text());
  return parseEvent(object, api, { source, warnings, text, originalPayload: partPayload(text) });
}

function watchError(status: unknown): RemedyError {
  const message = isJsonObject(status) ? memberOf(status, 'message') : undefined;
  const told = typeof message === 'string' ? `: ${message}` : '';
  return new RemedyError('INVALID_DOCUMENT', `the watch that was recorded ended with an error${told}`, {
    hint: 'Record the events again; a watch that is older than the server remembers has to start over.',
  });
}
