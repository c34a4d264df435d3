import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LockRecord } from '../../../src/lease/lock-record.ts';
import { leaseResource } from '../../../src/kube/well-known-resources.ts';
import { usualRequestResource } from '../../../src/kube/discovery.ts';
import { serveStore, type ServedStore } from '../../support/served-store.ts';
import { CommandLine, type Ran, type RunOptions } from '../../unit/cli/command-line.ts';
import { MemoryStream } from '../../unit/cli/memory-stream.ts';
import { fingerprintLike, lockOf, namespace, request } from './planted-locks.ts';

const free = fingerprintLike('9999');
const held = fingerprintLike('aaaa1111bbbb');
const lockName = 'gw-lock-aaaa1111bbbb0000';

let line: CommandLine;
let served: ServedStore;
beforeEach(async () => {
  line = new CommandLine();
  served = await serveStore({ namespaces: [namespace, 'elsewhere'] });
  line.env = { KUBECONFIG: served.kubeconfig };
});
afterEach(async () => {
  await served.close();
  line.remove();
});

const run = (argv: string[], options?: RunOptions): Promise<Ran> =>
  line.run(['lease', ...argv, '--target', 'cluster'], options);

/** What was asked, without what does not matter: `GET leases`, `DELETE leases/name`. */
const asked = (): string[] =>
  served.log.splice(0).map((text) =>
    text
      .replace(/\?.*/, '')
      .replace(/ .*\/namespaces\/[^/]+\//, ' ')
      .replace(/ \/api\S*\/v1(alpha1)?\//, ' '),
  );

const plant = (holder: string, ages = { acquired: 1 }) =>
  served.objects.create(leaseResource, lockOf(held, Date.now(), { ...ages, holder }));

describe('requests', () => {
  it('lease list makes two, however many locks and requests there are', async () => {
    for (let index = 0; index < 12; index += 1) {
      const fingerprint = fingerprintLike(`abc${index.toString(16)}`);
      await served.objects.create(leaseResource, lockOf(fingerprint, Date.now(), { acquired: 1 }));
      await served.objects.create(usualRequestResource, request(fingerprint, 'Pending'));
    }
    const { code, stdout } = await run(['list', '-o', 'json']);
    expect(code).toBe(0);
    expect(
      (JSON.parse(stdout) as { items: LockRecord[] }).items.filter((lock) => lock.request !== undefined),
    ).toHaveLength(12);
    expect(asked()).toEqual(['GET leases', 'GET remediationrequests']);
  });

  it('lease acquire of a free fingerprint makes one, of a held one three with the look at who has it', async () => {
    expect((await run(['acquire', free])).code).toBe(0);
    expect(asked()).toEqual(['POST leases']);
    await plant('gateway-1');
    expect((await run(['acquire', held])).code).toBe(5);
    expect(asked()).toEqual(['POST leases', `GET leases/${lockName}`, `GET leases/${lockName}`]);
  });

  it('lease release and lease renew make two', async () => {
    await plant('gateway-1');
    expect((await run(['renew', held, '--if-holder', 'gateway-1'])).code).toBe(0);
    expect(asked()).toEqual([`GET leases/${lockName}`, `PUT leases/${lockName}`]);
    expect((await run(['release', held, '--if-holder', 'gateway-1'])).code).toBe(0);
    expect(asked()).toEqual([`GET leases/${lockName}`, `DELETE leases/${lockName}`]);
  });

  it('a forced release tries the DELETE dry, stores its Event, and deletes', async () => {
    await plant('gateway-1');
    expect((await run(['release', held, '--force', '--reason', 'x', '--yes'])).code).toBe(0);
    expect(asked()).toEqual([
      `GET leases/${lockName}`,
      `DELETE leases/${lockName}`,
      'POST events',
      `DELETE leases/${lockName}`,
    ]);
  });

  it('a forced release that may write no Event deletes nothing', async () => {
    await plant('gateway-1');
    served.refuseNext('POST /api/v1', 403, 'Forbidden');
    const { code, stderr } = await run(['release', held, '--force', '--reason', 'x', '--yes']);
    expect({ code, said: stderr.includes('create events') }).toEqual({ code: 1, said: true });
    await expect(served.objects.get(leaseResource, { namespace, name: lockName })).resolves.toBeDefined();
  });

  it('a lock that changed between the look and the write is looked at again', async () => {
    await plant('gateway-1');
    served.refuseNext('DELETE', 409, 'Conflict');
    expect((await run(['release', held, '--if-holder', 'gateway-1'])).code).toBe(0);
    expect(asked()).toEqual([
      `GET leases/${lockName}`,
      `DELETE leases/${lockName}`,
      `GET leases/${lockName}`,
      `DELETE leases/${lockName}`,
    ]);
  });
});

describe('clocks', () => {
  it('an hour of skew is measured, shown, and kept out of what counts as expired', async () => {
    const skewed = await serveStore({ namespaces: [namespace], dateOffsetMs: 3_600_000 });
    try {
      line.env = { KUBECONFIG: skewed.kubeconfig };
      const lease = lockOf(held, Date.now() + 3_600_000, { acquired: 5, holder: 'gateway-1' });
      await skewed.objects.create(leaseResource, lease);
      const { stdout } = await run(['get', held, '-o', 'json']);
      const lock = JSON.parse(stdout) as LockRecord;
      expect(lock.state).toBe('held');
      expect(Math.abs(lock.clockSkewSeconds! - 3600)).toBeLessThanOrEqual(lock.clockSkewErrorSeconds!);
      expect(lock.expiresInSeconds).toBeLessThan(30);
      const doctor = await run(['doctor', '-o', 'json']);
      expect(doctor.code).toBe(3);
      expect(JSON.parse(doctor.stdout)).toMatchObject({ items: [{ finding: 'clockSkew' }] });
    } finally {
      await skewed.close();
    }
  });
});

describe('a permission that is missing', () => {
  it.each(['list', 'doctor', 'get'])(
    'of requests is named by lease %s, which shows the locks alone',
    async (verb) => {
      await plant('gateway-1');
      served.refuseNext('remediationrequests', 403, 'Forbidden');
      const { code, stdout, stderr } = await run([verb, ...(verb === 'get' ? [held] : []), '-o', 'json']);
      expect(code).toBe(0);
      expect(stdout.includes(lockName)).toBe(verb !== 'doctor');
      expect(stderr).toContain('list remediationrequests.kubernaut.ai');
    },
  );

  it('of leases in other namespaces is named by lease doctor, which looks where locks belong', async () => {
    await plant('gateway-1', { acquired: 3600 });
    served.refuseNext('GET /apis/coordination.k8s.io/v1/leases', 403, 'Forbidden');
    const { code, stdout, stderr } = await run(['doctor', '-o', 'json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ items: [{ finding: 'orphaned' }] });
    expect(stderr).toContain('list leases.coordination.k8s.io');
  });

  it.each([
    ['list', ['list'], 'GET', 'list leases'],
    ['get', ['get', held], 'GET', 'get leases'],
    ['acquire', ['acquire', free], 'POST', 'create leases'],
    ['release', ['release', held, '--if-holder', 'gateway-1'], 'DELETE', 'delete leases'],
    ['renew', ['renew', held, '--if-holder', 'gateway-1'], 'PUT', 'update leases'],
  ])('of leases ends lease %s and is named', async (_verb, argv, method, permission) => {
    await plant('gateway-1');
    served.refuseNext(`${method} /apis/coordination`, 403, 'Forbidden');
    const { code, stdout, stderr } = await run([...argv, '-o', 'json', '-v']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(stderr.replace(/--verb=(\S+) --resource=(\S+)/, '$1 $2')).toContain(permission);
    expect(stderr).toContain('kubectl auth can-i');
  });
});

interface Watching {
  lines: () => { type: string; object: LockRecord }[];
}

/** `lease watch -o jsonl`, until `stop`. */
async function watching(work: (watch: Watching) => Promise<void>): Promise<Ran> {
  const stdout = new MemoryStream();
  const stopped = new AbortController();
  const running = run(['watch', '-o', 'jsonl'], {
    stdout,
    signal: stopped.signal,
    interruption: () => (stopped.signal.aborted ? 'SIGINT' : undefined),
  });
  const lines = (): { type: string; object: LockRecord }[] =>
    stdout.text
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as { type: string; object: LockRecord });
  try {
    await work({ lines });
  } finally {
    stopped.abort(new DOMException('stopped by SIGINT', 'AbortError'));
  }
  return running;
}

describe('lease watch', () => {
  it('tells each change of a lock, its request and its time, and goes on after a lost connection', async () => {
    await served.objects.create(usualRequestResource, request(held, 'Pending'));
    await plant('gateway-1');
    const ended = await watching(async ({ lines }) => {
      await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(1);
      expect(lines()[0]).toMatchObject({
        type: 'ADDED',
        object: { state: 'held', request: { name: 'rr-aaaa1111bbbb-1' } },
      });
      served.cut();
      const lease = await served.objects.get(leaseResource, { namespace, name: lockName });
      const spec = { ...(lease['spec'] as object), leaseDurationSeconds: 1 };
      await served.objects.replace(leaseResource, { ...lease, spec });
      served.accept();
      await expect
        .poll(() => lines().map(({ object }) => object.state), { timeout: 20_000 })
        .toContain('expired');
      await served.objects.delete(leaseResource, { namespace, name: lockName });
      await expect.poll(() => lines().at(-1)?.type, { timeout: 10_000 }).toBe('DELETED');
    });
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('trying again');
    expect(ended.stderr).toContain('watching again');
  });

  it('tells what is gone when everything had to be listed again after 410', async () => {
    await plant('gateway-1');
    await watching(async ({ lines }) => {
      await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(1);
      served.cut();
      await served.objects.delete(leaseResource, { namespace, name: lockName });
      served.refuseNext('GET', 410, 'Expired');
      served.refuseNext('GET', 410, 'Expired');
      served.accept();
      await expect
        .poll(() => lines().map(({ type }) => type), { timeout: 20_000 })
        .toEqual(['ADDED', 'DELETED']);
    });
  });
});
