/** Runs the cases of case files, one after the other, on one throw-away store. */
import { rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RemedyError } from '../../errors/remedy-error.ts';
import type { Explanation } from '../../explain/explanation.ts';
import { expectationsOf, type CaseFile } from '../../signal-test/case-file.ts';
import type { CaseResult, Difference } from '../../signal-test/case-result.ts';
import { compareWith, type Actual } from '../../signal-test/compare.ts';
import { expectationOf, textOf, updateExpectations } from '../../signal-test/update-expectations.ts';
import { compileQuery } from '../render/jsonpath.ts';
import type { Session } from '../session.ts';
import { CaseBench } from './case-bench.ts';
import { caseAt, caseInput } from './case-input.ts';

export interface CaseRunOptions {
  /** Rewrites expectations that do not hold, in their files. */
  update: boolean;
}

/** A result for each case, in the order of the files. Throws when the run is stopped, and STORE_* errors. */
export async function* runCases(
  session: Session,
  files: readonly CaseFile[],
  options: CaseRunOptions,
): AsyncGenerator<CaseResult, void, void> {
  const bench = await CaseBench.open(session);
  try {
    for (const file of files) {
      let isUpdated = false;
      for (const index of file.content.cases.keys()) {
        const result = await runCase({ session, bench, file, ...options }, index);
        isUpdated ||= result.outcome === 'updated';
        yield result;
      }
      if (isUpdated) await replaceFile(session, file);
    }
  } finally {
    await bench.close();
  }
}

interface Surroundings extends CaseRunOptions {
  session: Session;
  bench: CaseBench;
  file: CaseFile;
}

async function runCase(around: Surroundings, index: number): Promise<CaseResult> {
  const { session, bench, file, update } = around;
  const { clock, signal } = session.runtime;
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
    actuals = (await bench.run(await caseInput(session, file, index))).map(actualOf);
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
  if (expect === undefined) return [{ ...whole, expected: undefined, got: expectationOf(actuals) }];
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
async function replaceFile({ runtime }: Session, { file, document }: CaseFile): Promise<void> {
  const target = path.resolve(runtime.cwd, file);
  const temporary = `${target}.${runtime.random.uuid().slice(0, 8)}.tmp`;
  try {
    const { mode } = await stat(target);
    await writeFile(temporary, textOf(document), { mode });
    await rename(temporary, target);
  } catch (cause) {
    throw new RemedyError('OUTPUT_FAILED', `could not write ${file}: ${messageOf(cause)}`, { cause });
  }
}
