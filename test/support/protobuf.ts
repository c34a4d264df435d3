/** Just as much of protobuf as it takes to write objects as kubectl does, and to spoil them. */

export type FieldValue = string | number | Buffer;

/** A number is written as a varint, anything else with its length before it. */
export function field(number: number, value: FieldValue): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function message(...fields: readonly (readonly [number: number, value: FieldValue])[]): Buffer {
  return Buffer.concat(fields.map(([number, value]) => field(number, value)));
}

export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

export const magic = Buffer.from('k8s\0');

/** A whole body: what kind of object it is, and the object. */
export function envelope(apiVersion: string, kind: string, object: Buffer): Buffer {
  return Buffer.concat([magic, message([1, message([1, apiVersion], [2, kind])], [2, object])]);
}
