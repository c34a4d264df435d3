import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectCommand } from '../../../../src/cli/command-entry.ts';
import { withoutGlobalFlags, wordsFirst } from '../../../../src/cli/leading-flags.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';
import { CommandLine } from '../command-line.ts';

const arranged = (line: string): string => wordsFirst(line.split(' '), commandTable).join(' ');

describe('global flags before the words of a command', () => {
  it.each([
    ['-n x lease list', 'lease list -n x'],
    ['-nx lease list', 'lease list -nx'],
    ['-v doctor', 'doctor -v'],
    ['-qv -o json doctor', 'doctor -qv -o json'],
    ['-vn x request list', 'request list -vn x'],
    ['--namespace=x lease list -A', 'lease list --namespace=x -A'],
    ['--target=embedded --store dir request list', 'request list --target=embedded --store dir'],
    ['lease -n x list', 'lease list -n x'],
    ['-n a lease --context b list --state held', 'lease list -n a --context b --state held'],
    ['--no-headers signal ingest a.json', 'signal ingest --no-headers a.json'],
    ['--as-group a --as-group b request ls', 'request ls --as-group a --as-group b'],
    ['-n x help lease', 'help lease -n x'],
  ])('%s is %s', (line, expected) => {
    expect(arranged(line)).toBe(expected);
  });

  it('takes a value for a value, whatever it says', () => {
    expect(arranged('--context lease lease list')).toBe('lease list --context lease');
    expect(arranged('-n signal request get rr-1')).toBe('request get -n signal rr-1');
  });

  it.each([
    'lease run -n x KEY -- kubectl -n y get pods',
    'signal ingest a.json -n x',
    'lease run -- -n x',
    '-- -n x lease list',
    'version --client -n x',
    'doctor -v',
  ])('leaves as it is what stands behind them: %s', (line) => {
    expect(arranged(line)).toBe(line);
  });

  it('finds every command behind every global flag', () => {
    for (const { id } of commandTable.commands) {
      const line = wordsFirst(['-n', 'x', '--target=embedded', '-v', ...id.split(':')], commandTable);
      expect(selectCommand(line, commandTable)).toMatchObject({ kind: 'command', entry: { id } });
    }
  });

  it('tells global flags from others', () => {
    expect(withoutGlobalFlags(['-n', 'x', 'lease', '--state', 'held', '-o', 'json'])).toEqual([
      'lease',
      '--state',
      'held',
    ]);
  });
});

describe('through the program', () => {
  let line: CommandLine;
  beforeAll(() => {
    line = new CommandLine();
  });
  afterAll(() => {
    line.remove();
  });

  it.each([['remedyctl'], ['kubectl remedy']])('runs as %s', async (bin) => {
    const before = await line.run(['--target', 'embedded', '-n', 'ops', 'request', 'list', '-o', 'json'], {
      bin,
    });
    const behind = await line.run(['request', 'list', '-o', 'json', '-n', 'ops', '--target', 'embedded'], {
      bin,
    });
    expect(before.code).toBe(0);
    expect(before).toEqual(behind);
    const between = await line.run(['-o', 'json', 'request', '--target=embedded', '-n=ops', 'list'], { bin });
    expect(between).toEqual(behind);
  });

  it('reads a verbose flag before the command, and an output format for an error', async () => {
    const { code, stdout } = await line.run([
      '-o',
      'json',
      '--target',
      'embedded',
      'request',
      'get',
      'rr-none',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Error', error: { code: 'NOT_FOUND' } });
  });

  it('helps too', async () => {
    const expected = await line.run(['lease', 'list', '--help']);
    expect(expected.stdout).toContain('$ remedyctl lease list');
    for (const words of [
      '-n x lease list --help',
      '-n x help lease list',
      'help -n x lease list',
      '--help lease list',
    ]) {
      expect(await line.run(words.split(' ')), words).toEqual(expected);
    }
    const version = await line.run(['-v', '--version']);
    expect(version.stdout).toMatch(/^remedyctl\/1\.2\.3 /);
  });

  it.each([
    [
      ['--stae', 'held', 'lease', 'list'],
      '--stae stands before the command',
      'behind it: remedyctl COMMAND --stae',
    ],
    [
      ['--namespce', 'x', 'lease', 'list'],
      '--namespce stands before the command',
      'or did you mean --namespace?',
    ],
    [['-x', 'lease', 'list'], '-x stands before the command', 'remedyctl COMMAND -x'],
    [['lease', '--state=held', 'list'], '--state stands before the command', 'remedyctl lease VERB --state'],
    [['-n', 'x'], 'no command is given', 'see remedyctl --help'],
    [['lease', '-n', 'x'], 'no command is given behind "lease"', 'see remedyctl lease --help'],
    [['-n'], 'no command is given', 'see remedyctl --help'],
    [['-n', 'x', 'leese', 'list'], 'there is no command "leese"', 'did you mean remedyctl lease list?'],
  ])('refuses %s', async (argv, message, hint) => {
    const { code, stdout, stderr } = await line.run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });
});
