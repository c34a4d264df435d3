import { askLine } from '../ask-line.ts';
import type { Runtime } from '../runtime.ts';
import { toTerminalText } from '../terminal-text.ts';

/**
 * A question of fact, which no `--yes` can answer: yes, no, or undefined where nobody is there or nobody knows.
 */
export async function askOperator(
  question: string,
  terminal: Pick<Runtime, 'stdin' | 'stderr' | 'signal'>,
): Promise<boolean | undefined> {
  if (terminal.stdin.isTTY !== true || terminal.stderr.isTTY !== true) return undefined;
  const prompt = `${toTerminalText(question)} [y/n, anything else: I do not know] `;
  const answer = ((await askLine(prompt, terminal)) ?? '').trim();
  if (/^y(es)?$/i.test(answer)) return true;
  return /^no?$/i.test(answer) ? false : undefined;
}
