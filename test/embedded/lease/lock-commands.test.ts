import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/api/objects.ts';
import type { Lease } from '../../../src/lease/lease-object.ts';
import type { LockRecord } from '../../../src/lease/lock-record.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { CommandLine, type Ran, type RunOptions } from '../../unit/cli/command-line.ts';
import { fingerprintLike, lease, lockOf, namespace, request } from './planted-locks.ts';

const nowMs = Date.parse('2026-08-22T12:00:00Z');

class StoppedClock extends RealClock {
  override now(): number {
    return nowMs;
  }
}

const held = fingerprintLike('aaaa1111bbbb');
const expired = fingerprintLike('bbbb2222cccc');
const orphaned = fingerprintLike('cccc3333dddd');
const endless = fingerprintLike('dddd4444eeee');
const hostile = 'gateway\u001b[2J\u202e-evil';

let line: CommandLine;
beforeEach(async () => {
  line = new CommandLine();
  await store([
    lockOf(held, nowMs, { acquired: 20, renewed: 5, holder: 'gateway-1' }),
    lockOf(expired, nowMs, { acquired: 90, holder: hostile }),
    lockOf(orphaned, nowMs, { acquired: 3600, renewed: 3600, holder: 'gateway-3' }),
    lease('gw-lock-dddd4444eeee0000', { holderIdentity: 'gateway-4' }),
    lease('kube-scheduler', { holderIdentity: 'node-1', leaseDurationSeconds: 15 }),
    request(held, 'Executing'),
    request(expired, 'Pending'),
    request(orphaned, 'Completed'),
  ]);
});
afterEach(() => {
  line.remove();
});

