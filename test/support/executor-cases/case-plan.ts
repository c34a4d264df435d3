/** The actions of a case as a plan of remedyctl. */
import { actionOf, planOf } from '../../../src/plan/build-plan.ts';
import { bodySchemas } from '../../../src/plan/plan-schema.ts';
import type { ActionType, NoteLine, Plan, PlanMode } from '../../../src/plan/plan.ts';
import { readPlans, type ReadPlans } from '../../../src/plan/read-plan.ts';
import type { Case, GivenAction } from './case.ts';

const contradiction = /silences the incident with nothing sent|contradicts action/;

/**
 * Undefined where the file is refused. A file has to say that a silence is meant to be without a remedy, and may not
 * silence and escalate at once; the executor takes both, and is given both.
 */
export async function planOfCase(one: Case): Promise<Plan | undefined> {
  const read = await readCase(one);
  if ('plans' in read) return read.plans[0];
  if (!read.problems.every(({ message }) => contradiction.test(message))) return undefined;
  return meantPlan(one);
}

/** Whether the file as it stands is refused for the company that a silence keeps. */
export async function isContradictory(one: Case): Promise<boolean> {
  const read = await readCase(one);
  return 'problems' in read && read.problems.some(({ message }) => contradiction.test(message));
}

async function readCase(one: Case): Promise<ReadPlans> {
  const text = JSON.stringify({
    apiVersion: 'remedyctl.dev/v1',
    kind: 'Plan',
    metadata: { name: 'x', noteTitle: one.notes.name },
    spec: {
      ...partsOf(one),
      notes: one.notes.lines.map(([kind, line]) => ({ [kind]: line })),
      actions: one.actions?.map(({ type, ...fields }) => ({ [type]: fields })),
    },
  });
  return readPlans(
    text.replaceAll('${', () => '$${'),
    'case.yaml',
    {
      values: { env: {}, set: new Map(), used: new Set() },
      readIncluded: () => Promise.reject(new Error('nothing is included')),
    },
  );
}

function partsOf({ cluster, incident, options }: Case): Pick<Plan, 'cluster' | 'incident' | 'options'> {
  const { variant, concurrent, stopOnError, maxRetries } = options;
  const mode: PlanMode = variant.endsWith('manual') ? 'manual' : 'execute';
  return {
    ...(cluster === undefined ? {} : { cluster: withoutEmpty(cluster) }),
    ...(incident === undefined
      ? {}
      : { incident: withoutEmpty({ id: incident.id, silentPolicy: incident.silentPolicy }) }),
    options: { concurrent, stopOnError, maxRetries, mode, infraCluster: variant.startsWith('infra') },
  };
}

function meantPlan(one: Case): Plan {
  const { cluster, incident, options } = partsOf(one);
  const notes = one.notes.lines.map(([kind, text]): NoteLine => ({ kind, text }));
  const actions = (one.actions ?? []).map((action) => checked(action, cluster));
  return planOf({ name: 'x', noteTitle: one.notes.name, cluster, incident, options, notes, actions });
}

function checked({ type, ...fields }: GivenAction, cluster: Plan['cluster']): ReturnType<typeof actionOf> {
  const known = type as ActionType;
  return actionOf(known, bodySchemas[known].parse(fields) as Record<string, unknown>, cluster);
}

function withoutEmpty<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')) as T;
}
