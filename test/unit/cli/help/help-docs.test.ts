/** Docs that say what help says: each from the same table. `vitest -u` writes them. */
import { format } from 'prettier';
import { expect, it } from 'vitest';
import { exitCodeByError } from '../../../../src/cli/exit-codes.ts';
import { environmentGroups } from '../../../../src/cli/help/environment.ts';
import { errorMeanings } from '../../../../src/cli/help/error-meanings.ts';
import { exitCodeMeanings, exitCodeRemarks } from '../../../../src/cli/help/exit-code-meanings.ts';
import { outputFormats } from '../../../../src/cli/help/output-formats.ts';
import { settingRows } from '../../../../src/cli/help/setting-rows.ts';
import { errorCodes } from '../../../../src/errors/error-codes.ts';
import { commandDocs } from '../../../../scripts/docs/command-docs.ts';
import { docPath, formatted, markdownTable, pageWithTable } from '../../../support/doc-tables.ts';

const code = (text: string): string => `\`${text}\``;

it('docs/errors.md has the table of error codes', async () => {
  const rows = errorCodes.map((name) => {
    const { meaning, whatToDo } = errorMeanings[name];
    return [name, meaning, whatToDo, String(exitCodeByError[name])];
  });
  const page = await pageWithTable(
    'docs/errors.md',
    markdownTable(['code', 'meaning', 'what to do', 'exit'], rows),
  );
  await expect(page).toMatchFileSnapshot(docPath('docs/errors.md'));
});

it('the README has the table of exit codes, and what it cannot say', async () => {
  const rows = exitCodeMeanings.map(({ codes, meaning }) => [codes.join(', '), meaning]);
  const page = await pageWithTable('README.md', markdownTable(['code', 'meaning'], rows));
  await expect(page).toMatchFileSnapshot(docPath('README.md'));
  const words = page.replaceAll(/\s+/g, ' ');
  for (const remark of exitCodeRemarks) expect(words).toContain(remark);
});

it('docs/machine-output.md has the table of output formats', async () => {
  const rows = outputFormats.map(({ name, text }) => [code(name), text]);
  const page = await pageWithTable('docs/machine-output.md', markdownTable(['-o', 'what it prints'], rows));
  await expect(page).toMatchFileSnapshot(docPath('docs/machine-output.md'));
});

it('docs/configuration.md has every key and every variable of the environment', async () => {
  const keys = settingRows().map((row) => [
    code(row.key),
    row.description,
    row.holds ?? '',
    row.default === undefined ? '' : code(row.default),
    row.flag === undefined ? '' : code(row.flag),
    row.variables.map(code).join(', '),
  ]);
  const variables = environmentGroups()
    .slice(1)
    .flatMap(({ variables: some }) => some.map(({ name, text }) => [code(name), text]));
  const text = [
    '# Configuration',
    '',
    'Written from the tables in `src/config/settings.ts` and `src/cli/help/environment.ts`; `remedyctl help configuration`',
    'and `remedyctl help environment` say the same.',
    '',
    'A flag goes before the environment, that before the profile of the file, that before the rest of the file, that before',
    'the default. `remedyctl config init` writes a file in which every key stands, commented out; `config show` says where',
    'each value comes from. Dots are nesting: `ingest.concurrency` is `concurrency` below `ingest`. A profile takes every key.',
    '',
    '## Keys',
    '',
    markdownTable(['key', 'what it is', 'must be', 'default', 'flag', 'environment'], keys),
    '',
    '## Other variables of the environment',
    '',
    markdownTable(['variable', 'what it is'], variables),
  ].join('\n');
  await expect(await formatted(text)).toMatchFileSnapshot(docPath('docs/configuration.md'));
});

it("docs/commands.md is the program's own help (npm run docs:commands writes it too)", async () => {
  const text = await format(await commandDocs(), { parser: 'markdown' });
  await expect(text).toMatchFileSnapshot(docPath('docs/commands.md'));
});
