import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
export const fingerprint = '5d'.repeat(32);
export const lockName = 'gw-lock-5d5d5d5d5d5d5d5d';

/** Where `lease run` works, and with which environment. */
export interface LeaseTarget {
  env: Record<string, string>;
  flags: readonly string[];
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface LeaseProcess {
  child: ChildProcess;
  ended: Promise<Ended>;
  stdout(): string;
  stderr(): string;
}

interface StartOptions {
  /** Flags of `lease run` beside those of the target. */
  flags?: readonly string[];
  input?: string;
}

/** Starts `lease run` on the one key of these tests; in a session of its own, so that there is no terminal. */
export function startLeaseRun(
  target: LeaseTarget,
  command: readonly string[],
  { flags = [], input }: StartOptions = {},
): LeaseProcess {
  const args = [program, 'lease', 'run', fingerprint, ...target.flags, ...flags, '--', ...command];
  const env = { PATH: process.env['PATH'] ?? '', ...target.env };
  const child = spawn(process.execPath, args, { env, detached: true });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  child.stdin.on('error', () => undefined).end(input ?? '');
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      resolve({ code, signal, ...output });
    });
  });
  return { child, ended, stdout: () => output.stdout, stderr: () => output.stderr };
}

export async function until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
  const patience = AbortSignal.timeout(withinMs);
  while (!holds()) {
    if (patience.aborted) throw new Error(`not within ${withinMs} ms: ${what}`);
    await pause(20);
  }
}

export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

/** Whether a process still runs; one that has ended and was not waited for does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** R, S, T (stopped), … */
export function stateOf(pid: number): string | undefined {
  return statOf(pid)[0];
}

export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
