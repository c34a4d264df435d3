import path from 'node:path';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import { checkPlace } from '../../files/file-place.ts';
import { writeOutputFile } from '../../files/output-file.ts';
import { caseFileJsonSchema } from '../../signal-test/case-schema.ts';
import type { CaseResult } from '../../signal-test/case-result.ts';
import { junitXml } from '../../signal-test/junit.ts';
import { exitCodes } from '../exit-codes.ts';
import { nextStep } from '../next-step.ts';
import type { Session } from '../session.ts';
import { printCases } from './print-cases.ts';
import { readCaseFiles } from '../../signal-test/read-case-files.ts';
import type { TestContext } from '../../signal-test/test-context.ts';
import { runCases } from '../../signal-test/test-run.ts';

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
  if (junit !== undefined) await atReport(junit, () => checkPlace(path.resolve(session.runtime.cwd, junit)));
  // what it writes is written, also where nobody reads what it prints
  const works = update || junit !== undefined;
  if (works) session.runtime.outliveReader();
  const context = contextOf(session);
  const files = await readCaseFiles(context, inputs, { expectMayBeMissing: update });
  const results: CaseResult[] = [];
  const each = (result: CaseResult): void => {
    if (junit !== undefined) results.push(result);
  };
  const summary = await printCases(session, runCases(context, files, { update }), { each, works });
  if (junit !== undefined) await writeReport(session, junit, results);
  if (summary.differs > 0 && !update) sayUpdate(session, inputs);
  if (summary.invalid > 0) return exitCodes.usage;
  return summary.differs > 0 ? exitCodes.differs : exitCodes.done;
}

/** Who reads it in a log of CI has to know it too. */
function sayUpdate(session: Session, inputs: readonly string[]): void {
  if (inputs.includes('-')) return;
  const about = 'to expect what came of them from now on, if it is right';
  session.notices.say(nextStep(session, about, ['signal', 'test', ...inputs, '--update']));
}

function contextOf({ runtime, config }: Session): TestContext {
  const { cwd, clock, random, signal } = runtime;
  return {
    cwd,
    clock,
    random,
    signal,
    settings: config.values,
    get stdin() {
      return runtime.stdin;
    },
  };
}

async function writeReport({ runtime }: Session, file: string, results: CaseResult[]): Promise<void> {
  const { cwd, random } = runtime;
  await atReport(file, () =>
    writeOutputFile(path.resolve(cwd, file), junitXml(results), { random, mode: 0o666 }),
  );
}

async function atReport(file: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, {
      hint: 'choose another place with --junit',
      cause,
    });
  }
}
