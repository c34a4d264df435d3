import type { Lease } from '../../lease/lease-object.ts';
import { changeLock, type LockChange } from '../../lease/lock-change.ts';
import type { ResolvedLock } from '../../lease/lock-key.ts';
import { describeLock, type LockRecord } from '../../lease/lock-record.ts';
import { confirm } from '../confirmation.ts';
import { identityOf } from '../identity.ts';
import { printDocument } from '../render/document.ts';
import { expiresIn, lockName } from '../render/lock-columns.ts';
import type { ChangeFlagValues } from './change-flags.ts';
import type { LockGround } from './lock-ground.ts';
import { stoppedOr } from './stopped.ts';

export interface ChangeOrder {
  verb: 'renew' | 'release';
  lock: ResolvedLock;
  flags: ChangeFlagValues;
  durationSeconds?: number | undefined;
}

/** Renews or releases one lock. Throws what `changeLock` throws, NEEDS_YES, DECLINED, INTERRUPTED. */
export async function runChange(ground: LockGround, order: ChangeOrder): Promise<LockChange> {
  const { session, client, server } = ground;
  const { clock, random, signal } = session.runtime;
  const { values } = session.config;
  const { verb, lock, flags, durationSeconds } = order;
  try {
    return await changeLock(
      {
        objects: client.objects,
        namespace: values.leaseNamespace,
        clock,
        random,
        skew: () => server.clockSkew(),
        author: identityOf(session.runtime),
        signal,
      },
      lock.leaseName,
      {
        verb,
        claim: {
          ifHolder: flags['if-holder'],
          holder: flags.holder,
          ifExpired: flags['if-expired'],
          force: flags.force,
        },
        reason: flags.reason,
        confirmForce: (lease) => confirmForce(ground, { verb, lease, yes: flags.yes }),
        durationSeconds,
        defaultDurationSeconds: values['lock.durationSeconds'],
        dryRun: flags['dry-run'],
      },
    );
  } catch (thrown) {
    throw stoppedOr(session.runtime, thrown);
  }
}

async function confirmForce(
  { session }: LockGround,
  { verb, lease, yes }: { verb: 'renew' | 'release'; lease: Lease; yes: boolean },
): Promise<boolean> {
  const { name } = lease.metadata;
  const holder = lease.spec?.holderIdentity ?? 'nobody';
  const about = `this ${verb}s the live lock ${name} of ${holder}, who may be at work under it`;
  await confirm({ about, typed: name, yes }, session.runtime);
  return !yes;
}

const dryOutcomes = {
  released: 'wouldRelease',
  renewed: 'wouldRenew',
  gone: 'gone',
  notHeld: 'notHeld',
} as const;

/** Prints a LockRelease or a LockRenewal. */
export async function printChange(ground: LockGround, order: ChangeOrder, change: LockChange): Promise<void> {
  const { session, client } = ground;
  const { output, render } = session;
  const { verb, flags } = order;
  const dryRun = flags['dry-run'];
  const record = recordOf(ground, order, change);
  const outcome = dryRun === undefined ? change.outcome : dryOutcomes[change.outcome];
  sayWhyNothing(ground, order, change);
  const document = {
    apiVersion: 'remedyctl.dev/v1',
    kind: verb === 'release' ? 'LockRelease' : 'LockRenewal',
    target: client.target,
    ...(dryRun === undefined ? {} : { dryRun }),
    outcome,
    forced: change.forced,
    ...(change.event === undefined ? {} : { event: change.event }),
    lock: record,
  };
  const ends = { header: 'EXPIRES IN', cell: () => expiresIn(record) };
  await printDocument(
    output,
    {
      document,
      rows: [document],
      columns: [
        { header: 'NAME', cell: () => record.name },
        { header: 'OUTCOME', cell: () => outcome },
        { header: 'HOLDER', cell: () => record.holder },
        ...(verb === 'renew' ? [ends] : []),
        { header: 'EVENT', cell: () => change.event?.name },
      ],
      name: () => lockName(record),
    },
    render,
  );
}

function recordOf(
  { session, server }: LockGround,
  { lock }: ChangeOrder,
  { lease }: LockChange,
): Partial<LockRecord> & { name: string } {
  const { leaseName: name, fingerprint } = lock;
  const { runtime, config } = session;
  if (lease === undefined) {
    return {
      name,
      namespace: config.values.leaseNamespace,
      ...(fingerprint === undefined ? {} : { fingerprint }),
    };
  }
  return describeLock(lease, { nowMs: runtime.clock.now(), skew: server.clockSkew(), fingerprint });
}

function sayWhyNothing({ session }: LockGround, { lock, flags }: ChangeOrder, { outcome }: LockChange): void {
  const { leaseName } = lock;
  if (outcome === 'gone') session.notices.say(`nobody holds the lock ${leaseName}`);
  if (outcome !== 'notHeld') return;
  session.notices.say(`the lock ${leaseName} is not held by ${flags.holder ?? 'us'}; it stays`);
}
