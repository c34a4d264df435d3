import { createInterface } from 'node:readline/promises';
import type { Runtime } from '../runtime.ts';
import { toTerminalText } from '../terminal-text.ts';

/**
 * A question of fact, which no `--yes` can answer: yes, no, or undefined where nobody is there or nobody knows.
 */
export async function askOperator(question: string, runtime: Runtime): Promise<boolean | undefined> {
  const { stdin, stderr, signal } = runtime;
  if (stdin.isTTY !== true || stderr.isTTY !== true) return undefined;
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await lines.question(`${toTerminalText(question)} [y/n, anything else: I do not know] `, {
      signal,
    });
    if (/^y(es)?$/i.test(answer.trim())) return true;
    return /^no?$/i.test(answer.trim()) ? false : undefined;
  } catch (thrown) {
    if (signal.aborted) return undefined;
    throw thrown;
  } finally {
    lines.close();
  }
}
