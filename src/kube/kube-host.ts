import type { Clock } from '../time/clock.ts';
import type { Environment } from './go-proxy.ts';

/** A credential plugin to run, with everything about it decided. */
export interface PluginCommand {
  /** An absolute path, or a name to look for in PATH. */
  command: string;
  args: readonly string[];
  env: Environment;
  /** The plugin may talk to the user: it inherits stdin. Its stderr is always the user's. */
  interactive: boolean;
  /** It is killed after this many milliseconds; 0 or absent: never. */
  timeoutMs?: number | undefined;
  /** Kills it when it aborts; a plugin that starts later is none of its business. */
  signal?: AbortSignal | undefined;
}

/** How a credential plugin ended. */
export interface PluginResult {
  stdout: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
  /** Why it was killed: it took longer than `timeoutMs`, or printed more than any credential has. */
  killed?: 'timeout' | 'output' | undefined;
}

/** What reaching a cluster needs of the machine; nothing in this folder reads it by itself. */
export interface KubeHost {
  env: Environment;
  homeDirectory: string;
  clock: Clock;
  /** A terminal is on stdin and nothing else of this run reads it. */
  stdinIsTerminal: () => boolean;
  /** How long a credential plugin may take, in milliseconds; 0 or absent: for ever. */
  pluginTimeoutMs?: number | undefined;
  /** Ends what waits when it aborts: a file nobody writes, a credential plugin. What begins later goes on. */
  signal?: AbortSignal | undefined;
  /** UTF-8 text, or marked UTF-16; rejects with Node's errno errors. */
  readFile(path: string): Promise<string>;
  /** Rejects with Node's errno errors when the program cannot start. */
  runPlugin(command: PluginCommand): Promise<PluginResult>;
}
