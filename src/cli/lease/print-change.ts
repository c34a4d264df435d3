import type { TargetDescription } from '../../kube/client.ts';
import type { ChangedLock } from '../../locks/change-lock.ts';
import { printDocument } from '../render/document.ts';
import { expiresIn, lockName } from '../render/lock-columns.ts';
import type { Session } from '../session.ts';

/** Prints a LockRelease or a LockRenewal. */
export async function printChange(
  { output, render }: Session,
  verb: 'renew' | 'release',
  changed: ChangedLock & { target: TargetDescription },
): Promise<void> {
  const { lock, outcome, event } = changed;
  const kind = verb === 'release' ? 'LockRelease' : 'LockRenewal';
  const document = { apiVersion: 'remedyctl.dev/v1', kind, ...changed };
  const ends = { header: 'EXPIRES IN', cell: () => expiresIn(lock) };
  await printDocument(
    output,
    {
      document,
      rows: [document],
      columns: [
        { header: 'NAME', cell: () => lock.name },
        { header: 'OUTCOME', cell: () => outcome },
        { header: 'HOLDER', cell: () => lock.holder },
        ...(verb === 'renew' ? [ends] : []),
        { header: 'EVENT', cell: () => event?.name },
      ],
      name: () => lockName(lock),
    },
    render,
  );
}
