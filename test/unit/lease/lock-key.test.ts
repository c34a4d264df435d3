import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { chooseLock, lockOfLeaseName, parseLockKey } from '../../../src/lease/lock-key.ts';

const fingerprint = '91fce8d5c4949766458bd4bd58859a4fb2e8470ef64ef438c22903744799a9b1';

describe('a key', () => {
  it.each([
    [fingerprint, 'fingerprint'],
    [fingerprint.slice(0, 63), 'prefix'],
    [fingerprint.slice(0, 8), 'prefix'],
    ['gw-lock-91fce8d5c4949766', 'leaseName'],
    ['rr-91fce8d5c494-1c2b5576', 'requestName'],
  ])('%s is a %s', (text, kind) => {
    expect(parseLockKey(text, { rawKey: false }).kind).toBe(kind);
    expect(parseLockKey(text, { rawKey: true }).kind).toBe('raw');
  });

  it.each(['', '91fce8d', fingerprint.toUpperCase(), 'test-fp', `${fingerprint}0`])(
    '%j is none without --raw-key',
    (text) => {
      expect(() => parseLockKey(text, { rawKey: false })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTION' }),
      );
    },
  );

  it('of a lease name gives that name back, or is none', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { leaseName: name, key } = lockOfLeaseName(leaseName(text));
        expect(name).toBe(leaseName(text));
        if (key !== undefined) expect(leaseName(key)).toBe(name);
      }),
    );
    expect(lockOfLeaseName('gw-lock-short').key).toBeUndefined();
  });
});

describe('a prefix', () => {
  const lock = leaseName(fingerprint);

  it('means the one lock that lives under it, by its lease or by its requests', () => {
    expect(chooseLock('91fce8d5', [{ leaseName: lock }])).toEqual({
      leaseName: lock,
      key: '91fce8d5c4949766',
    });
    const both = [{ leaseName: lock }, { leaseName: lock, fingerprint }, { leaseName: lock, fingerprint }];
    expect(chooseLock(fingerprint.slice(0, 40), both)).toEqual({
      leaseName: lock,
      key: fingerprint,
      fingerprint,
    });
  });

  it('that two fingerprints share up to the lock itself is no ambiguity', () => {
    const other = fingerprint.slice(0, 16).padEnd(64, '0');
    const living = [
      { leaseName: lock, fingerprint },
      { leaseName: lock, fingerprint: other },
    ];
    expect(chooseLock('91fce8d5', living)).toEqual({ leaseName: lock, key: '91fce8d5c4949766' });
  });

  it('that two locks share is ambiguous, and one that none has is not found', () => {
    const other = `91fce8d5${'0'.repeat(56)}`;
    const living = [{ leaseName: lock }, { leaseName: leaseName(other), fingerprint: other }];
    expect(() => chooseLock('91fce8d5', living)).toThrow(
      expect.objectContaining({ code: 'AMBIGUOUS_KEY', details: { matches: [other, lock] } }),
    );
    expect(() => chooseLock('00000000', living)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
