import type { Secret } from '../../http/secret.ts';
import type { Plan } from '../../plan/plan.ts';
import type { PlanFinding } from '../../plan/plan-checks.ts';
import type { Session } from '../session.ts';

/** What the systems say about each plan, see `onlineFindings`; what cannot be asked is said on stderr. */
export async function askSystems(
  { runtime, config: { values }, notices }: Session,
  plans: readonly Plan[],
  input?: ReadonlyMap<string, Secret>,
): Promise<PlanFinding[][]> {
  const [{ remoteSystems }, { onlineFindings }] = await Promise.all([
    import('../remote-systems.ts'),
    import('./online-findings.ts'),
  ]);
  const systems = remoteSystems({ runtime, values, input });
  const question = {
    systems,
    silentPolicy: values['pagerduty.silentPolicy'],
    from: values['pagerduty.from'],
    call: {
      signal: runtime.signal,
      onHeld: (waitMs: number, why: string): void => {
        notices.say(`${why}; going on in ${Math.ceil(waitMs / 1_000)} s`);
      },
    },
    // several plans ask the same
    tell: (line: string): void => {
      notices.sayOnce(line);
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
