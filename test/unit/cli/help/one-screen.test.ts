import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { globalFlags } from '../../../../src/cli/global-flags.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';
import { textWidth } from '../../../../src/cli/text-width.ts';
import { CommandLine } from '../command-line.ts';
import { MemoryStream } from '../memory-stream.ts';

let line: CommandLine;
beforeAll(() => {
  line = new CommandLine();
});
afterAll(() => {
  line.remove();
});

async function helpAt(columns: number, argv: string[], bin?: string): Promise<string> {
  const stdout = Object.assign(new MemoryStream(), { columns });
  const { code, stderr } = await line.run(argv, { stdout, ...(bin === undefined ? {} : { bin }) });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.text;
}

/** In which line of the help the last of the command's own flags is named. */
function rowOfLastFlag(help: string, names: readonly string[]): number {
  const all = help.split('\n');
  const rows = names.map((name) => {
    const named = new RegExp(`(^|[\\s,])--${name}(?![\\w-])`);
    const row = all.findIndex((text) => named.test(text) && !text.includes('DESCRIPTION'));
    expect(row, name).toBeGreaterThan(0);
    return row + 1;
  });
  return Math.max(0, ...rows);
}

describe('a terminal of 80 columns and 24 rows', () => {
  it.each(['remedyctl', 'kubectl remedy'])('shows all of the help of %s at once', async (bin) => {
    const help = await helpAt(80, ['--help'], bin);
    expect(help.trimEnd().split('\n').length).toBeLessThanOrEqual(23);
  });

  it.each(commandTable.commands)('shows every own flag of $id at once', async ({ id, load }) => {
    const flags = ((await load()).flags as Record<string, { hidden?: boolean }> | undefined) ?? {};
    const own = Object.entries(flags).filter(([name, flag]) => !(name in globalFlags) && !flag.hidden);
    const help = await helpAt(80, [...id.split(':'), '--help']);
    const flagLines = help.slice(help.indexOf('\nFLAGS'));
    const before = help.split('\n').length - flagLines.split('\n').length;
    const row =
      before +
      rowOfLastFlag(
        flagLines,
        own.map(([name]) => name),
      );
    expect(row).toBeLessThanOrEqual(24);
  });
});

describe.each([60, 80, 120])('at %i columns', (columns) => {
  const pages = [
    [],
    ...commandTable.topics.map(({ name }) => [name]),
    ...commandTable.commands.map(({ id }) => id.split(':')),
    ...['flags', 'environment', 'exit-codes', 'errors', 'formats', 'configuration'].map((page) => [page]),
    ['errors', 'LOCK_TIMEOUT'],
  ];
  it.each(pages)('no line is longer but those to be copied: %s %s', async (...words) => {
    const help = await helpAt(columns, ['help', ...words.filter((word) => typeof word === 'string')]);
    const long = help.split('\n').filter((text) => textWidth(text) > columns);
    const isCommand = (text: string): boolean => /^( {2}\$| *(kubectl|remedyctl)) /.test(text);
    const copied = long.filter((text) => isCommand(text) || !text.trim().includes(' '));
    expect(long).toEqual(copied);
  });
});

describe('help that does not go to a terminal', () => {
  it('has the width of the one that stderr goes to, as a pager has; else 80 columns', async () => {
    const argv = ['signal', 'ingest', '--help'];
    const through = async (terminal: number | undefined): Promise<string> => {
      const stderr = streamOf(terminal);
      return (await line.run(argv, { stdout: streamOf(undefined), stderr })).stdout;
    };
    expect(await through(60)).toBe(await helpAt(60, argv));
    expect(await through(undefined)).toBe(await helpAt(80, argv));
  });
});

function streamOf(columns: number | undefined): MemoryStream {
  const stream = new MemoryStream();
  Object.assign(stream, { columns });
  return stream;
}
