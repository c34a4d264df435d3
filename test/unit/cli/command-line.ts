import { Readable } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runProgram } from '../../../src/cli/run-program.ts';
import type { Interruption, Runtime } from '../../../src/cli/runtime.ts';
import { commandTable } from '../../../src/commands/command-table.ts';
import type { Clock } from '../../../src/time/clock.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { MemoryStream } from './memory-stream.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A home folder of its own, in which command lines run in process: no cluster, no configuration, no store. */
export class CommandLine {
  readonly home = mkdtempSync(path.join(tmpdir(), 'remedyctl-cli-'));
  env: Record<string, string | undefined> = {};

  get store(): string {
    return path.join(this.home, '.local/share/remedyctl/store');
  }

  async run(argv: string[], options: RunOptions = {}): Promise<Ran> {
    const stdout = options.stdout ?? new MemoryStream();
    const stderr = options.stderr ?? new MemoryStream();
    const exitCodes: number[] = [];
    const runtime: Runtime = {
      ...this.runtime({ ...options, stdout, stderr }),
      setExitCode: (code) => {
        exitCodes.push(code);
      },
    };
    const code = await runProgram(argv, commandTable, runtime);
    if (exitCodes.at(-1) !== code) throw new Error('the exit code was not set');
    return { code, stdout: stdout.text, stderr: stderr.text };
  }

  /** What a command line runs with. */
  runtime(options: RunOptions & { stderr?: MemoryStream } = {}): Runtime {
    return {
      bin: options.bin ?? 'remedyctl',
      version: '1.2.3',
      env: { HOME: this.home, ...this.env },
      cwd: this.home,
      stdin: Object.assign(Readable.from([Buffer.from(options.stdin ?? '')]), { isTTY: false }),
      stdout: options.stdout ?? new MemoryStream(),
      stderr: options.stderr ?? new MemoryStream(),
      clock: options.clock ?? new RealClock(),
      random: new SystemRandom(),
      signal: options.signal ?? new AbortController().signal,
      interruption: options.interruption ?? ((): undefined => undefined),
      ignoreInterruption: () => undefined,
      outliveReader: () => undefined,
      setExitCode: () => undefined,
    };
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export interface RunOptions {
  bin?: string;
  stdin?: string | Buffer;
  clock?: Clock;
  stdout?: MemoryStream;
  stderr?: MemoryStream;
  signal?: AbortSignal;
  interruption?: () => Interruption | undefined;
}
