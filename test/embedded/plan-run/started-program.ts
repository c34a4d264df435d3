import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');

export interface StartedProgram {
  readonly child: ChildProcess;
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly text: () => string;
}

/** Starts the built program and does not wait for it. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): StartedProgram {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 0);
    });
  });
  return { child, ended, text: () => text };
}
