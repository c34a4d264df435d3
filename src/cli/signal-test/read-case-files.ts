import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { problemLine, type ConfigProblem } from '../../config/config-problem.ts';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import { expandInput } from '../../signal/read/input-files.ts';
import { readCaseFile, type CaseFile } from '../../signal-test/case-file.ts';
import { compileQuery } from '../render/jsonpath.ts';
import type { Session } from '../session.ts';

const largestFile = 10 * 1024 * 1024;

export interface CaseFileOptions {
  /** Cases may leave their expectation out: it is about to be written. */
  expectMayBeMissing: boolean;
}

/**
 * Every case file of the arguments: files, folders, globs. Throws INVALID_DOCUMENT with every problem of all of them,
 * by file, line and column; INPUT_NOT_FOUND and EMPTY_INPUT for arguments that lead to no file.
 */
export async function readCaseFiles(
  { runtime }: Session,
  inputs: readonly string[],
  options: CaseFileOptions,
): Promise<CaseFile[]> {
  const files: CaseFile[] = [];
  const problems: ConfigProblem[] = [];
  for (const input of inputs) {
    for await (const found of expandInput(input, runtime.cwd)) {
      if (found.kind === 'unreadable') {
        const { code, message, hint } = found.reason;
        throw new RemedyError(code, message, { hint });
      }
      const text = await readText(found.name, path.resolve(runtime.cwd, found.name));
      const result = readCaseFile(text, found.name, { ...options, compileQuery });
      if ('read' in result) files.push(result.read);
      else problems.push(...result.problems);
    }
  }
  if (problems.length > 0) throw casesError(problems);
  return files;
}

async function readText(name: string, file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const code = isMissing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE';
    throw new RemedyError(code, `${name}: ${isMissing ? 'no such file' : messageOf(error)}`);
  }
  if (bytes.length > largestFile) {
    throw new RemedyError('DOCUMENT_TOO_LARGE', `${name}: is larger than 10 MiB`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RemedyError('INVALID_DOCUMENT', `${name}: is no UTF-8 text`);
  }
}

function casesError(problems: readonly ConfigProblem[]): RemedyError {
  const lines = problems.map(problemLine);
  const message =
    lines.length === 1 ? (lines[0] ?? '') : [`${lines.length} problems:`, ...lines].join('\n  ');
  return new RemedyError('INVALID_DOCUMENT', message, {
    hint: 'remedyctl signal test --schema prints the JSON Schema of case files',
    details: { problems },
  });
}
