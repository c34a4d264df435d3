import { describe, expect, it } from 'vitest';
import { judgeSkew } from '../../../src/doctor/clock-check.ts';
import { judgeElsewhere, judgeLocks } from '../../../src/doctor/lock-checks.ts';
import { judgeNode } from '../../../src/doctor/program-checks.ts';
import { describeSchema } from '../../../src/doctor/request-checks.ts';
import {
  judgeFreeSpace,
  judgeIntegrity,
  judgeSchemaVersion,
  judgeWal,
} from '../../../src/doctor/store-checks.ts';
import { shownSize } from '../../../src/doctor/shown-size.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';

describe('the clock', () => {
  it.each([
    ['within its error', 900, 500, 'ok'],
    ['certain by less than a second', -1_499, 500, 'ok'],
    ['behind by a little', 3_000, 500, 'warn'],
    ['behind by almost a third of the duration', 10_499, 500, 'warn'],
    ['behind by a third of the duration', 10_500, 500, 'fail'],
    ['ahead by a third of the duration', -12_000, 500, 'warn'],
    ['ahead by the whole duration', -30_500, 500, 'fail'],
  ])('%s: %i ms +- %i ms is %s', (_name, skewMs, errorMs, status) => {
    expect(judgeSkew({ skewMs, errorMs }, 30).status).toBe(status);
  });

  it('says what a skew means for locks, with its error', () => {
    expect(judgeSkew({ skewMs: 15_000, errorMs: 400 }, 30)).toMatchObject({
      message:
        'this machine is 15.0 s (+- 0.4 s) behind the server: others take our locks of 30 s for expired that much too early',
      details: { clockSkewSeconds: 15, clockSkewErrorSeconds: 0.4 },
    });
    expect(judgeSkew({ skewMs: -15_000, errorMs: 400 }, 30).message).toMatch(
      /15\.0 s .* ahead of the server/,
    );
  });

  it('does not judge what was not measured', () => {
    expect(judgeSkew(undefined, 30).status).toBe('skip');
  });
});

describe('locks', () => {
  const none = { held: 0, expired: 0, noExpiry: 0, longHeld: 0 };
  it.each([
    ['none', none, 'ok', 'none is held'],
    ['held ones', { ...none, held: 3 }, 'ok', '3 held, none of them stuck'],
    ['expired ones', { ...none, held: 1, expired: 2 }, 'warn', 'of 3 locks 2 were left behind'],
    ['long held ones', { ...none, held: 1, longHeld: 1 }, 'warn', 'of 1 lock 1 have been held'],
    ['ones without an end', { ...none, expired: 1, noExpiry: 1 }, 'fail', 'of 2 locks 1 never expire'],
  ])('%s', (_name, counts, status, message) => {
    const finding = judgeLocks(counts);
    expect(finding.status).toBe(status);
    expect(finding.message).toContain(message);
    expect(finding.fix).toBe(status === 'ok' ? undefined : 'remedyctl lease doctor');
  });

  it('names the namespaces with the most of them first, and some only', () => {
    const many = new Map(Array.from({ length: 7 }, (_, index) => [`ns-${index}`, index + 1] as const));
    const finding = judgeElsewhere(many, 'mine');
    expect(finding.message).toMatch(/^locks are also in ns-6 \(7\), ns-5 \(6\), .* and 2 more:/);
    expect(finding.fix).toContain('--lease-namespace ns-6');
    expect(judgeElsewhere(new Map(), 'mine').status).toBe('ok');
  });
});

describe('the schema', () => {
  const served = (statusLayout: 'nested' | 'flat', lacks: readonly string[]) =>
    describeSchema({
      resource: usualRequestResource,
      statusLayout,
      hasField: (path) => !lacks.includes(path) && !path.includes('remedyctl'),
    });

  it.each([
    ['is complete', 'nested', [], 'ok', []],
    ['is flat and complete', 'flat', ['status.completionStatus'], 'ok', []],
    ['never had the old count', 'nested', ['spec.deduplication'], 'ok', []],
    ['lacks a field of requests', 'nested', ['spec.clusterID'], 'warn', ['spec.clusterID']],
    [
      'lacks the count',
      'flat',
      ['status.deduplication.lastSeenAt'],
      'warn',
      ['status.deduplication.lastSeenAt'],
    ],
  ] as const)('%s', (_name, layout, lacks, status, missing) => {
    const finding = served(layout, lacks);
    expect(finding).toMatchObject({ status, details: { statusLayout: layout, missing } });
  });

  it('is not taken for complete where it is not published', () => {
    const open = { resource: usualRequestResource, statusLayout: 'nested', hasField: () => true } as const;
    expect(describeSchema(open)).toMatchObject({ status: 'warn' });
  });
});

describe('the program', () => {
  it.each([
    ['v20.19.0', 'ok'],
    ['v22.1.0', 'ok'],
    ['v20.18.9', 'fail'],
    ['v18.20.4', 'fail'],
  ])('node %s is %s', (version, status) => {
    expect(judgeNode(version, 'linux-x64').status).toBe(status);
  });
});

describe('the store', () => {
  const inspection = {
    directory: '/data/my store',
    file: '/data/my store/store.db',
    schemaVersion: 1,
    knownSchemaVersion: 1,
    damages: [],
    databaseBytes: 4096,
    walBytes: 0,
  };
  it.each([
    ['sound', judgeIntegrity(inspection), 'ok'],
    ['damaged', judgeIntegrity({ ...inspection, damages: ['row 1 missing'] }), 'fail'],
    ['of this version', judgeSchemaVersion(inspection), 'ok'],
    ['older', judgeSchemaVersion({ ...inspection, knownSchemaVersion: 2 }), 'ok'],
    ['newer', judgeSchemaVersion({ ...inspection, schemaVersion: 2 }), 'fail'],
    ['with a log of 64 MiB', judgeWal({ ...inspection, walBytes: 2 ** 26 }), 'ok'],
    ['with a longer log', judgeWal({ ...inspection, walBytes: 2 ** 26 + 1 }), 'warn'],
    ['with room', judgeFreeSpace(2 ** 28, '/data'), 'ok'],
    ['with little room', judgeFreeSpace(2 ** 28 - 1, '/data'), 'warn'],
    ['with no room', judgeFreeSpace(2 ** 24 - 1, '/data'), 'fail'],
  ])('%s', (_name, finding, status) => {
    expect(finding.status).toBe(status);
    expect(finding.fix === undefined).toBe(status === 'ok');
  });

  it('quotes a path for the shell', () => {
    const { fix } = judgeIntegrity({ ...inspection, damages: ['x'] });
    expect(fix).toContain("mv '/data/my store' '/data/my store.damaged'");
  });
});

describe('shownSize', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [300 * 2 ** 20, '300 MiB'],
    [2 ** 60, '1048576 TiB'],
  ])('%i is %s', (bytes, text) => {
    expect(shownSize(bytes)).toBe(text);
  });
});
