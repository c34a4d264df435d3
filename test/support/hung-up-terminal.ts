import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const program = path.resolve(import.meta.dirname, '../../bin/remedyctl.cjs');

export interface ClosableTerminal {
  /** All that was written to the terminal so far. */
  readonly text: () => string;
  /** Closes the terminal, as a person its window, and gives the status that a shell sees: 128 + signal. */
  readonly close: () => Promise<number>;
}

/**
 * The built program on a pseudo-terminal of util-linux' `script`, under a shell that passes the SIGHUP of the terminal
 * on to it as `signal`, and tells how it ended.
 */
export function startOnClosableTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: 'HUP' | 'TERM' | 'INT' | 'none' = 'HUP',
): ClosableTerminal {
  const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-terminal-'));
  const status = path.join(folder, 'status');
  const words = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const onHangUp = signal === 'none' ? "''" : `'kill -${signal} $pid'`;
  const command = `exec 3<&0; trap ${onHangUp} HUP
${words.join(' ')} <&3 & pid=$!
wait $pid; ended=$?
while kill -0 $pid 2>/dev/null; do wait $pid; ended=$?; done
echo $ended >'${status}'`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'] ?? '', SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const statusText = (): string => {
    try {
      return readFileSync(status, 'utf8');
    } catch {
      return '';
    }
  };
  return {
    text: () => text,
    close: async () => {
      child.kill('SIGKILL');
      for (let tries = 0; tries < 600 && !statusText().endsWith('\n'); tries += 1) await pause(50);
      const ended = statusText();
      rmSync(folder, { recursive: true, force: true });
      return ended === '' ? NaN : Number(ended);
    },
  };
}
