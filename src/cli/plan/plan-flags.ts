import { string as stringArg } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { RemedyError } from '../../errors/remedy-error.ts';
import type { LoadPlansOptions } from '../../plan/load-plans.ts';
import { setKeyPattern } from '../../plan/placeholders.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Session } from '../session.ts';

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
    multipleNonGreedy: true,
    helpValue: 'KEY=VALUE',
    summary: 'The value of ${KEY} in the plan; repeatable.',
  }),
};

/** What plans are read with; `options`: in place of those in the files. Errors: USAGE for a wrong `--set`. */
export function planReading(
  { runtime, config }: Session,
  set: readonly string[] | undefined,
  options?: Partial<Plan['options']>,
): LoadPlansOptions {
  const { cwd, env, stdin, signal } = runtime;
  return { cwd, env, stdin, signal, set: setValues(set), allowedEnv: config.values['plan.env'], options };
}

/** The words by which another command reads the same plans; undefined where they come from stdin, which is read. */
export function samePlans(files: readonly string[], set: readonly string[] = []): string[] | undefined {
  if (files.includes('-')) return undefined;
  return [...files, ...set.flatMap((one) => ['--set', one])];
}

/** The arguments of `--set`, `KEY=VALUE` with each key once. The value may be empty and may have `=`. Errors: USAGE. */
export function setValues(given: readonly string[] = []): ReadonlyMap<string, string> {
  const set = new Map<string, string>();
  for (const one of given) {
    const [key = ''] = one.split('=', 1);
    if (!one.includes('=') || !setKeyPattern.test(key)) {
      throw new RemedyError('USAGE', `--set wants KEY=VALUE with a key such as incident or cluster.id`);
    }
    if (set.has(key)) throw new RemedyError('USAGE', `--set ${key} is given twice`);
    set.set(key, one.slice(key.length + 1));
  }
  return set;
}
