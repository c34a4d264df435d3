import { spawn } from 'node:child_process';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { Readable as ReadableStream } from 'node:stream';

export const program = path.resolve(import.meta.dirname, '../../bin/remedyctl.cjs');
const reportUsage = path.join(import.meta.dirname, 'report-usage.cjs');

/** What a program used: the most memory it ever held, and its processor time, user and system. */
export interface Usage {
  exitCode: number | null;
  maxRssKib: number;
  cpuMs: number;
  stderr: string;
}

/**
 * Runs the built remedyctl over an input that need not fit into memory; `onOutput` gets stdout as it comes.
 * The environment is only PATH and what is given.
 */
export async function runMeasured(
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    input?: Iterable<Buffer>;
    onOutput?: (chunk: Buffer) => void;
    /** Another build's. */
    program?: string;
  } = {},
): Promise<Usage> {
  const child = spawn(process.execPath, ['--require', reportUsage, options.program ?? program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  let report = '';
  child.stdout.on('data', (chunk: Buffer) => {
    options.onOutput?.(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  (child.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => (report += text));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A program that does not read its input to the end closes the pipe.
  await pipeline(ReadableStream.from(options.input ?? []), child.stdin).catch(() => undefined);
  const exitCode = await closed;
  return { exitCode, stderr, ...(JSON.parse(report) as Pick<Usage, 'maxRssKib' | 'cpuMs'>) };
}
