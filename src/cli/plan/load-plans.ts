import path from 'node:path';
import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { problemLine, type ConfigProblem } from '../../config/config-problem.ts';
import { RemedyError } from '../../errors/remedy-error.ts';
import { parseSets, unusedKeys, type PlaceholderValues } from '../../plan/placeholders.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ReadPlanOptions } from '../../plan/read-plan.ts';
import { expandInput } from '../../signal/read/input-files.ts';
import type { Runtime } from '../runtime.ts';
import { readIncludedFile, readPlanFile, readPlanFromStdin } from './read-plan-file.ts';

/** The files of commands that read plans. */
export const planArgs = {
  files: stringArg({
    required: true,
    multiple: true,
    ignoreStdin: true,
    description: 'Plan files, or folders or globs of them; - is stdin.',
  }),
};

/** The flags of commands that read plans. */
export const planFlags = {
  set: string({
    multiple: true,
    helpValue: 'KEY=VALUE',
    summary: 'The value of ${KEY} in the plan; repeatable.',
  }),
};

/** What the command line says beside the files. */
export interface PlanGivens {
  readonly set?: readonly string[] | undefined;
  /** In place of the options in the files; they change the hash. */
  readonly options?: Partial<Plan['options']> | undefined;
}

/** A plan with the file that it stands in, as the user named it. */
export interface LoadedPlan {
  readonly file: string;
  readonly plan: Plan;
}

/**
 * Every plan of the files, validated, in their order. Errors: INVALID_DOCUMENT with every problem of all of them in
 * `details.problems` (file, line, column, field, message, suggestion), USAGE for a wrong `--set`, INPUT_NOT_FOUND,
 * INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, EMPTY_INPUT.
 */
export async function loadPlans(
  runtime: Runtime,
  inputs: readonly string[],
  givens: PlanGivens,
): Promise<LoadedPlan[]> {
  const { plans, problems } = await readPlanFiles(runtime, inputs, givens);
  if (problems.length > 0) throw planError(problems);
  return plans;
}

/** As `loadPlans`, with the problems instead of an error for what is in the files. */
export async function readPlanFiles(
  runtime: Runtime,
  inputs: readonly string[],
  { set = [], options }: PlanGivens,
): Promise<{ plans: LoadedPlan[]; problems: ConfigProblem[]; files: string[] }> {
  const values = placeholderValues(runtime, set);
  const plans: LoadedPlan[] = [];
  const problems: ConfigProblem[] = [];
  const files: string[] = [];
  for (const input of inputs) {
    for await (const found of expandInput(input, runtime.cwd)) {
      if (found.kind === 'unreadable') {
        const { code, message, hint } = found.reason;
        throw new RemedyError(code, message, { hint });
      }
      const passActionFiles = found.name !== input;
      const read = await readOneFile(runtime, found, { values, passActionFiles, options });
      files.push(found.name);
      if ('problems' in read) problems.push(...read.problems);
      else plans.push(...read.plans.map((plan) => ({ file: found.name, plan })));
    }
  }
  // a key may be needed by what could not be read
  if (problems.length === 0) problems.push(...unusedKeys(values));
  return { plans, problems, files };
}

async function readOneFile(
  runtime: Runtime,
  { name, path: file }: { name: string; path?: string },
  reading: Omit<ReadPlanOptions, 'readIncluded'>,
): Promise<{ plans: Plan[] } | { problems: ConfigProblem[] }> {
  const { readPlans } = await import('../../plan/read-plan.ts');
  const text =
    file === undefined ? await readPlanFromStdin(runtime) : await readPlanFile(name, file, runtime.signal);
  const folder = file === undefined ? runtime.cwd : path.dirname(file);
  const shownFolder = file === undefined ? '.' : path.dirname(name);
  return readPlans(text, name, {
    ...reading,
    readIncluded: (include) => readIncludedFile(include, { folder, shownFolder }),
  });
}

function placeholderValues({ env }: Runtime, sets: readonly string[]): PlaceholderValues {
  const parsed = parseSets(sets);
  if ('problem' in parsed) throw new RemedyError('USAGE', parsed.problem);
  return { env, set: parsed.set, used: new Set() };
}

/** All problems in one error: somebody who corrects a file wants to do it once. */
function planError(problems: readonly ConfigProblem[]): RemedyError {
  const lines = problems.map(problemLine);
  const message =
    lines.length === 1 ? (lines[0] ?? '') : [`${lines.length} problems:`, ...lines].join('\n  ');
  return new RemedyError('INVALID_DOCUMENT', message, {
    hint: 'remedyctl plan schema prints the JSON Schema of plan files',
    details: { problems },
  });
}
