import { completionWord } from './cli/completion/protocol.ts';
import { createProcessRuntime, failWhenIdle } from './cli/process-runtime.ts';
import { runProgram } from './cli/run-program.ts';
import { commandTable } from './commands/command-table.ts';

/**
 * Runs the command line of this process as `bin`, the name that help shows. `notice`: what the start itself has to say,
 * such as why there is no code cache. Shells ask with a command of their own, which nobody types and no help shows.
 */
export function start(bin: string, notice?: string): void {
  const argv = process.argv.slice(2);
  if (argv[0] === completionWord) {
    void answer(argv.slice(1), bin);
    return;
  }
  const runtime = createProcessRuntime(bin, notice);
  const stop = failWhenIdle();
  void runProgram(argv, commandTable, runtime).then(stop);
}

async function answer(words: readonly string[], bin: string): Promise<void> {
  const { answerShell } = await import('./cli/completion/answer-shell.ts');
  await answerShell(words, bin, commandTable);
}
