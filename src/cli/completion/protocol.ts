/**
 * What `__complete` answers, as cobra's programs do, so that kubectl understands it too: a candidate a line, behind a tab
 * what it is, and in the end `:` with a number that holds for all of them.
 */
import { toTerminalText } from '../terminal-text.ts';

/** The first word of a command line that asks what can stand in its last place. */
export const completionWord = '__complete';

/** One thing that can stand there, and a few words about it. */
export interface Candidate {
  value: string;
  about?: string | undefined;
}

/** Everything that can stand there. */
export interface Completion {
  candidates: readonly Candidate[];
  /** Names of files beside them. Default: none. */
  files?: 'all' | 'directories';
}

// cobra's ShellCompDirective
const noSpace = 2;
const noFiles = 4;
const directoriesOnly = 16;

const longestAbout = 80;

/** The whole answer for a word that begins with `current`. Text of others comes out harmless. */
export function answerText({ candidates, files }: Completion, current: string): string {
  const fitting = candidates.filter(({ value }) => value.startsWith(current));
  const goesOn = fitting.length > 0 && fitting.every(({ value }) => value.endsWith('='));
  const directive =
    (goesOn ? noSpace : 0) +
    (files === undefined ? noFiles : 0) +
    (files === 'directories' ? directoriesOnly : 0);
  return [...fitting.map(lineOf), `:${directive}`, ''].join('\n');
}

function lineOf({ value, about = '' }: Candidate): string {
  if (about === '') return value;
  const text = toTerminalText(about);
  return `${value}\t${text.length > longestAbout ? `${text.slice(0, longestAbout - 1)}…` : text}`;
}

/**
 * Whether a name from a cluster or a file is offered. A shell puts it on the command line as it is and most people press
 * Enter next, so nothing is that a shell would read as anything but a word: no blanks, no quotes, no `$`, no option.
 */
export function isOfferable(name: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}._:/@+=-]{0,511}$/u.test(name);
}
