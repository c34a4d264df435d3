import type { FlagValue } from '../config/load-config.ts';
import { shellLine } from '../text/shell-words.ts';

/** The global flags that decide what a command works on. */
const scopeFlags = [
  'target',
  'store',
  'kubeconfig',
  'context',
  'cluster',
  'user',
  'as',
  'config',
  'profile',
  'namespace',
] as const;

/** A command that a text ends with, to be copied: it stands after a colon. */
const commandAtEnd = /(?<=: )remedyctl [a-z].*$/;

/** The words by which a further command works on the same as this one. */
export function scopeWords(flags: Readonly<Record<string, FlagValue>>): string[] {
  return scopeFlags.flatMap((name) => {
    const value = flags[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}

/** A hint whose command, which stands at its end, works on the same as this one: a text of the core knows no flags. */
export function scopedHint(hint: string, scope: readonly string[]): string {
  if (scope.length === 0) return hint;
  return hint.replace(commandAtEnd, (command) => `${command} ${shellLine(scope)}`);
}
