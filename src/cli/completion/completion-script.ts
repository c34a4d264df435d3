import type { CompletionTree } from './completion-tree.ts';
import { bashCompletion } from './bash-completion.ts';
import { powershellCompletion } from './powershell-completion.ts';
import { zshCompletion } from './zsh-completion.ts';

export const shells = ['bash', 'zsh', 'powershell'] as const;
export type Shell = (typeof shells)[number];

const writers: Readonly<Record<Shell, (tree: CompletionTree) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  powershell: powershellCompletion,
};

/** The script that makes `shell` complete remedyctl's commands, flags and their fixed values. */
export function completionScript(shell: Shell, tree: CompletionTree): string {
  return writers[shell](tree);
}
