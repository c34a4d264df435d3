import type { LockChange } from '../../lease/lock-change.ts';
import { connectToLocks } from './lock-ground.ts';
import type { Session } from '../session.ts';
import { confirmWrite, refuseReadOnly } from '../write-guard.ts';
import { checkChangeFlags, type ChangeFlagValues } from './change-flags.ts';
import { printChange, runChange } from './change-run.ts';
import type { LockKeyInput } from './lock-key-flags.ts';
import { readKey, resolveLockKey } from './resolve-lock-key.ts';

interface ChangeCommand {
  verb: 'renew' | 'release';
  input: LockKeyInput;
  flags: ChangeFlagValues;
  durationSeconds?: number | undefined;
}

/** What `lease renew` and `lease release` have in common: all of it but the verb. */
export async function changeOneLock(session: Session, command: ChangeCommand): Promise<LockChange> {
  const { verb, input, flags, durationSeconds } = command;
  readKey(input);
  checkChangeFlags(flags);
  const dryRun = flags['dry-run'] !== undefined;
  refuseReadOnly(session, { dryRun });
  const ground = await connectToLocks(session);
  const { client } = ground;
  try {
    await confirmWrite(session, { target: client.target, dryRun, yes: flags.yes });
    const lock = await resolveLockKey(session, client, input);
    const order = { verb, lock, flags, durationSeconds };
    const change = await runChange(ground, order);
    await printChange(ground, order, change);
    return change;
  } finally {
    await client.close();
  }
}
