import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../../docs/tasks');

/** A command in a page of docs/tasks. */
export interface PageCommand {
  readonly text: string;
  readonly line: number;
  /** As a comment at its end says (`# exit 4`); 0 where none does. */
  readonly exitCode: number;
}

/** One page of docs/tasks. */
export interface TaskPage {
  readonly name: string;
  readonly text: string;
  readonly commands: readonly PageCommand[];
}

/** Every page but the index. Blocks fenced as `sh` are commands to type; what is fenced otherwise is not run. */
export function taskPages(): TaskPage[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return names.sort().map((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    return { name, text, commands: commandsOf(text) };
  });
}

/** The index, which names every page. */
export function taskIndex(): string {
  return readFileSync(path.join(folder, 'README.md'), 'utf8');
}

function commandsOf(page: string): PageCommand[] {
  const commands: PageCommand[] = [];
  let isShell = false;
  let begun = '';
  for (const [index, line] of page.split('\n').entries()) {
    if (line.startsWith('```')) isShell = line === '```sh';
    else if (isShell && line.endsWith('\\')) begun += `${line}\n`;
    else if (isShell && line.trim() !== '') {
      const exitCode = Number(/# exit (\d+)/.exec(line)?.[1] ?? 0);
      commands.push({ text: begun + line, line: index + 1, exitCode });
      begun = '';
    }
  }
  return commands;
}
