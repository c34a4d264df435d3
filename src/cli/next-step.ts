import { shellLine } from '../text/shell-words.ts';
import type { Session } from './session.ts';

/** What may be done next, with the command at the end, ready for a shell; it works on the same as this one. */
export function nextStep({ runtime, scope }: Session, about: string, words: readonly string[]): string {
  return `${about}: ${shellLine([...runtime.bin.split(' '), ...words, ...scope])}`;
}

/** Says it to a person at a terminal who sees a table or a text; whoever reads a document knows what to do with it. */
export function sayNext(session: Session, about: string, words: readonly string[]): void {
  const { notices, output, ownFormat, render } = session;
  const isText = ownFormat === undefined && ['table', 'wide'].includes(render.format.kind);
  if (output.isTerminal && isText) notices.say(nextStep(session, about, words));
}
