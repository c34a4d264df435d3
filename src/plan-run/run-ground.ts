/** What work on runs stands on: the journal, and the remote systems once they are needed. */
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { isPagerDutyAction } from '../plan/plan.ts';
import type { RemoteSystems } from '../plan/remote-systems.ts';
import type { ArrangedStep } from './journal-entry.ts';
import { openJournal, type Journal } from './journal.ts';
import type { RunOptions } from './run-options.ts';

/** What every step of work on runs is given. */
export interface RunGround {
  readonly options: RunOptions;
  readonly journal: Journal;
  readonly systems: RemoteSystems;
}

/** Errors: those of the journal, CREDENTIALS_FAILED for what was given, INVALID_OPTION for a `timeoutMs` of 0. */
export async function withRunGround<T>(
  options: RunOptions,
  work: (ground: RunGround) => Promise<T>,
): Promise<T> {
  // what is wrong with it is said before a run begins
  if (options.timeoutMs === 0) {
    const timeout = optionName('timeoutMs');
    throw new RemedyError('INVALID_OPTION', `${timeout} 0 leaves no time for anything`, {
      hint: `leave ${timeout} out where the run may take as long as it takes`,
    });
  }
  const systems = await options.openSystems();
  const { settings, clock, random } = options;
  const journal = await openJournal({ directory: settings.store, clock, random });
  const close = async (): Promise<void> => {
    await systems.close();
    await journal.close();
  };
  let result: T;
  try {
    result = await work({ options, journal, systems });
  } catch (thrown) {
    // a journal that was lost under the work fails here again, and then says less: neither the run nor what it did
    await close().catch(() => undefined);
    throw thrown;
  }
  await close();
  return result;
}

/** Settings and credentials of every system that the steps write to. Errors: CREDENTIALS_FAILED, CONFIG_INVALID. */
export async function makeReady(systems: RemoteSystems, steps: readonly ArrangedStep[]): Promise<void> {
  const actions = steps.filter(({ treatment }) => treatment === 'run').map(({ action }) => action);
  if (actions.some(isPagerDutyAction)) await systems.pagerduty();
  if (actions.some(({ type }) => type === 'service_log' || type === 'limited_support')) await systems.ocm();
  if (actions.some(({ type }) => type === 'backplane_report')) await systems.backplane();
}
