import { refuseWrites } from '../config/read-only.ts';
import type { TargetDescription } from '../kube/client.ts';
import { confirm } from './confirmation.ts';
import type { Session } from './session.ts';

export interface PlannedWrite {
  target: TargetDescription;
  /** With a dry run nothing is written, so nothing is forbidden or asked. */
  dryRun: boolean;
  yes: boolean;
}

/**
 * The beginning of every command that writes: refuses what the profile forbids (READ_ONLY_PROFILE), and lets a reader
 * that goes away end the printing alone. To be asked before anything is connected to. `dryRun` is left out by commands
 * that have none.
 */
export function refuseReadOnly({ config, runtime }: Session, { dryRun }: { dryRun?: boolean } = {}): void {
  if (dryRun === true) return;
  runtime.outliveReader();
  refuseWrites(config, dryRun !== undefined);
}

/** Asks for the cluster's name where the profile demands it typed: NEEDS_YES, DECLINED. */
export async function confirmWrite(session: Session, write: PlannedWrite): Promise<void> {
  const { target } = write;
  if (write.dryRun || session.config.values.confirm !== 'typed' || target.kind !== 'cluster') return;
  const name = target.context ?? target.server;
  await confirm(
    { about: `this writes to the cluster ${name}`, typed: name, yes: write.yes },
    session.runtime,
  );
}
