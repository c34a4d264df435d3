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
}

export interface PluginResult {
  stdout: string;
  /** Null when a signal ended it. */
  exitCode: number | null;
}

/** What reaching a cluster needs of the machine; nothing in this folder reads it by itself. */
export interface KubeHost {
  env: Environment;
  homeDirectory: string;
  clock: Clock;
  /** A terminal is on stdin and nothing else of this run reads it. */
  stdinIsTerminal: () => boolean;
  /** UTF-8 text; rejects with Node's errno errors. */
  readFile(path: string): Promise<string>;
  /** Rejects with Node's errno errors when the program cannot start. */
  runPlugin(command: PluginCommand): Promise<PluginResult>;
}
