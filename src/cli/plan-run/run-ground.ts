/** What a command that works on runs stands on: the journal, and the remote systems once they are needed. */
import { RemedyError } from '../../errors/remedy-error.ts';
import type { Secret } from '../../http/secret.ts';
import { secretsOfInput } from '../../http/secret-source.ts';
import type { ArrangedStep } from '../../plan/run/journal-entry.ts';
import { openJournal, type Journal } from '../../plan/run/journal.ts';
import { isPagerDutyAction } from '../../plan/plan.ts';
import { durationFlag } from '../lease/duration-flag.ts';
import { readPlanFromStdin } from '../plan/read-plan-file.ts';
import { remoteSystems, secretNames, type RemoteSystems } from '../remote-systems.ts';
import type { Session } from '../session.ts';
import type { WorkFlags } from './run-flags.ts';

export interface RunGround {
  readonly session: Session;
  readonly journal: Journal;
  readonly systems: RemoteSystems;
  readonly flags: WorkFlags;
}

/** Errors: those of the journal, CREDENTIALS_FAILED for what `--token-stdin` gave, USAGE for a wrong `--timeout`. */
export async function withRunGround<T>(
  session: Session,
  flags: WorkFlags,
  work: (ground: RunGround) => Promise<T>,
): Promise<T> {
  const { runtime, config } = session;
  // what is wrong with it is said before a run begins
  if (durationFlag('timeout', flags.timeout) === 0) {
    throw new RemedyError('USAGE', '--timeout 0 leaves no time for anything', {
      hint: 'leave --timeout out where the run may take as long as it takes',
    });
  }
  const input = await givenSecrets(session, flags);
  const journal = await openJournal({ directory: config.values.store, ...runtime });
  const systems = remoteSystems({ runtime, values: config.values, input });
  try {
    return await work({ session, journal, systems, flags });
  } finally {
    await systems.close();
    await journal.close();
  }
}

/** What `--token-stdin` gives. Errors: CREDENTIALS_FAILED. */
export async function givenSecrets(
  { runtime }: Session,
  flags: Pick<WorkFlags, 'token-stdin'>,
): Promise<ReadonlyMap<string, Secret> | undefined> {
  if (!flags['token-stdin']) return undefined;
  return secretsOfInput(await readPlanFromStdin(runtime), secretNames);
}

/** Settings and credentials of every system that the steps write to. Errors: CREDENTIALS_FAILED, CONFIG_INVALID. */
export async function makeReady(systems: RemoteSystems, steps: readonly ArrangedStep[]): Promise<void> {
  const actions = steps.filter(({ treatment }) => treatment === 'run').map(({ action }) => action);
  if (actions.some(isPagerDutyAction)) await systems.pagerduty();
  if (actions.some(({ type }) => type === 'service_log' || type === 'limited_support')) await systems.ocm();
  if (actions.some(({ type }) => type === 'backplane_report')) await systems.backplane();
}
