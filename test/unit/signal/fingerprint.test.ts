import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprintInput, fingerprintOf } from '../../../src/signal/fingerprint.ts';

const node = { kind: 'Node', name: 'worker-node-1' };
const deployment = { namespace: 'prod', kind: 'Deployment', name: 'payment-api' };

describe('a fingerprint', () => {
  it.each([
    [deployment, '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1'],
    [{ ...node, namespace: '' }, '54010c454af195aadec824d25dba6fa52adfcc717f0b3f0430e4111acddfe728'],
    [
      { ...node, namespace: 'monitoring' },
      '0636f7cfc0b67046c1906c75ba8973a380e6ae4c935eaa309d756323fded576a',
    ],
    [
      { ...deployment, clusterID: 'prod-east' },
      '3841478bf8220c4cac6ff36991787d8d0989c0eeda8a5ad65ab2d4f5a76ea017',
    ],
    [
      { ...node, namespace: '', clusterID: 'prod-east' },
      'bbb02d0f29ca32a1b2bff58f30355e96466cf41f9894cee98fe592f9d5862853',
    ],
    [
      { namespace: 'prod', kind: 'Pod', name: 'payment-api-789' },
      'f957905c37beb33f236c616c9ad3eea1270e6884bd5073cf9c11e950f0a9a0be',
    ],
  ])('of %j is the gateway’s', (parts, expected) => {
    expect(fingerprintOf(parts)).toBe(expected);
    expect(fingerprintOf({ clusterID: '', ...parts })).toBe(expected);
  });

  it('is the SHA-256 of its input in UTF-8, whatever the parts', () => {
    const part = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(part, part, part, fc.option(part), (namespace, kind, name, cluster) => {
        const parts = { namespace, kind, name, clusterID: cluster ?? undefined };
        const joined = [...(cluster ? [cluster] : []), namespace, kind, name].join(':');
        expect(fingerprintInput(parts)).toBe(joined);
        expect(fingerprintOf(parts)).toBe(createHash('sha256').update(Buffer.from(joined)).digest('hex'));
      }),
    );
  });
});
