import { spawn } from 'node:child_process';
import path from 'node:path';

const program = path.resolve(import.meta.dirname, '../../bin/remedyctl.cjs');

export interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs the built remedyctl to its end. The environment is only what is given, and PATH. */
export function runProgram(
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...options.env },
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === null) reject(new Error(`remedyctl was ended by ${signal ?? 'nothing'}: ${output.stderr}`));
      else resolve({ exitCode: code, ...output });
    });
    // A program that does not read its input to the end closes the pipe.
    child.stdin.on('error', () => undefined).end(options.input ?? '');
  });
}
