import type { Notes } from '../notes/notes.ts';
import { arrangePlan } from './arrange.ts';
import { onlineFindings } from './online-findings.ts';
import type { PermissionQuestion } from './permission-findings.ts';
import type { Plan } from './plan.ts';
import type { PlanFinding } from './plan-checks.ts';
import type { RemoteSystems } from './remote-systems.ts';
import { seenLogins, type LoginGround, type SeenLogin } from './seen-logins.ts';
import type { SystemSettings } from './system-settings.ts';
import { systemOf } from './written-system.ts';

/** Whom to ask, as whom, and who hears of it. */
export interface AskSystemsOptions {
  /** They are closed when the last answer is there. */
  readonly openSystems: () => Promise<RemoteSystems>;
  readonly settings: Pick<SystemSettings, 'pagerduty.silentPolicy' | 'pagerduty.from'>;
  /** Ends the asking at once. */
  readonly signal: AbortSignal;
  /** Hears who is seen by each of the systems that the plans write to. */
  readonly onLogins?: ((logins: readonly SeenLogin[]) => void) | undefined;
  /** Of it what is known beforehand. */
  readonly loginGround?: LoginGround | undefined;
  /** Hears what cannot be asked, and what is waited for. */
  readonly notes: Pick<Notes, 'say' | 'sayOnce'>;
}

/** What the systems say about each plan, see `onlineFindings`. */
export async function askSystems(
  plans: readonly Plan[],
  options: AskSystemsOptions,
): Promise<PlanFinding[][]> {
  const { openSystems, settings, signal, notes } = options;
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
    await tellLogins(plans, options, question);
    return all;
  } finally {
    await systems.close();
  }
}

async function tellLogins(
  plans: readonly Plan[],
  { onLogins, loginGround }: AskSystemsOptions,
  question: PermissionQuestion,
): Promise<void> {
  if (onLogins === undefined || loginGround === undefined) return;
  const running = plans.flatMap((plan) =>
    arrangePlan(plan).flatMap(({ action, treatment }) => (treatment === 'run' ? [systemOf(action)] : [])),
  );
  onLogins(await seenLogins([...new Set(running)], loginGround, question));
}
