import path from 'node:path';
import { documentError, type ConfigProblem } from '../documents/config-problem.ts';
import { shellLine } from '../text/shell-words.ts';
import { optionName } from '../errors/option-name.ts';
import { RemedyError } from '../errors/remedy-error.ts';
import { expandInput } from '../documents/input-files.ts';
import { readCaseFile, type CaseFile } from './case-file.ts';
import { compileQuery } from '../jsonpath/jsonpath.ts';
import { readPlanFile } from '../documents/read-plan-file.ts';
import type { TestContext } from './test-context.ts';

/** What case files may leave out. */
export interface CaseFileOptions {
  /** Cases may leave their expectation out: it is about to be written. */
  expectMayBeMissing: boolean;
}

/**
 * Every case file of the arguments: files, folders, globs. @throws INVALID_DOCUMENT with every problem of all of them,
 * by file, line and column; INPUT_NOT_FOUND and EMPTY_INPUT for arguments that lead to no file.
 */
export async function readCaseFiles(
  { cwd, signal }: Pick<TestContext, 'cwd' | 'signal'>,
  inputs: readonly string[],
  options: CaseFileOptions,
): Promise<CaseFile[]> {
  const files: CaseFile[] = [];
  const problems: ConfigProblem[] = [];
  // where nothing else is wrong, what is missing can be written
  let isOnlyUnfilled = !inputs.includes('-');
  for (const input of inputs) {
    for await (const found of expandInput(input, cwd)) {
      if (found.kind === 'unreadable') {
        const { code, message, hint } = found.reason;
        throw new RemedyError(code, message, { hint });
      }
      const text = await readPlanFile(found.name, path.resolve(cwd, found.name), signal);
      const result = readCaseFile(text, found.name, { ...options, compileQuery });
      if ('read' in result) files.push(result.read);
      else {
        problems.push(...result.problems);
        const filled = readCaseFile(text, found.name, { ...options, expectMayBeMissing: true, compileQuery });
        isOnlyUnfilled &&= 'read' in filled;
      }
    }
  }
  if (problems.length > 0) {
    throw documentError(
      problems,
      isOnlyUnfilled
        ? `to have written what comes of them: remedyctl signal test ${shellLine(inputs)} ${optionName('update')}`
        : `remedyctl signal test ${optionName('schema')} prints the JSON Schema of case files`,
    );
  }
  return files;
}
