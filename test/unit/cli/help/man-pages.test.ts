import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { manPages } from '../../../../scripts/docs/man-pages.ts';
import { manPage } from '../../../../scripts/docs/roff.ts';
import { globalFlags } from '../../../../src/cli/global-flags.ts';
import { lines, paragraph, rows } from '../../../../src/cli/help/page.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';
import { errorCodes } from '../../../../src/errors/error-codes.ts';

const root = path.resolve(import.meta.dirname, '../../../..');

/** The page as `man` shows it, without bold and underline; and what groff has against it, with every warning on. */
function shown(page: string): { text: string; warnings: string } {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c'], {
    input: page,
    encoding: 'utf8',
  });
  return { text: stdout.replaceAll(/.\u0008/gu, ''), warnings: stderr };
}

const hasGroff = spawnSync('groff', ['--version']).status === 0;

let pages: ReadonlyMap<string, string>;
beforeAll(async () => {
  pages = await manPages('1.2.3');
});

describe('manual pages', () => {
  it('are one for the program and one for each command, all of them in package.json', () => {
    const commands = commandTable.commands.map(({ id }) => `remedyctl-${id.replaceAll(':', '-')}.1`);
    expect([...pages.keys()].sort()).toEqual(['remedyctl.1', ...commands].sort());
    const { man, files } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      man: string[];
      files: string[];
    };
    expect(man).toEqual([...pages.keys()].sort().map((name) => `man/${name}`));
    expect(files).toContain('man');
  });

  it('are the same bytes each time, and ASCII', async () => {
    expect(await manPages('1.2.3')).toEqual(pages);
    for (const [name, text] of pages) expect(text, name).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it.runIf(hasGroff)('are formatted without a warning', () => {
    for (const [name, text] of pages) expect(shown(text).warnings, name).toBe('');
  });

  it.runIf(hasGroff)('have every own flag of a command', async () => {
    for (const { id, load } of commandTable.commands) {
      const flags = ((await load()).flags as Record<string, { hidden?: boolean }> | undefined) ?? {};
      const { text } = shown(pages.get(`remedyctl-${id.replaceAll(':', '-')}.1`) ?? '');
      for (const [name, { hidden }] of Object.entries(flags)) {
        if (hidden !== true) expect(text, id).toContain(`--${name}`);
      }
    }
  });

  it.runIf(hasGroff)('have every flag of all commands and every error code in that of the program', () => {
    const { text } = shown(pages.get('remedyctl.1') ?? '');
    for (const name of Object.keys(globalFlags)) expect(text).toContain(`--${name}`);
    for (const code of errorCodes) expect(text).toContain(code);
  });
});

describe.runIf(hasGroff)('what a manual page says', () => {
  it.each([
    ['.TH is no request here'],
    ["'tis no request either"],
    ['a \\fB backslash and a path C:\\new'],
    ['--dry-run, `quoted`, \'quoted\', "quoted", ^caret, ~/home, FILES…'],
    ['".B" and a % and a comment \\" that is none'],
  ])('stands as it is written: %s', (said) => {
    const page = manPage('a-b', '1', [
      {
        title: 'SAID',
        blocks: [paragraph(said), rows([{ name: said, text: said }]), lines([said, '  set in'])],
      },
    ]);
    const { text, warnings } = shown(page);
    expect(warnings).toBe('');
    expect(text.split(said)).toHaveLength(5);
  });

  it('breaks a URL that is longer than the page', () => {
    const url = `https://example.com/${'part/'.repeat(20)}end`;
    const { text, warnings } = shown(manPage('a', '1', [{ title: 'URL', blocks: [paragraph(url)] }]));
    expect(warnings).toBe('');
    expect(text.replaceAll(/\s/g, '')).toContain(url);
  });
});
