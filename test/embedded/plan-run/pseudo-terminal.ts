import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { TerminalScreen } from '../../support/terminal-screen.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const size = { columns: 80, rows: 24 };

const version = spawnSync('script', ['--version'], { encoding: 'utf8' });

/** Whether the `script` of util-linux is there, which runs a command on a pseudo-terminal. */
export const hasPseudoTerminal = version.error === undefined && version.stdout.includes('util-linux');

export interface TerminalProgram {
  readonly screen: TerminalScreen;
  /** As a person types. */
  readonly type: (text: string) => void;
  readonly ended: Promise<number>;
}

/** The built program with stdin, stdout and stderr on a terminal of 80 columns and 24 lines. */
export function startOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): TerminalProgram {
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols ${size.columns} rows ${size.rows}; exec ${words.join(' ')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const screen = new TerminalScreen(size);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen.write(text);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? -1);
    });
  });
  return { screen, ended, type: (text) => child.stdin.write(text) };
}
