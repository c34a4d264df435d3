import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import { HeldLocks } from '../../../src/lease/held-locks.ts';
import { leaseName } from '../../../src/lease/lease-name.ts';
import { LeaseLock } from '../../../src/lease/lease-lock.ts';
import { formatMicroTime } from '../../../src/lease/micro-time.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { namespaceResource } from '../../../src/kube/well-known-resources.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { readBody } from '../../support/read-body.ts';
import { openAsAdmin } from '../admin.ts';

const cluster = inject('cluster');
const namespace = 'gateway-lock';
const fingerprint = 'c4'.repeat(32);
const name = leaseName(fingerprint);
const collection = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const runsForMs = 12_000;
/** A machine with other work on it needs longer for as many entries. */
const runsAtMostMs = 90_000;
const wantedEntries = 20;

interface LeaseBody {
  metadata: { name: string; namespace: string; resourceVersion?: string };
  spec: { holderIdentity?: string; renewTime?: string; acquireTime?: string; leaseDurationSeconds?: number };
}

/** The gateway's lock, request by request as it was recorded: no uid in the PUT, no preconditions on the DELETE. */
class GatewayLock {
  readonly log: string[] = [];
  readonly #send: Send;
  readonly #holder: string;

  constructor(send: Send, holder: string) {
    this.#send = send;
    this.#holder = holder;
  }

  async acquire(): Promise<boolean> {
    const found = await this.#ask('GET', `${collection}/${name}`);
    if (found.status === 404) {
      const created = await this.#ask('POST', collection, this.#claim());
      return created.status === 201;
    }
    const lease = found.body as LeaseBody;
    const { spec } = lease;
    if (spec.holderIdentity === this.#holder) return true;
    const expiresMs = Date.parse(spec.renewTime ?? '') + (spec.leaseDurationSeconds ?? Number.NaN) * 1000;
    if (!(Date.now() > expiresMs)) return false;
    const now = formatMicroTime(Date.now());
    const taken = { ...lease, spec: { ...spec, holderIdentity: this.#holder, renewTime: now } };
    return (await this.#ask('PUT', `${collection}/${name}`, taken)).status === 200;
  }

  async release(): Promise<void> {
    const found = await this.#ask('GET', `${collection}/${name}`);
    if (found.status === 404) return;
    if ((found.body as LeaseBody).spec.holderIdentity !== this.#holder) return;
    const options = { kind: 'DeleteOptions', apiVersion: 'coordination.k8s.io/v1' };
    await this.#ask('DELETE', `${collection}/${name}`, options);
  }

  #claim(): object {
    const now = formatMicroTime(Date.now());
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace },
      spec: { holderIdentity: this.#holder, leaseDurationSeconds: 30, acquireTime: now, renewTime: now },
    };
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<{ status: number; body: unknown }> {
    this.log.push(method);
    const response = await this.#send({
      method,
      path,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await readBody(response);
    return { status: response.status, body: JSON.parse(text) as unknown };
  }
}

describe('the lock of remedyctl and that of the gateway on one API server', () => {
  let http: HttpSend;

  beforeAll(async () => {
    http = openAsAdmin(cluster);
    const objects = new ObjectAccess(http.send);
    await objects.create(namespaceResource, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
  });
  afterAll(() => http.close());

  const lockOf = (pid: number): { lock: LeaseLock; heldLocks: HeldLocks } => {
    const heldLocks = new HeldLocks();
    const lock = new LeaseLock({
      objects: new ObjectAccess(http.send),
      namespace,
      clock: new RealClock(),
      random: new SystemRandom(),
      identity: { host: 'bastion', pid },
      heldLocks,
    });
    return { lock, heldLocks };
  };

  it('never lets two inside, and lets both kinds in', async () => {
    const inside = new Set<string>();
    const entered: Record<'gateway' | 'remedyctl', number> = { gateway: 0, remedyctl: 0 };
    const overlaps: string[] = [];
    const beganMs = Date.now();
    const goesOn = (): boolean => {
      const ranMs = Date.now() - beganMs;
      const isEnough = Object.values(entered).every((entries) => entries > wantedEntries);
      return ranMs < runsForMs || (!isEnough && ranMs < runsAtMostMs);
    };
    const work = async (kind: 'gateway' | 'remedyctl', who: string): Promise<void> => {
      if (inside.size > 0) overlaps.push(`${who} while ${[...inside].join(', ')}`);
      inside.add(who);
      entered[kind] += 1;
      await pause(Math.random() * 15);
      inside.delete(who);
    };
    const gateway = async (who: string): Promise<void> => {
      const lock = new GatewayLock(http.send, who);
      while (goesOn()) {
        if (await lock.acquire()) {
          await work('gateway', who);
          await lock.release();
        } else await pause(5 + Math.random() * 20);
      }
    };
    const remedyctl = async (who: string, pid: number): Promise<void> => {
      const { lock } = lockOf(pid);
      while (goesOn()) {
        const held = await lock.tryAcquire(fingerprint);
        if (held.kind === 'held') {
          await work('remedyctl', who);
          expect((await held.release()).kind).toBe('released');
        } else await pause(5 + Math.random() * 20);
      }
    };
    await Promise.all([
      gateway('gateway-1'),
      gateway('gateway-2'),
      gateway('gateway-3'),
      remedyctl('remedyctl-1', 1),
      remedyctl('remedyctl-2', 2),
      remedyctl('remedyctl-3', 3),
    ]);
    expect(overlaps).toEqual([]);
    expect(entered.gateway).toBeGreaterThan(wantedEntries);
    expect(entered.remedyctl).toBeGreaterThan(wantedEntries);
  });

  it('is taken over by the gateway when it has expired, and noticed by remedyctl, which then leaves it alone', async () => {
    const held = await lockOf(1).lock.tryAcquire(fingerprint);
    if (held.kind !== 'held') throw new Error('the lock is not free');
    const path = `${collection}/${name}`;
    const before = JSON.parse(await readBody(await http.send({ method: 'GET', path }))) as LeaseBody;
    const past = formatMicroTime(Date.now() - 31_000);
    const stale = JSON.stringify({ ...before, spec: { ...before.spec, renewTime: past } });
    await readBody(
      await http.send({ method: 'PUT', path, headers: { 'content-type': 'application/json' }, body: stale }),
    );
    const gateway = new GatewayLock(http.send, 'gateway-1');
    expect(await gateway.acquire()).toBe(true);
    expect(gateway.log).toEqual(['GET', 'PUT']);
    await expect(held.renew()).rejects.toMatchObject({ code: 'LOCK_LOST' });
    expect((await held.release()).kind).toBe('lost');
    expect(await new GatewayLock(http.send, 'gateway-2').acquire()).toBe(false);
    await gateway.release();
    expect(gateway.log).toEqual(['GET', 'PUT', 'GET', 'DELETE']);
  });
});
