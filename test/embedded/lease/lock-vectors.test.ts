import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Lease, LeaseSpec } from '../../../src/lease/lease-object.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { readLockCases, type LockCase } from '../../support/lock-cases.ts';
import { hasShared } from '../../support/shared.ts';
import { CommandLine } from '../../unit/cli/command-line.ts';

/** Stands still; whatever sleeps sleeps in real time. */
class StoppedClock extends RealClock {
  readonly #nowMs: number;

  constructor(nowMs: number) {
    super();
    this.#nowMs = nowMs;
  }

  override now(): number {
    return this.#nowMs;
  }
}

const leaseName = 'gw-lock-c4c4c4c4c4c4c4c4';
const cases = readLockCases().filter(({ answers }) => answers === undefined);

describe.runIf(hasShared)('lease acquire and release against what the gateway did with the lock', () => {
  it('has every case that needs no answers of its own', () => {
    expect(cases).toHaveLength(60);
    expect(new Set(cases.map(({ error }) => error))).toEqual(new Set([null]));
  });

  it.each(cases)('$id $note', async (one) => {
    const line = new CommandLine();
    try {
      await plant(line, one.leaseBefore);
      const clock = new StoppedClock(Date.parse(one.now));
      const words = ['lease', one.op, one.key, '--holder', one.holder, '--target', 'embedded', '-o', 'json'];
      const { code, stdout } = await line.run(words, { clock });
      const shown = JSON.parse(stdout) as { acquired?: boolean; outcome?: string };
      const after = await leaseIn(line);

      if (one.op === 'release') {
        expect(code).toBe(0);
        expect(after?.spec ?? null).toEqual(one.leaseAfter);
        expect(shown.outcome).toBe(releaseOutcome(one));
        return;
      }
      expect({ code, acquired: shown.acquired }).toEqual(
        one.acquired === true ? { code: 0, acquired: true } : { code: 5, acquired: false },
      );
      expect(after?.spec).toEqual(one.acquired === true ? acquiredSpec(one) : one.leaseBefore);
    } finally {
      line.remove();
    }
  });
});

function releaseOutcome({ leaseBefore, leaseAfter }: LockCase): string {
  if (leaseBefore === null) return 'gone';
  return leaseAfter === null ? 'released' : 'notHeld';
}

/** As the gateway, and what it leaves undone: one's own lease is renewed, a takeover sets every field. */
function acquiredSpec({ holder, leaseBefore, now }: LockCase): LeaseSpec {
  const renewed = { leaseDurationSeconds: 30, renewTime: now };
  if (leaseBefore === null) return { holderIdentity: holder, acquireTime: now, ...renewed };
  if (leaseBefore.holderIdentity === holder) return { ...leaseBefore, ...renewed };
  const leaseTransitions = (leaseBefore.leaseTransitions ?? 0) + 1;
  return { holderIdentity: holder, acquireTime: now, ...renewed, leaseTransitions };
}

async function plant(line: CommandLine, spec: LeaseSpec | null): Promise<void> {
  if (spec === null) return;
  const file = path.join(line.home, 'lease.json');
  const metadata = { name: leaseName, namespace: 'kubernaut-system' };
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }),
  );
  expect((await line.run(['store', 'import', file])).code).toBe(0);
}

async function leaseIn(line: CommandLine): Promise<Lease | undefined> {
  const { stdout } = await line.run(['store', 'export']);
  const { items } = JSON.parse(stdout) as { items: Lease[] };
  return items.find(({ kind }) => kind === 'Lease');
}
