import { identityOf } from '../../lease/identity.ts';
import type { Lease } from '../../lease/lease-object.ts';
import { namedHolder } from '../../lease/lease-object.ts';
import { changeKnownLock, checkClaim, type ChangedLock } from '../../locks/change-lock.ts';
import { readKey, resolveLockKey, type LockKeyInput } from '../../locks/resolve-lock-key.ts';
import { confirm } from '../confirmation.ts';
import type { Session } from '../session.ts';
import { confirmWrite, refuseReadOnly } from '../write-guard.ts';
import { claimOf, type ChangeFlagValues } from './change-flags.ts';
import { connectToLocks } from './lock-ground.ts';
import { printChange } from './print-change.ts';

interface ChangeCommand {
  verb: 'renew' | 'release';
  input: LockKeyInput;
  flags: ChangeFlagValues;
  durationSeconds?: number | undefined;
}

/** What `lease renew` and `lease release` have in common: all of it but the verb. */
export async function changeOneLock(session: Session, command: ChangeCommand): Promise<ChangedLock> {
  const { runtime, config } = session;
  const { verb, input, flags, durationSeconds } = command;
  const { 'dry-run': dryRun, reason, yes } = flags;
  const claim = claimOf(flags);
  readKey(input);
  checkClaim(claim, reason);
  const isDry = dryRun !== undefined;
  refuseReadOnly(session, { dryRun: isDry });
  const ground = await connectToLocks(session);
  const { client } = ground;
  try {
    await confirmWrite(session, { target: client.target, dryRun: isDry, yes });
    const changed = await changeKnownLock(
      { ...ground, identity: identityOf(runtime) },
      {
        verb,
        lock: await resolveLockKey(ground, input),
        claim,
        reason,
        confirmForce: (lease) => confirmForce(session, { verb, lease, yes }),
        durationSeconds,
        defaultDurationSeconds: config.values['lock.durationSeconds'],
        dryRun,
      },
    );
    await printChange(session, verb, { target: client.target, ...changed });
    return changed;
  } finally {
    await client.close();
  }
}

async function confirmForce(
  { runtime }: Session,
  { verb, lease, yes }: { verb: 'renew' | 'release'; lease: Lease; yes: boolean },
): Promise<boolean> {
  const { name } = lease.metadata;
  const holder = namedHolder(lease);
  const whose =
    holder === undefined
      ? `${name}, which names no holder; somebody may be at work under it`
      : `${name} of ${holder}, who may be at work under it`;
  const about = `this ${verb}s the live lock ${whose}`;
  await confirm({ about, typed: name, yes }, runtime);
  return !yes;
}
