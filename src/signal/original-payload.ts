/**
 * What goes into spec.originalPayload: the exact text, within what an object on an API server can carry.
 * Everything is computed when asked for; the positions in a document are found once for all its items.
 */
import { elementSlices, memberSlice } from './json-slices.ts';
import type { Slice } from './json-slices.ts';
import type { OriginalPayload } from './signal.ts';

/** Bytes of UTF-8; the gateway's own limits for the two bodies. */
const webhookLimitBytes = 102_400;
const eventLimitBytes = 262_144;

/** The text of a webhook with alert n alone, and everything else exactly as written. */
export function narrowedWebhooks(textOf: () => string): (index: number) => string | undefined {
  let alerts: { array: Slice; elements: Slice[] } | undefined;
  return (index) => {
    const text = textOf();
    alerts ??= arrayMember(text, 'alerts');
    const element = alerts?.elements[index];
    if (alerts === undefined || element === undefined) return undefined;
    const { array } = alerts;
    const alert = text.slice(element.start, element.end);
    return `${text.slice(0, array.start)}[${alert}]${text.slice(array.end)}`;
  };
}

/** The payload of alert n of a webhook: the whole text, else the webhook with this alert alone, else none. */
export function webhookPayloads(
  textOf: () => string,
  narrowed: (index: number) => string | undefined,
): (index: number) => () => OriginalPayload {
  return (index) => () => {
    const text = textOf();
    if (fits(text, webhookLimitBytes)) return { text };
    return limited(narrowed(index), webhookLimitBytes);
  };
}

/** The texts of the items of a list: exactly as written. */
export function listItemTexts(text: string): (index: number) => string {
  let items: Slice[] | undefined;
  return (index) => {
    items ??= arrayMember(text, 'items')?.elements ?? [];
    const slice = items[index];
    return slice === undefined ? '' : text.slice(slice.start, slice.end);
  };
}

/** The text of a watch event's object: exactly as written. */
export function watchedObjectText(text: string): string {
  const slice = memberSlice(text, 'object');
  return slice === undefined ? '' : text.slice(slice.start, slice.end);
}

/** The payload of an event that is a part of a document. */
export function partPayload(text: () => string): () => OriginalPayload {
  return () => limited(text(), eventLimitBytes);
}

function arrayMember(text: string, key: string): { array: Slice; elements: Slice[] } | undefined {
  const array = memberSlice(text, key);
  return array === undefined ? undefined : { array, elements: elementSlices(text, array.start) };
}

function limited(text: string | undefined, limitBytes: number): OriginalPayload {
  if (text !== undefined && text !== '' && fits(text, limitBytes)) return { text };
  const size = text === undefined ? '' : ` (${Buffer.byteLength(text)} bytes)`;
  const message = `the signal's text${size} is over ${limitBytes} bytes and is left out of spec.originalPayload`;
  return { warning: { code: 'ORIGINAL_PAYLOAD_OMITTED', message } };
}

function fits(text: string, limitBytes: number): boolean {
  return text.length <= limitBytes && Buffer.byteLength(text) <= limitBytes;
}
