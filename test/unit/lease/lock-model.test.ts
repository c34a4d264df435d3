import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemedyError } from '../../../src/errors/remedy-error.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import { eventResource, leaseResource } from '../../../src/kube/well-known-resources.ts';
import { LeaseLock } from '../../../src/lease/lease-lock.ts';
import type { Lease } from '../../../src/lease/lease-object.ts';
import { changeLock, type LockOrder } from '../../../src/lease/lock-change.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { fingerprint, lockName, namespace } from './lock-rig.ts';

/** The lock as anybody would describe it: who has it, and until when. */
interface Model {
  hold: { holder: string; renewedMs: number; durationMs: number; transitions: number } | undefined;
  events: number;
  nowMs: number;
}

interface Real {
  objects: ObjectAccess;
  clock: MockClock;
}

const startMs = Date.parse('2026-08-22T12:00:00Z');
const holders = ['bastion/1', 'bastion/2', 'gateway-3'] as const;

const isExpired = ({ hold, nowMs }: Model): boolean =>
  hold !== undefined && nowMs > hold.renewedMs + hold.durationMs;

let directory: string;
let store: EmbeddedStore;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-model-'));
  const clock = new RealClock();
  const random = new SystemRandom();
  store = await openEmbeddedStore({ directory, clock, random, namespaces: [namespace] });
});
afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** What is stored is what the model says. */
async function compare(model: Model, { objects }: Real): Promise<void> {
  const lease = await objects.get<Lease>(leaseResource, { namespace, name: lockName }).catch(() => undefined);
  const { hold } = model;
  if (hold === undefined) expect(lease).toBeUndefined();
  else {
    expect(lease?.spec).toMatchObject({
      holderIdentity: hold.holder,
      leaseDurationSeconds: hold.durationMs / 1000,
      renewTime: new Date(hold.renewedMs).toISOString().replace('Z', '000Z'),
    });
    expect(lease?.spec?.leaseTransitions ?? 0).toBe(hold.transitions);
  }
  expect((await objects.list(eventResource, { namespace })).items).toHaveLength(model.events);
}

class Acquire implements fc.AsyncCommand<Model, Real> {
  readonly holder: string;
  readonly durationSeconds: number;

  constructor(holder: string, durationSeconds: number) {
    this.holder = holder;
    this.durationSeconds = durationSeconds;
  }

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    const lock = new LeaseLock({
      objects: real.objects,
      namespace,
      clock: real.clock,
      random: new SystemRandom(),
      identity: { host: 'bastion', pid: 1 },
      durationSeconds: this.durationSeconds,
    });
    const result = await lock.tryAcquire(fingerprint, { holder: this.holder });
    const { hold, nowMs } = model;
    const isOwn = hold?.holder === this.holder;
    const wins = hold === undefined || isOwn || isExpired(model);
    expect(result.kind).toBe(wins ? 'held' : 'contention');
    if (wins) {
      const transitions = hold === undefined ? 0 : hold.transitions + (isOwn ? 0 : 1);
      model.hold = {
        holder: this.holder,
        renewedMs: nowMs,
        durationMs: this.durationSeconds * 1000,
        transitions,
      };
    }
    await compare(model, real);
  }

  toString = (): string => `acquire ${this.holder} ${this.durationSeconds}s`;
}

type Right = { ifHolder?: string; holder?: string; ifExpired?: boolean; force?: boolean };

class Change implements fc.AsyncCommand<Model, Real> {
  readonly verb: 'renew' | 'release';
  readonly right: Right;

  constructor(verb: 'renew' | 'release', right: Right) {
    this.verb = verb;
    this.right = right;
  }

  check = (): boolean => true;

  async run(model: Model, real: Real): Promise<void> {
    const outcome = await this.#ask(real);
    const expected = this.#expected(model);
    expect(outcome).toBe(expected);
    if (expected === 'released') model.hold = undefined;
    if (expected === 'renewed') model.hold!.renewedMs = model.nowMs;
    await compare(model, real);
  }

  /** Written as the rules are told, not as the code has them. */
  #expected(model: Model): string {
    const { hold } = model;
    const { ifHolder, holder, ifExpired = false, force = false } = this.right;
    const done = this.verb === 'release' ? 'released' : 'renewed';
    if (hold === undefined) return this.verb === 'release' ? 'gone' : 'LOCK_LOST';
    if (ifHolder !== undefined && ifHolder !== hold.holder) return 'LOCK_HELD';
    if (ifExpired && !isExpired(model)) return 'LOCK_HELD';
    const isOurs = ifHolder === hold.holder || holder === hold.holder;
    if (isOurs) return done;
    if (ifExpired) return done;
    if (this.verb === 'release' && isExpired(model) && holder === undefined) return done;
    if (force) {
      model.events += 1;
      return done;
    }
    return holder === undefined ? 'LOCK_HELD' : 'notHeld';
  }

  async #ask({ objects, clock }: Real): Promise<string> {
    const order: LockOrder = {
      verb: this.verb,
      claim: { ...this.right, ifExpired: this.right.ifExpired ?? false, force: this.right.force ?? false },
      reason: 'because',
      confirmForce: () => Promise.resolve(false),
      defaultDurationSeconds: 30,
    };
    const author = { user: 'jane', host: 'bastion', pid: 1 };
    const { signal } = new AbortController();
    const ground = {
      objects,
      namespace,
      clock,
      random: new SystemRandom(),
      skew: () => undefined,
      author,
      signal,
    };
    return changeLock(ground, lockName, order).then(
      ({ outcome }) => outcome,
      (thrown: unknown) => (thrown instanceof RemedyError ? thrown.code : String(thrown)),
    );
  }

  toString = (): string => `${this.verb} ${JSON.stringify(this.right)}`;
}

class Pass implements fc.AsyncCommand<Model, Real> {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }

  check = (): boolean => true;

  async run(model: Model, { clock }: Real): Promise<void> {
    await clock.advance(this.ms);
    model.nowMs += this.ms;
  }

  toString = (): string => `${this.ms} ms pass`;
}

const holder = fc.constantFrom(...holders);
const right = fc.oneof(
  fc.constant<Right>({}),
  holder.map((ifHolder): Right => ({ ifHolder })),
  holder.map((mine): Right => ({ holder: mine })),
  fc.constant<Right>({ ifExpired: true }),
  fc.constant<Right>({ force: true }),
  holder.map((ifHolder): Right => ({ ifHolder, ifExpired: true })),
  holder.map((mine): Right => ({ holder: mine, ifExpired: true })),
  holder.map((mine): Right => ({ holder: mine, force: true })),
);

describe('acquire, renew, expire, take over, release and force', () => {
  it('do what a simple model of a lock does, in any order, over the embedded store', async () => {
    const commands = fc.commands(
      [
        fc.tuple(holder, fc.constantFrom(10, 30)).map(([who, seconds]) => new Acquire(who, seconds)),
        fc
          .tuple(fc.constantFrom('renew' as const, 'release' as const), right)
          .map(([verb, by]) => new Change(verb, by)),
        fc.constantFrom(1, 9_999, 10_000, 10_001, 30_000, 30_001).map((ms) => new Pass(ms)),
      ],
      { maxCommands: 25 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (sequence) => {
        store.reset();
        const model: Model = { hold: undefined, events: 0, nowMs: startMs };
        const real: Real = { objects: new ObjectAccess(store.send), clock: new MockClock(startMs) };
        await fc.asyncModelRun(() => ({ model, real }), sequence);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
