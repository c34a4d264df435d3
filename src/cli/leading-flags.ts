import { RemedyError } from '../errors/remedy-error.ts';
import { nearest } from '../text/nearest.ts';
import { selectCommand, type CommandTable } from './command-entry.ts';
import { globalFlags } from './global-flags.ts';

/** What a flag is to whoever reads a command line: its name, and whether the next word may be its value. */
interface KnownFlag {
  readonly type: 'option' | 'boolean';
  readonly char?: string | undefined;
}

const known = Object.entries<KnownFlag>(globalFlags as Record<string, KnownFlag>);

/**
 * The command line with the global flags that stand before or between the words of the command behind those words:
 * `-n x lease list` is `lease list -n x`. A word that is a flag's value is none of the command's, whatever it says.
 */
export function wordsFirst(argv: readonly string[], table: CommandTable): string[] {
  const words: string[] = [];
  const flags: string[] = [];
  let rest = argv;
  for (let [next] = rest; next !== undefined; [next] = rest) {
    const taken = wordsOfGlobalFlag(rest);
    if (taken > 0) {
      flags.push(...rest.slice(0, taken));
    } else if (next.startsWith('-')) {
      break;
    } else {
      words.push(next);
    }
    rest = rest.slice(taken > 0 ? taken : 1);
    const mayGoOn =
      words.length === 0 || (words.length === 1 && selectCommand(words, table).kind !== 'command');
    if (!mayGoOn) break;
  }
  return [...words, ...flags, ...rest];
}

/** The words without the global flags and their values; any other flag stays. */
export function withoutGlobalFlags(argv: readonly string[]): string[] {
  const kept: string[] = [];
  let rest = argv;
  for (let [next] = rest; next !== undefined; [next] = rest) {
    const taken = wordsOfGlobalFlag(rest);
    if (taken === 0) kept.push(next);
    rest = rest.slice(Math.max(1, taken));
  }
  return kept;
}

/** How many of the first words are one global flag with its value; 0 where the first word is none. */
function wordsOfGlobalFlag([word = '', value]: readonly string[]): number {
  if (word.startsWith('--')) {
    const [name = '', given] = word.slice(2).split('=', 2);
    const flag = known.find(([one]) => one === name)?.[1];
    if (flag === undefined) return 0;
    return flag.type === 'boolean' || given !== undefined || value === undefined ? 1 : 2;
  }
  return wordsOfShortFlags(word, value);
}

/** `-n x`, `-nx`, `-qv`, and `-vn x`, in which the value of the last letter is the next word. */
function wordsOfShortFlags(word: string, value: string | undefined): number {
  if (!/^-[a-z]/i.test(word)) return 0;
  for (const [index, char] of Array.from(word.slice(1)).entries()) {
    const flag = known.find(([, one]) => one.char === char)?.[1];
    if (flag === undefined) return 0;
    if (flag.type === 'option') return index === word.length - 2 && value !== undefined ? 2 : 1;
  }
  return 1;
}

/** The error for a command line that has a flag where the words of the command should stand. */
export function misplacedFlag(argv: readonly string[], table: CommandTable, bin: string): RemedyError {
  const words = argv.slice(
    0,
    argv.findIndex((word) => word.startsWith('-')),
  );
  const misplaced = withoutGlobalFlags(argv).find((word) => word.startsWith('-')) ?? '';
  if (misplaced === '' || misplaced === '--') {
    return new RemedyError(
      'USAGE',
      `no command is given${words.map((word) => ` behind "${word}"`).join('')}`,
      {
        hint: `see ${[bin, ...words].join(' ')} --help`,
      },
    );
  }
  const [name = ''] = misplaced.split('=', 1);
  const close = nearest(
    name.replace(/^-+/, ''),
    known.map(([one]) => one),
  );
  const behind = table.topics.some((topic) => topic.name === words[0]) ? [...words, 'VERB'] : ['COMMAND'];
  const meant = close === undefined ? '' : `; or did you mean --${close}?`;
  return new RemedyError('USAGE', `${name} stands before the command, and is no flag of every command`, {
    hint: `flags of one command stand behind it: ${[bin, ...behind, name].join(' ')}${meant}`,
  });
}
