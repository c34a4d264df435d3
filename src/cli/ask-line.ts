import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Runtime } from './runtime.ts';

/**
 * Asks on stderr for one line of stdin; `prompt` must be safe for a terminal. Undefined: there was none, because stdin
 * has ended (Ctrl-D, a closed terminal) or the program is being stopped.
 */
export async function askLine(
  prompt: string,
  { stdin, stderr, signal }: Pick<Runtime, 'stdin' | 'stderr' | 'signal'>,
): Promise<string | undefined> {
  if (stdin.readableEnded) return undefined;
  // As a terminal, readline would take Ctrl-C for itself: it is to stop the program, here as anywhere.
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  const ended = once(lines, 'close').then(() => undefined);
  let answer: string | undefined;
  try {
    answer = await Promise.race([lines.question(prompt, { signal }), ended]);
  } catch (thrown) {
    // EIO: the terminal has hung up
    if (!signal.aborted && (thrown as NodeJS.ErrnoException).code !== 'EIO') throw thrown;
  } finally {
    lines.close();
  }
  if (answer === undefined) stderr.write('\n');
  return answer;
}
