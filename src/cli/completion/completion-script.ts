import { bashScript } from './bash-script.ts';
import { fishScript } from './fish-script.ts';
import { powershellScript } from './powershell-script.ts';
import { zshScript } from './zsh-script.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript } as const;

/** A shell that can be taught. */
export type Shell = keyof typeof scripts;
export const shells = Object.keys(scripts) as Shell[];

/** The script that makes `shell` ask remedyctl what can stand in a place. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}
