import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementSlices, memberSlice } from '../../../src/signal/json-slices.ts';
import { parseSignals } from '../../../src/signal/parse-signals.ts';
import type { OriginalPayload } from '../../../src/signal/signal.ts';
import { alertOf, documentOf, eventOf, webhookOf } from './documents.ts';

function payloads(text: string): OriginalPayload[] {
  return [...parseSignals(documentOf(text))].map((item) => {
    return item.outcome === 'parsed' ? item.originalPayload() : {};
  });
}

const filler = (bytes: number): string => 'ä'.repeat(bytes / 2);

describe('slices of a JSON text', () => {
  it('are the members and elements, whatever surrounds them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.constantFrom(0, 1, 3),
        fc.string(),
        (items, other, indent, key) => {
          const value = { [`${key}"x`]: other, items, last: other };
          const text = JSON.stringify(value, null, indent);
          const slice = memberSlice(text, 'items')!;
          expect(JSON.parse(text.slice(slice.start, slice.end))).toEqual(JSON.parse(JSON.stringify(items)));
          const elements = elementSlices(text, slice.start).map(({ start, end }) => text.slice(start, end));
          expect(elements.map((part) => JSON.parse(part) as unknown)).toEqual(
            JSON.parse(JSON.stringify(items)),
          );
        },
      ),
    );
  });

  it('of a repeated key are those of the last', () => {
    const text = '{"items":[1],"x":{"items":[3]},"it\\u0065ms":[2 , "]"]}';
    const slice = memberSlice(text, 'items')!;
    expect(text.slice(slice.start, slice.end)).toBe('[2 , "]"]');
    expect(elementSlices(text, slice.start)).toHaveLength(2);
  });

  it('come in one pass from a depth at which recursion ends', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = `{"deep":${deep},"items":[${deep},1]}`;
    const slice = memberSlice(text, 'items')!;
    expect(elementSlices(text, slice.start).map(({ start, end }) => end - start)).toEqual([200_000, 1]);
  });
});

describe('the original payload', () => {
  it('of a webhook is its exact text, for every alert', () => {
    const text = ` ${webhookOf([alertOf({}), alertOf({})]).replace(',', ' ,\n')}`;
    expect(payloads(text)).toEqual([{ text }, { text }]);
  });

  it('of a webhook at the limit is the text, one byte over it the webhook with the alert alone', () => {
    const base = webhookOf([alertOf({ a: '1' }), alertOf({ a: '2' })], { pad: '' });
    const room = 102_400 - Buffer.byteLength(base);
    const at = base.replace('"pad":""', `"pad":"${'x'.repeat(room)}"`);
    expect(payloads(at)[0]).toEqual({ text: at });

    const over = at.replace('"pad":"', '"pad":"x');
    expect(JSON.parse(payloads(over)[1]!.text!)).toMatchObject({ alerts: [alertOf({ a: '2' })] });
    expect((JSON.parse(payloads(over)[1]!.text!) as { alerts: unknown[] }).alerts).toHaveLength(1);

    const big = alertOf({ a: '1' }, { note: filler(102_600) });
    const [first, second] = payloads(webhookOf([big, alertOf({ a: '2' })]));
    expect(first!.text).toBeUndefined();
    expect(first!.warning!.code).toBe('ORIGINAL_PAYLOAD_OMITTED');
    expect(JSON.parse(second!.text!)).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [alertOf({ a: '2' })],
    });
  });

  it('keeps what JSON.parse would change where an alert is cut out', () => {
    const one = '{"labels": {"alertname":"A"},"n":1.000000000000000000001}';
    const text = `{"alerts":[${one} , {"labels":{"pad":"${filler(110_000)}"}}],"groupKey":"g"}`;
    expect(payloads(text)[0]).toEqual({ text: `{"alerts":[${one}],"groupKey":"g"}` });
  });

  it('of a List and of a watch is the exact text of the item', () => {
    const one = JSON.stringify(eventOf(), null, 2);
    const two = JSON.stringify(eventOf({ reason: 'Other' }));
    expect(payloads(`{"apiVersion":"v1","items":[ ${one},\n${two} ],"kind":"List"}`)).toEqual([
      { text: one },
      { text: two },
    ]);
    expect(payloads(`{"type":"ADDED","object": ${one} }`)).toEqual([{ text: one }]);
    expect(payloads(one)).toEqual([{ text: one }]);
  });

  it('of an event over 262,144 bytes is left out and warned about', () => {
    const [payload] = payloads(JSON.stringify(eventOf({ message: filler(262_144) })));
    expect(payload!.text).toBeUndefined();
    expect(payload!.warning!.message).toMatch(/over 262144 bytes/);
  });
});
