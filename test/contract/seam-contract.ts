import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from './all-cases.ts';
import type { Answer } from './contract-case.ts';
import { type ContractBackend, createNamespace, playCase } from './play-case.ts';

type Answers = Record<string, Answer[]>;

const answersFile = (subject: string): string => path.join(import.meta.dirname, 'answers', `${subject}.json`);

function readAnswers(subject: string): Answers {
  const file = answersFile(subject);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Answers) : {};
}

/**
 * The contract of the seam: every case has one set of answers, recorded from the real kube-apiserver, and every
 * backend gives exactly those. `record` writes them instead of comparing; only the real server may be recorded.
 */
export function describeSeamContract(
  open: () => Promise<ContractBackend & { close(): Promise<void> }>,
  options: { record?: boolean } = {},
): void {
  let backend: Awaited<ReturnType<typeof open>> | undefined;
  beforeAll(async () => {
    backend = await open();
  });
  afterAll(async () => {
    await backend?.close();
  });

  describe.each(Object.entries(subjects))('%s', (subject, cases) => {
    const expected = readAnswers(subject);
    const recorded: Answers = {};

    it.each(cases.map((contract, index) => ({ ...contract, index })))('$name', async (contract) => {
      if (!backend) throw new Error('the backend did not open');
      const namespace = `seam-${subject}-${contract.index}`;
      await createNamespace(backend, namespace);
      const answers = await playCase(backend, contract, namespace);
      recorded[contract.name] = answers;
      if (options.record !== true) expect(answers).toEqual(expected[contract.name]);
    });

    if (options.record === true) {
      afterAll(() => {
        writeFileSync(answersFile(subject), JSON.stringify(recorded, null, 2) + '\n');
      });
    } else {
      it('has an answer for each case, and none besides', () => {
        expect(Object.keys(expected)).toEqual(cases.map((contract) => contract.name));
      });
    }
  });
}
