import type { Notes } from '../notes/notes.ts';
import { onlineFindings } from './online-findings.ts';
import type { Plan } from './plan.ts';
import type { PlanFinding } from './plan-checks.ts';
import type { RemoteSystems } from './remote-systems.ts';
import type { SystemSettings } from './system-settings.ts';

/** Whom to ask, as whom, and who hears of it. */
export interface AskSystemsOptions {
  /** They are closed when the last answer is there. */
  readonly openSystems: () => Promise<RemoteSystems>;
  readonly settings: Pick<SystemSettings, 'pagerduty.silentPolicy' | 'pagerduty.from'>;
  /** Ends the asking at once. */
  readonly signal: AbortSignal;
  /** Hears what cannot be asked, and what is waited for. */
  readonly notes: Pick<Notes, 'say' | 'sayOnce'>;
}

/** What the systems say about each plan, see `onlineFindings`. */
export async function askSystems(
  plans: readonly Plan[],
  { openSystems, settings, signal, notes }: AskSystemsOptions,
): Promise<PlanFinding[][]> {
  const systems = await openSystems();
  const question = {
    systems,
    silentPolicy: settings['pagerduty.silentPolicy'],
    from: settings['pagerduty.from'],
    call: {
      signal,
      onHeld: (waitMs: number, why: string): void => {
        notes.say(`${why}; going on in ${Math.ceil(waitMs / 1_000)} s`);
      },
    },
    // several plans ask the same
    tell: (line: string): void => {
      notes.sayOnce(line);
    },
  };
  try {
    const all: PlanFinding[][] = [];
    for (const plan of plans) all.push(await onlineFindings(plan, question));
    return all;
  } finally {
    await systems.close();
  }
}
