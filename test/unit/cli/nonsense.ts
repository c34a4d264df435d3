import type { Random } from '../../../src/time/random.ts';

/** Values that no field expects. */
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  5,
  1.5,
  1e300,
  2 ** 53,
  '',
  'x',
  '2026-13-45T99:99:99Z',
  '+275760-09-13T00:00:00.001Z',
  '9999-12-31T23:59:59.999999Z',
  '\u001b[31m\u202e\u0000',
  '%zz',
  [],
  ['x'],
  [null],
  {},
  { name: {} },
  { toString: 5, constructor: [], hasOwnProperty: null },
];

/** Names that every object has from its prototype. */
const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

const bodies: readonly string[] = [
  '',
  'null',
  '{}',
  '[]',
  '5',
  '"x"',
  '{"items":null}',
  '{"items":{}}',
  '{"kind":"Status"}',
  '{"kind":"Status","apiVersion":"v1","status":"Failure","message":"no","code":"x","details":5,"metadata":5}',
  '{"kind":"Status","apiVersion":"v1","status":"Success"}',
  '<!doctype html><title>Sign in</title>',
  '{"metadata":{"name":"x"}}',
  '{"metadata":null}',
  '{"type":"ERROR","object":null}',
  '{"type":"ADDED"}',
  '{"type":5,"object":{"metadata":{"name":"x"}}}',
  '\u0000\uffff',
];

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random.next() * from.length)] as T;
}

/** A JSON document with some of its fields spoilt, or something else in its place. */
export function spoilt(text: string, random: Random): string {
  if (random.next() < 0.1) return pick(bodies, random);
  if (random.next() < 0.05) return text.slice(0, Math.floor(random.next() * text.length));
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return text;
  }
  const times = 1 + Math.floor(random.next() * 3);
  for (let time = 0; time < times; time += 1) document = spoiltOnce(document, random);
  return JSON.stringify(document);
}

/** Goes down at random, deeper rather than not, and spoils what it comes to. */
export function spoiltOnce(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.08) return pick(values, random);
  const copy: unknown = structuredClone(value);
  const entries = Object.keys(copy as object);
  if (random.next() < 0.1 && !Array.isArray(copy)) {
    Object.defineProperty(copy, pick(names, random), {
      value: pick(values, random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
    return copy;
  }
  if (entries.length === 0) return pick(values, random);
  const key = pick(entries, random);
  const record = copy as Record<string, unknown>;
  if (random.next() < 0.1) Reflect.deleteProperty(record, key);
  else record[key] = spoiltOnce(record[key], random);
  return copy;
}
