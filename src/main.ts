import { createProcessRuntime, failWhenIdle } from './cli/process-runtime.ts';
import { runProgram } from './cli/run-program.ts';
import { commandTable } from './commands/command-table.ts';

/**
 * Runs the command line of this process as `bin`, the name that help shows. `notice`: what the start itself has to say,
 * such as why there is no code cache.
 */
export function start(bin: string, notice?: string): void {
  const runtime = createProcessRuntime(bin, notice);
  const stop = failWhenIdle();
  void runProgram(process.argv.slice(2), commandTable, runtime).then(stop);
}
