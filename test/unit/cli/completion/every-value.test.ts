import { afterAll, describe, expect, it } from 'vitest';
import type { RemedyCommand } from '../../../../src/cli/base-command.ts';
import { kindOfArgument, kindOfFlag } from '../../../../src/cli/completion/value-kinds.ts';
import type { KnownFlag } from '../../../../src/cli/completion/typed-words.ts';
import { globalFlags } from '../../../../src/cli/global-flags.ts';
import { parseOutputFormat } from '../../../../src/cli/render/output-format.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';
import { CommandLine } from '../command-line.ts';
import { ask } from './asked.ts';

const line = new CommandLine();
afterAll(() => {
  line.remove();
});

/** Values that nothing can be offered for, by what help calls them. */
const texts = new Set([
  ...[
    'USER',
    'GROUP',
    'DURATION',
    'TIME',
    'AGE',
    'SELECTOR',
    'ID',
    'UUID',
    'HASH',
    'TEXT',
    'URL',
    'COUNT',
    'CODE',
  ],
  ...['N', 'M', 'S', 'SIZE', 'SHARE', 'FACTOR', 'LENGTH', 'FAILURE', 'OUTCOME', 'EXPECTATION', 'MATCHER'],
  ...['KIND', 'KIND[,KIND]', 'FROM=KEY', 'KEY=VALUE', 'NAME', 'FIELD'],
  ...['[NAMESPACE/]NAME', '[svc/]NAME[:PORT]', 'ADDRESS', 'PORT'],
]);

const commands = await Promise.all(
  commandTable.commands.map(async ({ id, load }) => {
    const command = (await load()) as unknown as typeof RemedyCommand;
    const flags = { ...globalFlags, ...command.flags } as unknown as Record<string, KnownFlag>;
    return { id, words: id.split(':'), command, flags };
  }),
);

describe('what has a list of values offers exactly that list', () => {
  it.each(commands)('$id', async ({ words, flags }) => {
    for (const [name, { options }] of Object.entries(flags)) {
      if (options === undefined) continue;
      const behind = await ask([...words, `--${name}=`], line.runtime());
      expect(behind, `--${name}=`).toMatchObject({ values: options, directive: 4 });
      // --dry-run alone means something, so what follows it is another word
      const next = await ask([...words, `--${name}`, ''], line.runtime());
      if (name === 'dry-run') expect(next.values).not.toEqual(options);
      else expect(next, `--${name}`).toMatchObject({ values: options, directive: 4 });
    }
  });

  it.each(commands)('$id, in its arguments', async ({ words, command }) => {
    const [first] = Object.values(command.args);
    if (first?.options === undefined) return;
    expect((await ask([...words, ''], line.runtime())).values).toEqual(first.options);
  });

  it.each(commands)('$id, in its output', async ({ words, command }) => {
    const { values } = await ask([...words, '-o', ''], line.runtime());
    expect(values).toEqual(expect.arrayContaining(['json', 'yaml', ...command.ownFormats]));
    for (const value of values.filter((one) => !one.endsWith('=') && !command.ownFormats.includes(one)))
      expect(parseOutputFormat(value)).toEqual({ kind: value });
  });
});

describe('what has no list is known to stand for something', () => {
  it.each(commands)('$id', ({ id, command, flags }) => {
    for (const [name, flag] of Object.entries(flags)) {
      if (flag.type !== 'option' || flag.options !== undefined) continue;
      const isDecided = kindOfFlag(id, name, flag) !== 'text' || texts.has(String(flag.helpValue));
      expect(isDecided, `--${name}=${String(flag.helpValue)}: what is it? see value-kinds.ts`).toBe(true);
    }
    for (const [name, { options }] of Object.entries(command.args)) {
      const isDecided = options !== undefined || kindOfArgument(id, name) !== 'text';
      expect(isDecided, `${name}: what is it? see value-kinds.ts`).toBe(true);
    }
  });
});
