import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import { caseFileJsonSchema } from '../../signal-test/case-schema.ts';
import type { CaseResult } from '../../signal-test/case-result.ts';
import { junitXml } from '../../signal-test/junit.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Session } from '../session.ts';
import { printCases } from './print-cases.ts';
import { readCaseFiles } from './read-case-files.ts';
import { runCases } from './test-run.ts';

export interface TestFlags {
  junit?: string | undefined;
  update: boolean;
}

export async function printSchema({ output }: Session): Promise<number> {
  await output.write(`${JSON.stringify(caseFileJsonSchema(), null, 2)}\n`);
  return exitCodes.done;
}

/** The exit code: 2 where a case could not be run, 3 where one differs. */
export async function testSignals(
  session: Session,
  inputs: readonly string[],
  { junit, update }: TestFlags,
): Promise<number> {
  const files = await readCaseFiles(session, inputs, { expectMayBeMissing: update });
  const results: CaseResult[] = [];
  const summary = await printCases(session, runCases(session, files, { update }), (result) => {
    if (junit !== undefined) results.push(result);
  });
  if (junit !== undefined) await writeReport(session, junit, results);
  if (summary.invalid > 0) return exitCodes.usage;
  return summary.differs > 0 ? exitCodes.differs : exitCodes.done;
}

async function writeReport({ runtime }: Session, file: string, results: CaseResult[]): Promise<void> {
  try {
    await writeFile(path.resolve(runtime.cwd, file), junitXml(results));
  } catch (cause) {
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, {
      hint: 'choose another place with --junit',
      cause,
    });
  }
}
