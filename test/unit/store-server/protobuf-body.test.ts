import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../../../src/store-server/malformed-body.ts';
import { jsonOfProtobuf } from '../../../src/store-server/protobuf-body.ts';
import { envelope, field, magic, message, varint } from '../../support/protobuf.ts';

const read = (body: Buffer): unknown => {
  const text = jsonOfProtobuf(body);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
};

const owner = message([1, 'Pod'], [3, 'p'], [4, 'u-1'], [5, 'v1'], [6, 1], [7, 0]);
const metadata = message(
  [1, 'l'],
  [3, 'team'],
  [8, message([1, 1_763_632_800])],
  [11, message([1, 'x'], [2, '1'])],
  [11, message([1, '__proto__'], [2, '2'])],
  [13, owner],
  [14, 'a.b/c'],
  [14, 'a.b/d'],
);
const lease = message(
  [1, metadata],
  [2, message([1, 'me'], [2, 30], [3, message([1, 1_763_632_800], [2, 123_456_000])], [5, 0])],
);
const leaseBody = envelope('coordination.k8s.io/v1', 'Lease', lease);

describe('a body in protobuf', () => {
  it('is read whole: names, numbers, times, maps, lists, messages in messages', () => {
    expect(read(leaseBody)).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: 'l',
        namespace: 'team',
        creationTimestamp: '2025-11-20T10:00:00Z',
        labels: JSON.parse('{"x":"1","__proto__":"2"}') as unknown,
        ownerReferences: [
          {
            kind: 'Pod',
            name: 'p',
            uid: 'u-1',
            apiVersion: 'v1',
            controller: true,
            blockOwnerDeletion: false,
          },
        ],
        finalizers: ['a.b/c', 'a.b/d'],
      },
      spec: {
        holderIdentity: 'me',
        leaseDurationSeconds: 30,
        acquireTime: '2025-11-20T10:00:00.123456Z',
        leaseTransitions: 0,
      },
    });
  });

  it('has bytes as base64, and negative numbers', () => {
    const secret = message(
      [1, message([1, 's'], [10, -1])],
      [2, message([1, 'k'], [2, Buffer.from([0, 255])])],
    );
    expect(read(envelope('v1', 'Secret', secret))).toMatchObject({
      metadata: { deletionGracePeriodSeconds: -1 },
      data: { k: 'AP8=' },
    });
  });

  it.each([
    ['of a kind that is not known', envelope('apps/v1', 'Deployment', lease)],
    ['of a kind named like a property of every object', envelope('', 'constructor', lease)],
    ['with a field that is not known', envelope('v1', 'Namespace', message([1, metadata], [9, 'x']))],
    ['with a number of eight bytes', Buffer.concat([leaseBody, Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0, 0])])],
    ['with a time that no date has', envelope('v1', 'Namespace', message([1, field(8, field(1, 2 ** 52))]))],
  ])('is left alone, lest something be lost: %s', (_what, body) => {
    expect(read(body)).toBeUndefined();
  });

  const nested = (object: Buffer): Buffer => envelope('v1', 'ConfigMap', object);
  it.each([
    ['nothing at all', Buffer.alloc(0), 'expected prefix'],
    ['JSON', Buffer.from('{"kind":"Lease"}'), 'expected prefix'],
    ['the beginning alone', magic, "'Kind' is missing"],
    ['half a number', nested(Buffer.from([0x80])), 'unexpected EOF'],
    ['a number without an end', nested(Buffer.alloc(20, 0xff)), 'integer overflow'],
    ['a length beyond the end', nested(Buffer.from([0x0a, 0x7f, 1])), 'unexpected EOF'],
    ['a length beyond all numbers', nested(Buffer.concat([Buffer.from([0x0a]), varint(2 ** 52)])), 'EOF'],
    ['a length below nothing', nested(Buffer.concat([Buffer.from([0x0a]), varint(-1)])), 'negative length'],
    ['a field of number 0', nested(Buffer.from([0x02, 0])), 'illegal tag'],
    ['a wire type that there is not', nested(Buffer.from([0x0f, 0])), 'illegal wireType 7'],
    ['a number for metadata', nested(message([1, 1])), 'wrong wireType = 0'],
    ['a text for a number', nested(message([4, 'yes'])), 'wrong wireType = 2'],
    ['a number for an entry of a map', nested(message([2, 1])), 'wrong wireType = 0'],
    ['a number for the type', Buffer.concat([magic, message([1, 1])]), 'wrong wireType = 0'],
  ])('is refused as what it is: %s', (_what, body, why) => {
    expect(() => jsonOfProtobuf(body)).toThrow(MalformedBody);
    expect(() => jsonOfProtobuf(body)).toThrow(why);
  });

  it('cut short anywhere, or with any byte spoilt, is read, left alone or refused, and nothing else', () => {
    const places = [...leaseBody.keys()];
    const spoilt = [
      ...places.map((end) => leaseBody.subarray(0, end)),
      ...places.flatMap((at) =>
        [0x00, 0x7f, 0x80, 0xff].map((byte) => {
          const copy = Buffer.from(leaseBody);
          copy[at] = byte;
          return copy;
        }),
      ),
    ];
    for (const body of spoilt) {
      try {
        jsonOfProtobuf(body);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedBody);
      }
    }
    expect(spoilt.length).toBeGreaterThan(500);
  });

  it('may be as full of entries as a body can be', () => {
    const entries = 200_000;
    const data = Array.from({ length: entries }, (_, index) =>
      field(2, message([1, index.toString(36)], [2, ''])),
    );
    const object = read(envelope('v1', 'ConfigMap', Buffer.concat(data))) as { data: object };
    expect(Object.keys(object.data)).toHaveLength(entries);
  });
});
