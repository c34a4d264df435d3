import type { Readable, Writable } from 'node:stream';
import type { Config } from '@oclif/core/config';
import type { Clock } from '../time/clock.ts';
import type { Random } from '../time/random.ts';

/** A stream that may be a terminal. */
export type OutputStream = Writable & { isTTY?: boolean; columns?: number };
export type InputStream = Readable & { isTTY?: boolean };

/**
 * Everything of the process that a command may touch. Commands get it injected, so that a test runs them
 * in process with streams, an environment and a clock of its own.
 */
export interface Runtime {
  /** The name that help shows: `remedyctl` or `kubectl remedy`. */
  bin: string;
  version: string;
  /** What the start of the program has to say, under -v only: why there is no code cache. */
  startNotice?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  clock: Clock;
  random: Random;
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP, and, of a command that writes nothing, when nobody reads stdout any more. */
  signal: AbortSignal;
  /** What stopped the program, once `signal` is aborted. */
  interruption: () => Interruption | undefined;
  /** From now on SIGINT, SIGTERM and SIGHUP do not stop the program; for a command that hands them on to another process. */
  ignoreInterruption: () => void;
  /** From now on a closed stdout ends the printing alone, not what is being done; for a command that writes. */
  outliveReader: () => void;
  /** The code with which the process will exit. */
  setExitCode: (code: number) => void;
}

export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'output closed';

const runtimes = new WeakMap<Config, Runtime>();

/** Hands `runtime` to every command that `config` will run. */
export function attachRuntime(config: Config, runtime: Runtime): void {
  runtimes.set(config, runtime);
}

export function runtimeOf(config: Config): Runtime {
  const runtime = runtimes.get(config);
  if (runtime === undefined) throw new Error('this oclif Config was made without a Runtime');
  return runtime;
}
