import { shortHash } from '../../plan/hash.ts';
import type { Action } from '../../plan/plan.ts';
import { audienceOf, systemOf, type WrittenSystem } from '../../plan/written-system.ts';
import type { ConfirmedRun } from '../../plan-run/run-options.ts';
import { confirm } from '../confirmation.ts';
import type { Session } from '../session.ts';
import { counted } from '../../text/count.ts';

/**
 * Asks before a run, showing the cluster and who will read what; where the profile demands it, the cluster's name (its
 * id where the plan has no name) is to be typed. Errors: NEEDS_YES, DECLINED.
 */
export async function confirmRun(session: Session, run: ConfirmedRun, yes: boolean): Promise<void> {
  const { cluster, incident } = run.plan;
  session.notices.say(`effects: ${effectsOf(session, run)}`);
  const typed = cluster?.name ?? cluster?.id ?? incident?.id;
  const isTyped = session.config.values.confirm === 'typed' && typed !== undefined;
  await confirm({ about: aboutRun(run), yes, ...(isTyped ? { typed } : {}) }, session.runtime);
}

const titles: Readonly<Record<WrittenSystem, string>> = {
  pagerduty: 'PagerDuty',
  ocm: 'OCM',
  backplane: 'Backplane',
};

/** The systems that a run writes to, by their URLs; those of the cluster or store beside them are no target of it. */
function effectsOf({ config }: Session, { steps }: ConfirmedRun): string {
  const written = new Set(runningOf(steps).map(systemOf));
  const systems = [...written].map((system) => {
    const url = config.values[`${system}.url`];
    return `${titles[system]}${url === undefined ? '' : ` ${url}`}`;
  });
  return systems.length === 0 ? 'none' : systems.join(', ');
}

function runningOf(steps: ConfirmedRun['steps']): Action[] {
  return steps.filter(({ treatment }) => treatment === 'run').map(({ action }) => action);
}

/** One sentence: what runs, about which cluster and incident, in which mode, and who reads it. */
function aboutRun({ plan, hash, steps, verb }: ConfirmedRun): string {
  const { cluster, incident, options, name } = plan;
  const subjects = [
    cluster === undefined ? undefined : `cluster ${named(cluster)}`,
    incident === undefined ? undefined : `incident ${incident.id}`,
  ].filter((subject) => subject !== undefined);
  const running = runningOf(steps);
  const seen = running.filter((action) => audienceOf(action) === 'customer').map(({ type }) => type);
  const customer =
    seen.length === 0
      ? 'none seen by the customer'
      : `${seen.length} seen by the customer (${seen.join(', ')})`;
  return `this ${verb} plan ${name} (${shortHash(hash)}) on ${subjects.join(', ')} in mode ${options.mode}: ${counted(running.length, 'write')}, ${customer}`;
}

function named({ id, name }: { id: string; name?: string }): string {
  return name === undefined ? id : `${name} (${id})`;
}