async function store(items: readonly KubeObject[]): Promise<void> {
  const file = path.join(line.home, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const { code, stderr } = await line.run(['store', 'import', file]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

const leaseCommand = (argv: string[], options: RunOptions = {}): Promise<Ran> =>
  line.run(['lease', ...argv, '--target', 'embedded'], { clock: new StoppedClock(), ...options });

/** Whatever the document is of which a test reads a part. */
interface Shown extends LockRecord {
  kind: string;
  items: (LockRecord & { finding: string; lock: LockRecord })[];
  lock: LockRecord;
  token: string;
  event: { name: string };
  observation: { holderGone: boolean };
  error: { code: string; message: string; details: { matches: string[] } };
}

const json = async (argv: string[], options?: RunOptions): Promise<{ code: number; shown: Shown }> => {
  const { code, stdout } = await leaseCommand([...argv, '-o', 'json'], options);
  return { code, shown: JSON.parse(stdout) as Shown };
};

async function objects(kind: string): Promise<KubeObject[]> {
  const { stdout } = await line.run(['store', 'export']);
  return (JSON.parse(stdout) as { items: KubeObject[] }).items.filter((object) => object.kind === kind);
}

const leaseNamed = async (name: string): Promise<Lease | undefined> =>
  (await objects('Lease')).find(({ metadata }) => metadata.name === name);

/** uid and resourceVersion are the store's own. */
const steady = ({ uid, resourceVersion, ...lock }: LockRecord): object => {
  expect(uid).toMatch(/^[0-9a-f-]{36}$/);
  expect(resourceVersion).toMatch(/^\d+$/);
  return lock;
};

describe('lease list', () => {
  it('shows every lock with its request, and no other lease', async () => {
    const { code, stdout } = await leaseCommand(['list']);
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "NAME                       STATE      HOLDER                      AGE   RENEWED   EXPIRES IN   REQUEST             PHASE       TARGET
      gw-lock-aaaa1111bbbb0000   held       gateway-1                   20s   5s        25s          rr-aaaa1111bbbb-1   Executing   prod/Deployment/checkout
      gw-lock-bbbb2222cccc0000   expired    gateway\\x1b[2J\\u202e-evil   90s   90s       -60s         rr-bbbb2222cccc-1   Pending     prod/Deployment/checkout
      gw-lock-cccc3333dddd0000   orphaned   gateway-3                   60m   60m       -59m         rr-cccc3333dddd-1   Completed   prod/Deployment/checkout
      gw-lock-dddd4444eeee0000   noExpiry   gateway-4                   -     -         -            -                   -           -
      "
    `);
  });

  it('shows more with -o wide', async () => {
    const { stdout } = await leaseCommand([
      'list',
      '-o',
      'custom-columns=N:.name,F:.fingerprint,T:.transitions',
    ]);
    expect(stdout).toMatchInlineSnapshot(`
      "N                          F                                                                  T
      gw-lock-aaaa1111bbbb0000   aaaa1111bbbb0000000000000000000000000000000000000000000000000000   <none>
      gw-lock-bbbb2222cccc0000   bbbb2222cccc0000000000000000000000000000000000000000000000000000   <none>
      gw-lock-cccc3333dddd0000   cccc3333dddd0000000000000000000000000000000000000000000000000000   <none>
      gw-lock-dddd4444eeee0000   <none>                                                             <none>
      "
    `);
    const wide = await leaseCommand(['list', '-o', 'wide', '--state', 'held']);
    expect(wide.stdout.replace(/\d+\n$/, 'VERSION\n')).toMatchInlineSnapshot(`
      "NAME                       STATE   HOLDER      AGE   RENEWED   EXPIRES IN   REQUEST             PHASE       TARGET                     FINGERPRINT                                                        DURATION   TRANSITIONS   VERSION
      gw-lock-aaaa1111bbbb0000   held    gateway-1   20s   5s        25s          rr-aaaa1111bbbb-1   Executing   prod/Deployment/checkout   aaaa1111bbbb0000000000000000000000000000000000000000000000000000   30         -             VERSION
      "
    `);
  });

  it('has the shape of a LockList', async () => {
    const { shown } = await json(['list']);
    expect({ ...shown, target: 'target', items: shown.items.map(steady) }).toMatchInlineSnapshot(`
      {
        "apiVersion": "remedyctl.dev/v1",
        "items": [
          {
            "acquiredAt": "2026-08-22T11:59:40.000000Z",
            "clockSkewErrorSeconds": 0,
            "clockSkewSeconds": 0,
            "durationSeconds": 30,
            "expiresAt": "2026-08-22T12:00:25.000000Z",
            "expiresAtByAcquireTime": "2026-08-22T12:00:10.000000Z",
            "expiresInSeconds": 25,
            "fingerprint": "aaaa1111bbbb0000000000000000000000000000000000000000000000000000",
            "holder": "gateway-1",
            "name": "gw-lock-aaaa1111bbbb0000",
            "namespace": "kubernaut-system",
            "renewedAt": "2026-08-22T11:59:55.000000Z",
            "request": {
              "name": "rr-aaaa1111bbbb-1",
              "phase": "Executing",
            },
            "resource": {
              "apiVersion": "apps/v1",
              "kind": "Deployment",
              "name": "checkout",
              "namespace": "prod",
            },
            "state": "held",
          },
          {
            "acquiredAt": "2026-08-22T11:58:30.000000Z",
            "clockSkewErrorSeconds": 0,
            "clockSkewSeconds": 0,
            "durationSeconds": 30,
            "expiresAt": "2026-08-22T11:59:00.000000Z",
            "expiresAtByAcquireTime": "2026-08-22T11:59:00.000000Z",
            "expiresInSeconds": -60,
            "fingerprint": "bbbb2222cccc0000000000000000000000000000000000000000000000000000",
            "holder": "gateway[2J‮-evil",
            "name": "gw-lock-bbbb2222cccc0000",
            "namespace": "kubernaut-system",
            "renewedAt": "2026-08-22T11:58:30.000000Z",
            "request": {
              "name": "rr-bbbb2222cccc-1",
              "phase": "Pending",
            },
            "resource": {
              "apiVersion": "apps/v1",
              "kind": "Deployment",
              "name": "checkout",
              "namespace": "prod",
            },
            "state": "expired",
          },
          {
            "acquiredAt": "2026-08-22T11:00:00.000000Z",
            "clockSkewErrorSeconds": 0,
            "clockSkewSeconds": 0,
            "durationSeconds": 30,
            "expiresAt": "2026-08-22T11:00:30.000000Z",
            "expiresAtByAcquireTime": "2026-08-22T11:00:30.000000Z",
            "expiresInSeconds": -3570,
            "fingerprint": "cccc3333dddd0000000000000000000000000000000000000000000000000000",
            "holder": "gateway-3",
            "name": "gw-lock-cccc3333dddd0000",
            "namespace": "kubernaut-system",
            "renewedAt": "2026-08-22T11:00:00.000000Z",
            "request": {
              "name": "rr-cccc3333dddd-1",
              "phase": "Completed",
            },
            "resource": {
              "apiVersion": "apps/v1",
              "kind": "Deployment",
              "name": "checkout",
              "namespace": "prod",
            },
            "state": "orphaned",
          },
          {
            "clockSkewErrorSeconds": 0,
            "clockSkewSeconds": 0,
            "holder": "gateway-4",
            "name": "gw-lock-dddd4444eeee0000",
            "namespace": "kubernaut-system",
            "state": "noExpiry",
          },
        ],
        "kind": "LockList",
        "target": "target",
      }
    `);
  });

  it.each([
    [['--state', 'held'], ['aaaa']],
    [
      ['--state', 'expired', '--state', 'noExpiry'],
      ['bbbb', 'dddd'],
    ],
    [
      ['--sort-by', 'expiresAt'],
      ['cccc', 'bbbb', 'aaaa', 'dddd'],
    ],
    [
      ['--sort-by', '.request.phase'],
      ['cccc', 'aaaa', 'bbbb', 'dddd'],
    ],
    [['--selector', 'a=b'], []],
  ])('%j selects and sorts', async (flags, wanted) => {
    const { shown } = await json(['list', ...flags]);
    expect(shown.items.map(({ name }) => name.slice(8, 12))).toEqual(wanted);
  });

  it('refuses a field that no lock has, and names the nearest', async () => {
    const { code, stderr } = await leaseCommand(['list', '--sort-by', 'holdr']);
    expect(code).toBe(2);
    expect(stderr).toContain('--sort-by holder');
  });

  it('shows text of others harmlessly', async () => {
    const { stdout } = await leaseCommand(['list']);
    expect(stdout).toContain('gateway\\x1b[2J\\u202e-evil');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('lease get', () => {
  it('shows both readings of the end', async () => {
    const { code, stdout } = await leaseCommand(['get', held]);
    expect(code).toBe(0);
    expect(stdout.replace(/(version +|UID +)\S+/g, '$1…')).toMatchInlineSnapshot(`
      "Name                     gw-lock-aaaa1111bbbb0000
      Namespace                kubernaut-system
      Fingerprint              aaaa1111bbbb0000000000000000000000000000000000000000000000000000
      Target                   prod/Deployment/checkout
      Request                  rr-aaaa1111bbbb-1 (Executing)
      State                    held
      Holder                   gateway-1
      Acquired                 2026-08-22T11:59:40.000000Z (20s ago)
      Renewed                  2026-08-22T11:59:55.000000Z (5s ago)
      Duration                 30s
      Expires by renewTime     2026-08-22T12:00:25.000000Z (25s left)
      Expires by acquireTime   2026-08-22T12:00:10.000000Z
      Resource version         …
      UID                      …
      Server clock             0s ahead of ours, give or take 0s
      "
    `);
  });

  it('has the shape of a Lock', async () => {
    const { shown } = await json(['get', 'aaaa1111']);
    expect(steady({ ...shown, target: 'target' } as LockRecord)).toMatchInlineSnapshot(`
      {
        "acquiredAt": "2026-08-22T11:59:40.000000Z",
        "apiVersion": "remedyctl.dev/v1",
        "clockSkewErrorSeconds": 0,
        "clockSkewSeconds": 0,
        "durationSeconds": 30,
        "expiresAt": "2026-08-22T12:00:25.000000Z",
        "expiresAtByAcquireTime": "2026-08-22T12:00:10.000000Z",
        "expiresInSeconds": 25,
        "fingerprint": "aaaa1111bbbb0000000000000000000000000000000000000000000000000000",
        "holder": "gateway-1",
        "kind": "Lock",
        "name": "gw-lock-aaaa1111bbbb0000",
        "namespace": "kubernaut-system",
        "renewedAt": "2026-08-22T11:59:55.000000Z",
        "request": {
          "name": "rr-aaaa1111bbbb-1",
          "phase": "Executing",
        },
        "resource": {
          "apiVersion": "apps/v1",
          "kind": "Deployment",
          "name": "checkout",
          "namespace": "prod",
        },
        "state": "held",
        "target": "target",
      }
    `);
  });

  it.each([
    ['a fingerprint', [held]],
    ['a prefix', ['aaaa1111']],
    ['a lease name', ['gw-lock-aaaa1111bbbb0000']],
    ['a request name', ['rr-aaaa1111bbbb-1']],
    ['a raw key', ['aaaa1111bbbb0000', '--raw-key']],
  ])('finds a lock by %s', async (_what, key) => {
    const { shown } = await json(['get', ...key]);
    expect(shown.name).toBe('gw-lock-aaaa1111bbbb0000');
  });

  it('computes the lock of a resource as signals do, and hashes a short raw key as the gateway does', async () => {
    const resource = [
      '--resource',
      'Deployment/payment-api',
      '--resource-namespace',
      'prod',
      '--resource-cluster-id',
      'prod-east',
    ];
    const { shown } = await json(['get', ...resource]);
    const normalized = await leaseCommand(['acquire', ...resource, '-o', 'jsonpath={.fingerprint}']);
    expect(shown.error.message).toContain(`gw-lock-${normalized.stdout.slice(0, 16)}`);
    const raw = await leaseCommand(['acquire', 'test-fp', '--raw-key', '-o', 'name']);
    expect(raw.stdout).toBe('lease.coordination.k8s.io/gw-lock-0d4a0f2e8c178467\n');
  });

  it.each([
    ['an unknown prefix', ['0123456789'], 1, 'NOT_FOUND'],
    ['an unknown fingerprint', ['0'.repeat(64)], 1, 'NOT_FOUND'],
    ['a short prefix', ['aaaa'], 2, 'USAGE'],
    ['any other text', ['checkout'], 2, 'USAGE'],
    ['no key', [], 2, 'USAGE'],
    ['two keys', [held, '--resource', 'Node/a'], 2, 'USAGE'],
    ['a resource without its kind', ['--resource', 'checkout'], 2, 'USAGE'],
  ])('refuses %s', async (_what, key, exit, wanted) => {
    const { code, shown } = await json(['get', ...key]);
    expect({ code, error: shown.error.code }).toEqual({ code: exit, error: wanted });
  });

  it('names every match of an ambiguous prefix', async () => {
    await store([lockOf(fingerprintLike('aaaa1111ffff'), nowMs, { acquired: 1 })]);
    const { code, shown } = await json(['get', 'aaaa1111']);
    expect(code).toBe(2);
    expect(shown.error.details.matches).toEqual([held, 'gw-lock-aaaa1111ffff0000']);
  });

  it('proves by a whole duration without a change that a holder is gone', async () => {
    await store([
      lockOf(fingerprintLike('eeee5555'), nowMs, { acquired: 1, duration: 1, holder: 'gateway-5' }),
    ]);
    const { shown } = await json(['get', fingerprintLike('eeee5555'), '--observe', '1100ms']);
    expect(shown.observation).toMatchObject({ holderGone: true, neededSeconds: 1 });
    expect(shown.observed?.map(({ holder }) => holder)).toEqual(['gateway-5']);
    const short = await leaseCommand(['get', held, '--observe', '100ms']);
    expect(short.stderr).toContain('proves nothing');
  });
});

describe('lease acquire, renew and release', () => {
  const free = fingerprintLike('9999');

  it('print holder and token, by which another process goes on', async () => {
    const { code, shown } = await json(['acquire', free, '--ttl', '2m']);
    expect(code).toBe(0);
    expect(shown).toMatchObject({
      acquired: true,
      attempts: 1,
      durationSeconds: 120,
      fingerprint: free,
      state: 'held',
    });
    expect(shown.token).toBe(shown.resourceVersion);
    const holder = shown.holder!;
    const renewed = await json(['renew', free, '--if-holder', holder, '--ttl', '5m']);
    expect(renewed.code).toBe(0);
    expect(renewed.shown).toMatchObject({ kind: 'LockRenewal', outcome: 'renewed', forced: false });
    expect(renewed.shown.lock).toMatchObject({ durationSeconds: 300, holder });
    const released = await json(['release', free, '--if-holder', holder]);
    expect(released.shown).toMatchObject({ kind: 'LockRelease', outcome: 'released', forced: false });
    expect(await leaseNamed('gw-lock-9999000000000000')).toBeUndefined();
    const again = await json(['release', free, '--if-holder', holder]);
    expect(again).toMatchObject({ code: 0, shown: { outcome: 'gone' } });
    const late = await json(['renew', free, '--if-holder', holder]);
    expect(late).toMatchObject({ code: 5, shown: { error: { code: 'LOCK_LOST' } } });
  });

  it('exit with 5 where somebody else holds it, saying who and until when', async () => {
    const { code, stdout, stderr } = await leaseCommand(['acquire', held]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('gateway-1 holds it until 2026-08-22T12:00:25.000000Z');
    const { shown } = await json(['acquire', held]);
    expect(shown).toMatchObject({ kind: 'Lock', acquired: false, holder: 'gateway-1', attempts: 1 });
  });

  it('take over what has expired', async () => {
    const { shown } = await json(['acquire', expired]);
    expect(shown).toMatchObject({
      acquired: true,
      transitions: 1,
      acquiredAt: '2026-08-22T12:00:00.000000Z',
    });
  });

  it.each([
    ['release', ['release', held], 'LOCK_HELD', 5],
    ['renew', ['renew', held], 'LOCK_HELD', 5],
    ['release as another holder', ['release', held, '--if-holder', 'gateway-2'], 'LOCK_HELD', 5],
    [
      'release only if expired',
      ['release', held, '--if-expired', '--if-holder', 'gateway-1'],
      'LOCK_HELD',
      5,
    ],
    ['release what never expires', ['release', endless, '--if-expired'], 'LOCK_HELD', 5],
    ['renew what has expired', ['renew', expired], 'LOCK_HELD', 5],
    ['force without a reason', ['release', held, '--force'], 'USAGE', 2],
    ['a reason without force', ['release', held, '--reason', 'x'], 'USAGE', 2],
    ['force an unanswered question', ['release', held, '--force', '--reason', 'x'], 'NEEDS_YES', 6],
  ])('refuse: %s', async (_what, argv, error, exit) => {
    const before = await objects('Lease');
    const { code, shown } = await json(argv);
    expect({ code, error: shown.error.code }).toEqual({ code: exit, error });
    expect(await objects('Lease')).toEqual(before);
    expect(await objects('Event')).toEqual([]);
  });

  it('release an expired lock without force, and without an Event', async () => {
    expect((await json(['release', expired, '--if-expired'])).code).toBe(0);
    expect(await objects('Event')).toEqual([]);
  });

  it.each(['release', 'renew'] as const)('%s a live lock by force, and leave who and why', async (verb) => {
    const reason = 'its pod was evicted';
    const { code, shown } = await json([verb, held, '--force', '--reason', reason, '--yes']);
    expect(code).toBe(0);
    expect(shown).toMatchObject({ forced: true });
    const [event] = await objects('Event');
    expect(event).toMatchObject({
      metadata: { name: shown.event.name, namespace },
      involvedObject: { kind: 'Lease', name: 'gw-lock-aaaa1111bbbb0000', namespace },
      type: 'Warning',
      reason: verb === 'release' ? 'LeaseReleaseForced' : 'LeaseRenewalForced',
    });
    expect(event!['message']).toMatch(
      /^\S+@\S+ forces the (release|renew) of the lock of gateway-1: its pod was evicted$/,
    );
    expect((await leaseNamed('gw-lock-aaaa1111bbbb0000')) === undefined).toBe(verb === 'release');
  });

  it.each([
    ['acquire', ['acquire', free], { wouldAcquire: true }],
    ['acquire, asked of the server', ['acquire', free, '--dry-run=server'], { wouldAcquire: true }],
    ['release', ['release', expired], { outcome: 'wouldRelease' }],
    [
      'release by force',
      ['release', held, '--force', '--reason', 'x'],
      { outcome: 'wouldRelease', forced: true },
    ],
    ['renew', ['renew', held, '--if-holder', 'gateway-1'], { outcome: 'wouldRenew' }],
  ])('write nothing with --dry-run: %s', async (_what, argv, wanted) => {
    const before = await objects('Lease');
    const dry = argv.some((word) => word.startsWith('--dry-run')) ? argv : [...argv, '--dry-run'];
    const { code, shown } = await json(dry);
    expect({ code, ...shown }).toMatchObject({ code: 0, ...wanted });
    expect(await objects('Lease')).toEqual(before);
    expect(await objects('Event')).toEqual([]);
  });

  it.each([
    ['acquire', ['acquire', free]],
    ['release', ['release', expired]],
    ['renew', ['renew', held, '--if-holder', 'gateway-1']],
    ['doctor --fix', ['doctor', '--fix', '--yes']],
  ])('are refused by a profile that only reads: %s', async (_what, argv) => {
    const config = path.join(line.home, 'config.yaml');
    writeFileSync(config, 'profiles:\n  safe:\n    readOnly: true\n');
    const { code, stderr } = await leaseCommand([...argv, '--config', config, '--profile', 'safe']);
    expect({ code, refused: stderr.includes('READ_ONLY_PROFILE') }).toEqual({ code: 6, refused: true });
  });

  it('holds until it is stopped, and releases then', async () => {
    const stopped = new AbortController();
    const running = leaseCommand(['acquire', free, '--hold', '-o', 'json'], {
      signal: stopped.signal,
      interruption: () => (stopped.signal.aborted ? 'SIGINT' : undefined),
    });
    for (let tries = 0; (await leaseNamed('gw-lock-9999000000000000')) === undefined; tries += 1) {
      expect(tries).toBeLessThan(200);
    }
    stopped.abort(new DOMException('stopped by SIGINT', 'AbortError'));
    const { code, stdout, stderr } = await running;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ acquired: true });
    expect(stderr).toContain('is released');
    expect(await leaseNamed('gw-lock-9999000000000000')).toBeUndefined();
  });
});

describe('lease doctor', () => {
  it('finds what is wrong, says what it blocks and what mends it, and exits with 3', async () => {
    await store([
      lockOf(fingerprintLike('eeee5555'), nowMs, { acquired: 7200, renewed: 1 }),
      lockOf(fingerprintLike('ffff6666'), nowMs, { acquired: 1, renewed: -3600 }),
      {
        ...lockOf(fingerprintLike('abcd7777'), nowMs, { acquired: 1 }),
        metadata: { name: 'gw-lock-abcd777700000000', namespace: 'default' },
      },
    ]);
    const { code, stdout } = await leaseCommand(['doctor']);
    expect(code).toBe(3);
    expect(stdout.replaceAll(line.home, 'HOME')).toMatchInlineSnapshot(`
      "wrongNamespace  default/gw-lock-abcd777700000000  held by gateway-7d9f-abcde  29s left
        blocks: nothing in kubernaut-system: whoever locks in default and whoever locks here do not exclude each other
        fix:    export REMEDYCTL_LEASE_NAMESPACE=default

      expired  kubernaut-system/gw-lock-bbbb2222cccc0000  held by gateway\\x1b[2J\\u202e-evil  expired 60s ago
        blocks: signals of prod/Deployment/checkout (fingerprint bbbb2222cccc0000000000000000000000000000000000000000000000000000), until the next writer takes the lock over; request rr-bbbb2222cccc-1 (Pending)
        fix:    remedyctl lease release gw-lock-bbbb2222cccc0000 --target embedded --lease-namespace kubernaut-system --if-expired

      orphaned  kubernaut-system/gw-lock-cccc3333dddd0000  held by gateway-3  expired 59m ago
        blocks: signals of prod/Deployment/checkout (fingerprint cccc3333dddd0000000000000000000000000000000000000000000000000000), until the next writer takes the lock over; no request of theirs is under way; request rr-cccc3333dddd-1 (Completed)
        fix:    remedyctl lease release gw-lock-cccc3333dddd0000 --target embedded --lease-namespace kubernaut-system --if-expired

      noExpiry  kubernaut-system/gw-lock-dddd4444eeee0000  held by gateway-4
        blocks: signals of fingerprint dddd4444eeee0000…, for ever: the lock names no end, and no gateway takes it over
        fix:    remedyctl lease release gw-lock-dddd4444eeee0000 --target embedded --lease-namespace kubernaut-system --force --reason 'it names no end'

      longHeld  kubernaut-system/gw-lock-eeee555500000000  held by gateway-7d9f-abcde  29s left
        blocks: signals of fingerprint eeee555500000000…, for 120m already
        fix:    remedyctl lease release gw-lock-eeee555500000000 --target embedded --lease-namespace kubernaut-system --force --reason 'held for 120m'

      clockSkew  kubernaut-system/gw-lock-ffff666600000000  held by gateway-7d9f-abcde  60m left
        blocks: signals of fingerprint ffff666600000000…, 60m too long: so far is its holder's clock ahead of the server's
        fix:    remedyctl lease release gw-lock-ffff666600000000 --target embedded --lease-namespace kubernaut-system --force --reason 'the clock of its holder is wrong'
      "
    `);
    const { shown } = await json(['doctor']);
    expect(shown.kind).toBe('LeaseFindings');
    expect(shown.items.map(({ finding, lock }) => `${lock.name.slice(8, 12)} ${finding}`)).toEqual([
      'abcd wrongNamespace',
      'bbbb expired',
      'cccc orphaned',
      'dddd noExpiry',
      'eeee longHeld',
      'ffff clockSkew',
    ]);
  });

  it('says so where nothing is wrong', async () => {
    for (const key of [expired, orphaned]) await leaseCommand(['release', key]);
    await leaseCommand(['release', endless, '--force', '--reason', 'x', '--yes']);
    const { code, stdout, stderr } = await leaseCommand(['doctor']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('nothing is wrong');
  });

  it('releases with --fix what stays unchanged for its whole duration, and only that', async () => {
    for (const key of [expired, orphaned]) await leaseCommand(['release', key]);
    await leaseCommand(['release', endless, '--force', '--reason', 'x', '--yes']);
    const dead = fingerprintLike('eeee5555');
    await store([lockOf(dead, nowMs, { acquired: 60, duration: 1 })]);
    const unasked = await json(['doctor', '--fix']);
    expect(unasked).toMatchObject({ code: 6, shown: { error: { code: 'NEEDS_YES' } } });
    const { code, shown } = await json(['doctor', '--fix', '--yes']);
    expect(code).toBe(0);
    expect(shown.items).toMatchObject([{ finding: 'orphaned', fixed: true }]);
    expect((await objects('Lease')).map(({ metadata }) => metadata.name).sort()).toEqual([
      'gw-lock-aaaa1111bbbb0000',
      'kube-scheduler',
    ]);
  });
});
