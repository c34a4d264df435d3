import { answerFor } from '../../../../src/cli/completion/answer-shell.ts';
import type { Runtime } from '../../../../src/cli/runtime.ts';
import { commandTable } from '../../../../src/commands/command-table.ts';

/** What a shell is told. */
export interface Asked {
  /** Candidates in their order. */
  values: string[];
  /** What is said about each. */
  about: string[];
  /** cobra's: 2 no blank behind it, 4 no files, 16 folders alone. */
  directive: number;
}

/** Asks in process, with as much time as a busy machine needs. */
export async function ask(words: string[], runtime: Runtime, budgetMs = 30_000): Promise<Asked> {
  const text = await answerFor(words, { table: commandTable, runtime, budgetMs });
  const lines = text.trimEnd().split('\n');
  const candidates = lines.slice(0, -1).map((line) => line.split('\t'));
  const directive = Number(/^:(\d+)$/.exec(lines.at(-1) ?? '')?.[1]);
  return {
    values: candidates.map(([value = '']) => value),
    about: candidates.map(([, about = '']) => about),
    directive,
  };
}
