import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/**
 * A program that does not outlive this process, however that ends.
 *
 * Guarantees: the program runs in a process group of its own, led by a shell that holds the read end of a pipe
 * from us. When the pipe closes (we exited, crashed or were killed with SIGKILL) the shell kills the group; when
 * the program ends by itself the shell goes too, so `exited` is about the program.
 */
export interface GuardedProcess {
  readonly name: string;
  readonly exited: Promise<void>;
  isRunning(): boolean;
  /** Sends a signal to the program itself, not to its guard: one that is stopped still dies with this process. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** The last lines that the program wrote. */
  lastLines(): string;
  stop(): Promise<void>;
}

/** The program's own process writes down its id, and becomes the program. */
const numbered = 'echo $$ >"$0"; exec "$@"';
const guard = `{ /bin/sh -c '${numbered}' "$@" </dev/null; kill -KILL 0; } & cat >/dev/null; kill -KILL 0`;

const running = new Set<ChildProcess>();

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

process.once('exit', () => {
  running.forEach(killGroup);
});

/** Starts `program`, its output going to `logFile`. */
export function startGuarded(
  name: string,
  program: string,
  args: readonly string[],
  logFile: string,
): GuardedProcess {
  const log = openSync(logFile, 'a');
  const idFile = `${logFile}.pid`;
  const child = spawn('/bin/sh', ['-c', guard, name, idFile, program, ...args], {
    detached: true,
    stdio: ['pipe', log, log],
  });
  closeSync(log);
  running.add(child);
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('exit', () => {
      running.delete(child);
      resolve();
    });
  });
  return {
    name,
    exited,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (signalName) => {
      process.kill(Number(readFileSync(idFile, 'utf8')), signalName);
    },
    lastLines: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n'),
    async stop() {
      killGroup(child);
      await exited;
    },
  };
}
