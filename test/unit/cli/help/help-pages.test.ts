import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodeByError, exitCodes } from '../../../../src/cli/exit-codes.ts';
import { globalFlags } from '../../../../src/cli/global-flags.ts';
import { environmentGroups } from '../../../../src/cli/help/environment.ts';
import { exitCodeMeanings } from '../../../../src/cli/help/exit-code-meanings.ts';
import { firstSteps } from '../../../../src/cli/help/overview.ts';
import { helpTopicNames } from '../../../../src/cli/help/topics.ts';
import { parseOutputFormat } from '../../../../src/cli/render/output-format.ts';
import { outputFormats } from '../../../../src/cli/help/output-formats.ts';
import { selectCommand } from '../../../../src/cli/command-entry.ts';
import { settingKeys } from '../../../../src/config/settings.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';
import { errorCodes } from '../../../../src/errors/error-codes.ts';
import { signalFormats } from '../../../../src/signal/formats/formats.ts';
import { CommandLine } from '../command-line.ts';

let line: CommandLine;
beforeAll(() => {
  line = new CommandLine();
});
afterAll(() => {
  line.remove();
});

async function page(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await line.run(['help', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f`]/u);
  return stdout;
}

describe('the overview', () => {
  it('begins with commands that exist, and names every topic and page', async () => {
    expect(firstSteps).toHaveLength(5);
    for (const { name } of firstSteps)
      expect(selectCommand(name.split(' '), commandTable).kind).toBe('command');
    const text = await page();
    for (const word of [...helpTopicNames, ...commandTable.topics.map(({ name }) => name)]) {
      expect(text).toMatch(new RegExp(`\\b${word}\\b`));
    }
    for (const { id } of commandTable.commands) if (!id.includes(':')) expect(text).toContain(id);
  });
});

describe('help flags', () => {
  it('has every flag that every command has', async () => {
    const text = await page('flags');
    for (const name of Object.keys(globalFlags)) expect(text).toMatch(new RegExp(`--${name}\\b`));
  });
});

describe('help environment', () => {
  it('has each variable once', async () => {
    const names = environmentGroups().flatMap(({ variables }) => variables.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    const text = await page('environment');
    for (const name of names) expect(text).toContain(name);
  });

  it('has every variable that the sources read', async () => {
    const read = variablesRead();
    expect(read.length).toBeGreaterThan(10);
    const text = await page('environment');
    expect(read.filter((name) => !text.includes(name))).toEqual([]);
  });
});

function filesBelow(folders: readonly string[]): string[] {
  const root = path.resolve(import.meta.dirname, '../../../..');
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|cjs)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name)),
  );
}

/** Variables that the sources read by name, but those that proxies have in several spellings. */
function variablesRead(): string[] {
  const sources = filesBelow(['src', 'bin']).map((file) => readFileSync(file, 'utf8'));
  const reads = sources.flatMap((text) => [
    ...text.matchAll(/\benv(?:\[['"]|\.)([A-Z][A-Z_]+)(?!\w*['"\]]* = )/g),
  ]);
  return [...new Set(reads.map(([, name = '']) => name))];
}

describe('help exit-codes', () => {
  it('has each exit code once', async () => {
    const codes = exitCodeMeanings.flatMap((row) => row.codes);
    expect([...codes].sort((a, b) => a - b)).toEqual(Object.values(exitCodes).sort((a, b) => a - b));
    expect(await page('exit-codes')).toContain('126  ');
  });
});

describe('help errors', () => {
  it('lists every code', async () => {
    const text = await page('errors');
    for (const code of errorCodes) expect(text).toMatch(new RegExp(`^  ${code}\\b`, 'm'));
  });

  it.each(errorCodes)('says of %s what it means, what to do, and the exit code', async (code) => {
    const text = await page('errors', code);
    expect(text).toMatch(
      new RegExp(
        `^${code}, exit code ${exitCodeByError[code]}\n\nMEANING\n(  .+\n)+\nWHAT TO DO\n(  .+\n)+$`,
        'u',
      ),
    );
  });

  it.each(['lock_timeout', 'Lock-Timeout'])('takes a code as it is typed: %s', async (word) => {
    expect(await page('errors', word)).toBe(await page('errors', 'LOCK_TIMEOUT'));
  });

  it('names the nearest of an unknown code', async () => {
    const { code, stdout, stderr } = await line.run(['help', 'errors', 'LOCK_TIMOUT']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('there is no error code "LOCK_TIMOUT"');
    expect(stderr).toContain('did you mean remedyctl help errors LOCK_TIMEOUT?');
    expect((await line.run(['help', 'errors', 'QQQQQQQQQQQQ'])).stderr).toContain(
      'remedyctl help errors lists them',
    );
  });
});

describe('help formats', () => {
  it('has every format of -o and of signals', async () => {
    const text = await page('formats');
    for (const { name } of signalFormats) expect(text).toContain(`  ${name}  `);
    for (const { name } of outputFormats) {
      expect(text).toContain(`  ${name}  `);
      const usual = name.replace('TEMPLATE', '{.a}').replace('HEADER:PATH,…', 'A:.a');
      expect(() => parseOutputFormat(usual)).not.toThrow();
    }
  });
});

describe('help configuration', () => {
  it('has every key', async () => {
    const text = await page('configuration');
    for (const key of settingKeys)
      expect(text).toMatch(new RegExp(`^  ${key.replaceAll('.', '\\.')}\\b`, 'm'));
  });
});

describe('a page that does not exist', () => {
  it.each([
    [['enviroment'], 'did you mean remedyctl help environment?'],
    [['exitcodes'], 'did you mean remedyctl help exit-codes?'],
    [['sginal'], 'did you mean remedyctl signal?'],
    [['ingest'], 'did you mean remedyctl signal ingest?'],
    [['nonsense'], 'see remedyctl --help'],
  ])('help %s suggests another', async (words, hint) => {
    const { code, stdout, stderr } = await line.run(['help', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`there is no help on "${words.join(' ')}"`);
    expect(stderr).toContain(hint);
  });
});
