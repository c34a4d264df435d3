import { spawn } from 'node:child_process';

export interface ProcessResult {
  /** Null where a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, or until `endsAfterMs` with SIGINT. The environment is what is given. */
export function runProcess(
  command: string,
  args: readonly string[],
  options: { env: Record<string, string>; input?: string; endsAfterMs?: number },
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: options.env });
    const { endsAfterMs } = options;
    const end = endsAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), endsAfterMs);
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.once('error', reject).once('close', (exitCode) => {
      clearTimeout(end);
      resolve({ exitCode, ...output });
    });
    child.stdin.on('error', () => undefined).end(options.input ?? '');
  });
}
