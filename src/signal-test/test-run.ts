/** Runs the cases of case files, one after the other, on one throw-away store. */
import path from 'node:path';
import { messageOf, RemedyError } from '../errors/remedy-error.ts';
import type { Explanation } from '../explain/explanation.ts';
import { placeOf } from '../files/file-place.ts';
import { writeOutputFile } from '../files/output-file.ts';
import { expectationsOf, expectsNothing, type CaseFile } from './case-file.ts';
import type { CaseResult, Difference } from './case-result.ts';
import { compareWith, type Actual } from './compare.ts';
import { expectationOf, textOf, updateExpectations } from './update-expectations.ts';
import { compileQuery } from '../jsonpath/jsonpath.ts';
import type { TestContext } from './test-context.ts';
import { CaseBench } from './case-bench.ts';
import { caseAt, caseInput } from './case-input.ts';

/** What is done beside running the cases. */
export interface CaseRunOptions {
  /** Rewrites expectations that do not hold, in their files. */
  update: boolean;
}

/** A result for each case, in the order of the files. @throws the signal's reason; STORE_*, OUTPUT_FAILED */
export async function* runCases(
  context: TestContext,
  files: readonly CaseFile[],
  options: CaseRunOptions,
): AsyncGenerator<CaseResult, void, void> {
  const bench = await CaseBench.open(context);
  try {
    for (const file of files) {
      let isUpdated = false;
      for (const index of file.content.cases.keys()) {
        const result = await runCase({ context, bench, file, ...options }, index);
        isUpdated ||= result.outcome === 'updated';
        yield result;
      }
      if (isUpdated) await replaceFile(context, file);
    }
  } finally {
    await bench.close();
  }
}

interface Surroundings extends CaseRunOptions {
  context: TestContext;
  bench: CaseBench;
  file: CaseFile;
}

async function runCase(around: Surroundings, index: number): Promise<CaseResult> {
  const { context, bench, file, update } = around;
  const { clock, signal } = context;
  signal.throwIfAborted();
  const startedMs = clock.monotonicMs();
  const base = {
    file: file.file,
    line: file.places.placeOf(['cases', index]).line,
    name: caseAt(file, index).name,
  };
  const durationSeconds = (): number => Math.round(clock.monotonicMs() - startedMs) / 1000;
  let actuals: Actual[];
  try {
    actuals = (await bench.run(await caseInput(context, file, index))).map(actualOf);
  } catch (thrown) {
    signal.throwIfAborted();
    if (!(thrown instanceof RemedyError) || thrown.code.startsWith('STORE_')) throw thrown;
    const problem = messageOf(thrown);
    return { ...base, outcome: 'invalid', differences: [], problem, durationSeconds: durationSeconds() };
  }
  const differences = differencesOf(file, index, actuals);
  const located = differences.map(({ at, ...rest }) => ({ ...rest, ...file.places.placeOf(at) }));
  const isUpdated = update && differences.length > 0 && updateExpectations(file.document, differences);
  const outcome = differences.length === 0 ? 'passed' : isUpdated ? 'updated' : 'differs';
  return { ...base, outcome, differences: located, durationSeconds: durationSeconds() };
}

/** As `signal explain -o json` has it, but for a request that would be made: that is there with its fields. */
function actualOf(explanation: Explanation): Actual {
  const { newRequest, request } = explanation;
  const about = newRequest === undefined ? request : withoutName(newRequest);
  return JSON.parse(JSON.stringify({ ...explanation, newRequest: undefined, request: about })) as Actual;
}

/** A new request's name is drawn when it is made. */
function withoutName(request: NonNullable<Explanation['newRequest']>): object {
  const { metadata } = request;
  return { ...request, namespace: metadata.namespace, metadata: { ...metadata, name: undefined } };
}

function differencesOf(file: CaseFile, index: number, actuals: readonly Actual[]): Difference[] {
  const { expect } = caseAt(file, index);
  const at = ['cases', index];
  const whole = { path: 'expect', at: [...at, 'expect'] };
  if (expect === undefined || expectsNothing(expect)) {
    return [{ ...whole, expected: expect, got: expectationOf(actuals) }];
  }
  const expectations = expectationsOf(expect, at);
  if (expectations.length !== actuals.length) {
    return [{ ...whole, expected: expect, got: expectationOf(actuals) }];
  }
  return expectations.flatMap(({ expectation, at: where }, nth) => {
    const found = compareWith(expectation, actuals[nth] ?? {}, { at: where, compileQuery });
    const prefix = expectations.length === 1 ? '' : `expect[${nth}].`;
    return found.map((one) => ({ ...one, path: prefix + one.path }));
  });
}

/** A new file in the place of the old one at once, with the rights of the old one. */
async function replaceFile({ cwd, random }: TestContext, { file, document }: CaseFile): Promise<void> {
  const target = path.resolve(cwd, file);
  try {
    const { kind } = await placeOf(target);
    if (kind !== 'file') throw new Error('it is no file that could be written again');
    await writeOutputFile(target, textOf(document), { random, mode: 0o600 });
  } catch (cause) {
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, { cause });
  }
}
