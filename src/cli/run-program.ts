import { selectCommand, type CommandEntry, type CommandTable } from './command-entry.ts';
import { errorDocument, errorText } from './error-report.ts';
import { exitCodeOf, exitCodeOfInterruption, exitCodes } from './exit-codes.ts';
import { nameOptions } from '../errors/option-name.ts';
import { flagOf } from './flag-names.ts';
import { timesVerbose } from './global-flags.ts';
import { misplacedFlag, withoutGlobalFlags, wordsFirst } from './leading-flags.ts';
import { wantsJson } from './json-wanted.ts';
import { exactJson } from '../text/exact-json.ts';
import { loadProgram } from './program.ts';
import { outputOf } from './render/output.ts';
import { isReported } from './reported.ts';
import type { Runtime } from './runtime.ts';
import { knownColumns } from './terminal-size.ts';
import { unknownCommand } from './usage-error.ts';

/**
 * Runs one command line to its end: finds the command, runs it, renders a failure, sets the exit code. Never
 * rejects and never ends the process itself, so that what is written is flushed.
 *
 * @returns the exit code.
 */
export async function runProgram(
  argv: readonly string[],
  table: CommandTable,
  runtime: Runtime,
): Promise<number> {
  nameOptions(flagOf);
  let code: number;
  try {
    code = await dispatch(argv, table, runtime);
  } catch (thrown) {
    code = await report(thrown, argv, runtime);
  }
  code = reportOutput(code, argv, runtime);
  const interruption = runtime.interruption();
  if (interruption !== undefined) code = exitCodeOfInterruption(interruption);
  runtime.setExitCode(code);
  return code;
}

async function dispatch(argv: readonly string[], table: CommandTable, runtime: Runtime): Promise<number> {
  const config = await loadProgram(table, runtime);
  const line = wordsFirst(argv, table);
  if (withoutGlobalFlags(line)[0] === '--version') {
    await outputOf(runtime.stdout).write(`${config.userAgent}\n`);
    return exitCodes.done;
  }
  if (isHelpWanted(line)) return showHelp(line, table, runtime);
  const selection = selectCommand(line, table);
  switch (selection.kind) {
    case 'command':
      return runCommand(selection.entry, selection.argv, config);
    case 'topic':
      if (selection.argv.length === 0) return showHelp(line, table, runtime);
      throw misplacedFlag(line, table, runtime.bin);
    case 'none':
      throw misplacedFlag(line, table, runtime.bin);
    case 'unknown':
      throw unknownCommand(
        selection,
        table.commands.map(({ id }) => id),
        runtime.bin,
      );
  }
}

type Program = Awaited<ReturnType<typeof loadProgram>>;

async function runCommand(entry: CommandEntry, argv: string[], config: Program): Promise<number> {
  const command = await entry.load();
  command.id = entry.id;
  const code: unknown = await command.run(argv, config);
  return typeof code === 'number' ? code : exitCodes.done;
}

function isHelpWanted(argv: readonly string[]): boolean {
  if (argv.length === 0 || argv[0] === 'help') return true;
  const end = argv.indexOf('--');
  const ours = end === -1 ? argv : argv.slice(0, end);
  return ours.includes('--help') || ours.includes('-h');
}

/** Words of the command line that are no flags say on what, with or without `help` before them. */
async function showHelp(argv: readonly string[], table: CommandTable, runtime: Runtime): Promise<number> {
  const { helpOn } = await import('./help/help.ts');
  const { bin, stdout, stderr } = runtime;
  const asked = argv[0] === 'help' ? argv.slice(1) : argv;
  const words = withoutGlobalFlags(asked).filter((word) => word !== '--help' && word !== '-h');
  // help that is read through a pager is still read on the terminal that stderr goes to
  const columns = Math.min(knownColumns(stdout) ?? knownColumns(stderr) ?? 80, 120);
  await outputOf(stdout).write(await helpOn(words, { table, bin, columns, asTopic: argv[0] === 'help' }));
  return exitCodes.done;
}

/** Renders a failure: text on stderr, and with a JSON format a document on stdout unless one is there already. */
async function report(thrown: unknown, argv: readonly string[], runtime: Runtime): Promise<number> {
  if (runtime.interruption() === 'output closed') return exitCodes.done;
  tell(thrown, argv, runtime);
  if (wantsJson(argv, runtime) && !isReported(thrown, runtime)) {
    await outputOf(runtime.stdout).write(`${exactJson(errorDocument(thrown))}\n`);
  }
  return exitCodeOf(thrown);
}

/**
 * What the output failed with is told when everything is done, since it ended nothing. The exit code is that of the work,
 * where it says that something was amiss.
 */
function reportOutput(code: number, argv: readonly string[], runtime: Runtime): number {
  const { failures } = outputOf(runtime.stdout);
  for (const failure of failures) tell(failure, argv, runtime);
  const [first] = failures;
  return code === exitCodes.done && first !== undefined ? exitCodeOf(first) : code;
}

function tell(thrown: unknown, argv: readonly string[], { stderr, version }: Runtime): void {
  stderr.write(errorText(thrown, { version, verbose: timesVerbose(argv) > 0 }));
}
