/** The plans of files, folders and globs, read one file after the other. */
import path from 'node:path';
import type { ByteStream } from '../documents/byte-source.ts';
import { documentError, type ConfigProblem } from '../documents/config-problem.ts';
import { expandInput } from '../documents/input-files.ts';
import { readIncludedFile, readPlanFile, readPlanFromStdin } from '../documents/read-plan-file.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { unusedKeys } from './placeholders.ts';
import type { Plan } from './plan.ts';
import { readPlans, type ReadPlanOptions } from './read-plan.ts';

/** Where plans are read from, and what is given beside the files. */
export interface LoadPlansOptions {
  /** What relative paths are relative to; absolute. */
  readonly cwd: string;
  /** The variables behind `${env:NAME}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What `-` reads. */
  readonly stdin: ByteStream;
  /** Ends a read that waits, with INTERRUPTED. */
  readonly signal: AbortSignal;
  /** The values of `${KEY}`. */
  readonly set?: ReadonlyMap<string, string> | undefined;
  /** Variables that every plan may name: the setting plan.env. */
  readonly allowedEnv?: readonly string[] | undefined;
  /** In place of the options in the files; they change the hash. */
  readonly options?: Partial<Plan['options']> | undefined;
}

/** A plan with the file that it stands in, as the user named it. */
export interface LoadedPlan {
  readonly file: string;
  readonly plan: Plan;
}

/**
 * Every plan of the files, folders and globs, validated, in their order; `-` is stdin. Errors: INVALID_DOCUMENT with
 * every problem of all of them in `details.problems` (file, line, column, field, message, suggestion), INPUT_NOT_FOUND,
 * INPUT_UNREADABLE, DOCUMENT_TOO_LARGE, EMPTY_INPUT.
 */
export async function loadPlans(inputs: readonly string[], options: LoadPlansOptions): Promise<LoadedPlan[]> {
  const { plans, problems } = await readPlanFiles(inputs, options);
  if (problems.length > 0)
    throw documentError(problems, 'remedyctl plan schema prints the JSON Schema of plan files');
  return plans;
}

/** As `loadPlans`, with the problems instead of an error for what is in the files. */
export async function readPlanFiles(
  inputs: readonly string[],
  options: LoadPlansOptions,
): Promise<{ plans: LoadedPlan[]; problems: ConfigProblem[] }> {
  const { env, set = new Map(), allowedEnv } = options;
  const values = { env, set, allowedEnv, used: new Set<string>() };
  const plans: LoadedPlan[] = [];
  const problems: ConfigProblem[] = [];
  for (const input of inputs) {
    for await (const found of expandInput(input, options.cwd)) {
      if (found.kind === 'unreadable') {
        const { code, message, hint } = found.reason;
        throw new RemedyError(code, message, { hint });
      }
      const passActionFiles = found.name !== input;
      const read = await readOneFile(found, options, { values, passActionFiles, options: options.options });
      if ('problems' in read) problems.push(...read.problems);
      else plans.push(...read.plans.map((plan) => ({ file: found.name, plan })));
    }
  }
  // a key may be needed by what could not be read
  if (problems.length === 0) problems.push(...unusedKeys(values));
  return { plans, problems };
}

async function readOneFile(
  { name, path: file }: { name: string; path?: string },
  { cwd, stdin, signal }: LoadPlansOptions,
  reading: Omit<ReadPlanOptions, 'readIncluded'>,
): Promise<{ plans: Plan[] } | { problems: ConfigProblem[] }> {
  const text =
    file === undefined ? await readPlanFromStdin({ stdin, signal }) : await readPlanFile(name, file, signal);
  const folder = file === undefined ? cwd : path.dirname(file);
  const shownFolder = file === undefined ? '.' : path.dirname(name);
  return readPlans(text, name, {
    ...reading,
    readIncluded: (include) => readIncludedFile(include, { folder, shownFolder }),
  });
}
