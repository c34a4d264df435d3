import { createProcessRuntime } from '../process-runtime.ts';
import { outputOf } from '../render/output.ts';
import type { CommandTable } from '../command-entry.ts';
import { completeLine, type CompletionGround } from './complete-line.ts';
import { answerText } from './protocol.ts';

/** How long a person is kept waiting for names, beside the start of the program. */
const budgetMs = 300;

/** The answer for these words, as text. Never rejects: what fails offers nothing. */
export async function answerFor(words: readonly string[], ground: CompletionGround): Promise<string> {
  try {
    const { current, ...completion } = await completeLine(words, ground);
    return answerText(completion, current);
  } catch {
    return answerText({ candidates: [] }, '');
  }
}

/** Answers the shell of this process and ends it: nothing that still waits keeps anybody at the prompt. */
export async function answerShell(words: readonly string[], bin: string, table: CommandTable): Promise<void> {
  try {
    const runtime = createProcessRuntime(bin);
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.removeAllListeners(event);
      process.on(event, () => process.exit(0));
    }
    await outputOf(runtime.stdout).write(await answerFor(words, { table, runtime, budgetMs }));
  } finally {
    process.exit(0);
  }
}
