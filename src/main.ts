import { createProcessRuntime } from './cli/process-runtime.ts';
import { runProgram } from './cli/run-program.ts';
import { commandTable } from './commands/command-table.ts';

/** Runs the command line of this process as `bin`, the name that help shows. */
export function start(bin: string): void {
  void runProgram(process.argv.slice(2), commandTable, createProcessRuntime(bin));
}
