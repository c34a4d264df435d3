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

/** Those of them that kubectl has too. */
const kubectlFlags: ReadonlySet<string> = new Set([
  '--kubeconfig',
  '--context',
  '--cluster',
  '--user',
  '--as',
]);

/** A command that a text ends with, to be copied: it stands after a colon, and kubectl's alone too. */
const commandAtEnd = /(?:(?<=: )remedyctl|(?<=^|: )kubectl) [a-z].*$/;

/** The words by which a further command works on the same as this one. */
export function scopeWords(flags: Readonly<Record<string, FlagValue>>): string[] {
  return scopeFlags.flatMap((name) => {
    const value = flags[name];
    return typeof value === 'string' ? [`--${name}`, value] : [];
  });
}

/** A hint whose command, which stands at its end, works on the same as this one: a text of the core knows no flags. */
export function scopedHint(hint: string, scope: readonly string[]): string {
  return hint.replace(commandAtEnd, (command) => {
    const words = command.startsWith('kubectl ') ? kubectlWords(scope) : scope;
    return words.length === 0 ? command : `${command} ${shellLine(words)}`;
  });
}

function kubectlWords(scope: readonly string[]): string[] {
  return scope.filter((word, at) => kubectlFlags.has(at % 2 === 0 ? word : (scope[at - 1] ?? '')));
}
