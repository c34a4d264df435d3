import { readPlans, type ReadPlans } from '../../../src/plan/read-plan.ts';
import type { Plan } from '../../../src/plan/plan.ts';

export interface Reading {
  set?: Record<string, string>;
  env?: Record<string, string>;
  /** The setting plan.env. */
  allowedEnv?: readonly string[];
  /** The texts of files that may be included. */
  files?: Record<string, string>;
  /** From the command line, in place of the plan's own. */
  options?: Partial<Plan['options']>;
}

/** Reads a text as the file `plan.yaml`. */
export async function readText(
  text: string,
  { set = {}, env = {}, allowedEnv, files = {}, options }: Reading = {},
): Promise<ReadPlans> {
  return readPlans(text, 'plan.yaml', {
    options,
    values: { env, set: new Map(Object.entries(set)), used: new Set(), allowedEnv },
    readIncluded: (include) => {
      const included = files[include];
      return included === undefined
        ? Promise.reject(new Error(`${include}: no such file`))
        : Promise.resolve({ text: included, file: include });
    },
  });
}

export async function readOne(text: string, reading: Reading = {}): Promise<Plan> {
  const read = await readText(text, reading);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  const [plan] = read.plans;
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** `line:column field: message; suggestion`, one for each problem. */
export async function problemsOf(text: string, reading: Reading = {}): Promise<string[]> {
  const read = await readText(text, reading);
  if (!('problems' in read)) return [];
  return read.problems.map(({ file, line, column, field, message, suggestion }) => {
    const place = `${file === 'plan.yaml' ? '' : `${file} `}${line}:${column}`;
    return `${place} ${field ?? '-'}: ${message}${suggestion === undefined ? '' : ` (${suggestion}?)`}`;
  });
}

/** A plan file with these actions, in YAML's flow style. */
export function planText(actions: readonly unknown[], spec: object = {}, metadata: object = {}): string {
  return JSON.stringify({
    apiVersion: 'remedyctl.dev/v1',
    kind: 'Plan',
    metadata: { name: 'test', ...metadata },
    spec: {
      cluster: { id: 'c1', externalId: 'f383587a-1681-87eb-b860-8f07867c3b06' },
      incident: { id: 'Q1', silentPolicy: 'PSILENT' },
      ...spec,
      actions,
    },
  });
}
