import { createProcessRuntime, failWhenIdle } from './cli/process-runtime.ts';
import { runProgram } from './cli/run-program.ts';
import { commandTable } from './commands/command-table.ts';

/** Runs the command line of this process as `bin`, the name that help shows. */
export function start(bin: string): void {
  const runtime = createProcessRuntime(bin);
  const stop = failWhenIdle();
  void runProgram(process.argv.slice(2), commandTable, runtime).then(stop);
}
