import { RemedyError } from '../errors/remedy-error.ts';
import { askLine } from './ask-line.ts';
import type { Runtime } from './runtime.ts';
import { toTerminalText } from './terminal-text.ts';

export interface Question {
  /** What is about to happen, one sentence. */
  about: string;
  /** What must be typed; absent: y or yes. */
  typed?: string;
  /** `--yes`. */
  yes: boolean;
}

/**
 * Asks on stderr before something is done that cannot be taken back. Off a terminal nobody can answer: then
 * NEEDS_YES, unless `--yes` was given. Any other answer is DECLINED.
 */
export async function confirm(question: Question, runtime: Runtime): Promise<void> {
  if (question.yes) return;
  const { stdin, stderr } = runtime;
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    throw new RemedyError('NEEDS_YES', `${question.about}; nobody is there to confirm it`, {
      hint: 'add --yes if that is what you want',
    });
  }
  const wanted = question.typed === undefined ? 'y/N' : `type ${toTerminalText(question.typed)} to go on`;
  const answer = await askLine(`${toTerminalText(question.about)} [${wanted}] `, runtime);
  if (answer === undefined || !isAgreed(answer.trim(), question.typed)) {
    throw new RemedyError('DECLINED', `${question.about}: not confirmed; nothing was done`);
  }
}

function isAgreed(answer: string, typed: string | undefined): boolean {
  return typed === undefined ? /^y(es)?$/i.test(answer) : answer === typed;
}
