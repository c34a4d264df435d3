import type { TargetDescription } from '../../kube/client.ts';
import type { ChangedLock } from '../../locks/change-lock.ts';
import { printDocument } from '../render/document.ts';
import { changedLockColumns } from '../render/lock-change-columns.ts';
import { lockName } from '../render/lock-columns.ts';
import type { Session } from '../session.ts';

/** Prints a LockRelease or a LockRenewal. */
export async function printChange(
  { output, render }: Session,
  verb: 'renew' | 'release',
  changed: ChangedLock & { target: TargetDescription },
): Promise<void> {
  const kind = verb === 'release' ? 'LockRelease' : 'LockRenewal';
  const document = { apiVersion: 'remedyctl.dev/v1', kind, ...changed };
  await printDocument(
    output,
    {
      document,
      rows: [document],
      columns: changedLockColumns(verb),
      name: () => lockName(changed.lock),
    },
    render,
  );
}
