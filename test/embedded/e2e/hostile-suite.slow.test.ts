import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ProgramResult, runProgram } from '../../support/built-program.ts';
import { hasShared, sharedPath } from '../../support/shared.ts';

interface Item {
  source: { file: string; document: number; index: number };
  outcome: string;
  reason?: { code: string; message: string };
  warnings?: { code: string }[];
}

const folder = sharedPath('hostile', 'json-test-suite');
const names = hasShared ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
const files = names.map((name) => path.join(folder, name));
const commands: [string, string][] = [
  ['signal', 'normalize'],
  ['signal', 'ingest'],
];
/** As an API answers that has no alerts, twice in the last: nothing to do, and nothing wrong. */
const empty = new Set([
  'y_array_empty.json',
  'y_structure_whitespace_array.json',
  'n_structure_double_array.json',
]);
/** Each alone too: a file that is refused must not lean on its neighbours. */
const alone = [
  'y_structure_lonely_string.json',
  'n_structure_100000_opening_arrays.json',
  'n_multidigit_number_then_00.json',
];

describe.skipIf(!hasShared).each(commands)('the JSON test suite through %s %s', (topic, verb) => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-hostile-'));
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const run = (inputs: readonly string[], output = 'json'): Promise<ProgramResult> =>
    runProgram([topic, verb, '--target', 'embedded', '-o', output, ...inputs], { env: { HOME: home } });

  async function items(inputs: readonly string[]): Promise<Item[]> {
    const { exitCode, stdout, stderr } = await run(inputs);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).not.toMatch(/bug:|^\s+at /m);
    return (JSON.parse(stdout) as { items: Item[] }).items;
  }

  it('answers for every file, by file and document, and takes nothing for a signal', async () => {
    const answered = await items(files);
    const answering = files.filter((file) => !empty.has(path.basename(file)));
    expect(new Set(answered.map(({ source }) => source.file))).toEqual(new Set(answering));
    expect(new Set(answered.map(({ outcome }) => outcome))).toEqual(new Set(['rejected']));
    for (const { source, reason } of answered) {
      const name = path.basename(source.file);
      const seen = `${name}: ${reason?.code ?? ''} ${reason?.message ?? ''}`;
      if (name.startsWith('y_')) expect(reason?.code, seen).toBe('UNKNOWN_FORMAT');
      else expect(['INVALID_DOCUMENT', 'EMPTY_INPUT', 'UNKNOWN_FORMAT'], seen).toContain(reason?.code);
      if (reason?.code === 'INVALID_DOCUMENT') {
        expect(reason.message.startsWith(source.file), seen).toBe(true);
        expect(reason.message.slice(source.file.length), seen).toMatch(/^:\d+:\d+: /);
      }
    }
  });

  it('refuses every n_ file, or says which text around a document was skipped', async () => {
    const answered = await items(files.filter((file) => path.basename(file).startsWith('n_')));
    for (const { source, reason, warnings } of answered) {
      if (reason?.code !== 'UNKNOWN_FORMAT') continue;
      const isTold = answered.some(
        (other) =>
          other.source.file === source.file && other.warnings?.some(({ code }) => code === 'TEXT_SKIPPED'),
      );
      expect(isTold, `${source.file} ${JSON.stringify(warnings)}`).toBe(true);
    }
  });

  it('prints a table of it without a control character', async () => {
    const { exitCode, stdout } = await run(files, 'table');
    expect(exitCode).toBe(2);
    expect(stdout.replaceAll('\n', '')).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
    );
  });

  it.each(alone.filter((name) => names.includes(name)))('answers for %s alone', async (name) => {
    expect(await items([path.join(folder, name)])).not.toHaveLength(0);
  });
});
