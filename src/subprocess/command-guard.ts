import { spawn, type ChildProcess } from 'node:child_process';

/**
 * The end of the command when remedyctl itself is killed: a shell that waits for a word from us and, when the pipe
 * closes without one, sends SIGTERM and after the grace period SIGKILL. What the kernel closes for us at any end
 * needs no handler, so it works for SIGKILL too, and while the lease still has that much time.
 *
 * Guarantee: it ends nothing once `dismiss` was called.
 * Non-guarantees: it reaches the command's process group where that is its own, else the command alone; a
 * remedyctl that is stopped and not killed keeps the pipe open; without /bin/sh there is no guard.
 */
export interface CommandGuard {
  dismiss(): void;
}

const script = `
read -r word && exit 0
kill -s TERM -- "$1" 2>/dev/null
left=$2
while [ "$left" -gt 0 ] && kill -s 0 -- "$1" 2>/dev/null; do
  sleep 1
  left=$((left - 1))
done
kill -s KILL -- "$1" 2>/dev/null
`;

/**
 * Sets a guard on a command.
 *
 * @param pid the command's, which leads its process group where `ownSession` is true.
 * @param options.graceMs between SIGTERM and SIGKILL, milliseconds, cut to whole seconds.
 * @param options.path PATH of the guard's shell; default /usr/bin:/bin.
 */
export function guardCommand(
  pid: number,
  options: { ownSession: boolean; graceMs: number; path: string | undefined },
): CommandGuard {
  const target = options.ownSession ? `-${pid}` : String(pid);
  const seconds = String(Math.floor(options.graceMs / 1000));
  const guard: ChildProcess = spawn('/bin/sh', ['-c', script, 'remedyctl-guard', target, seconds], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of reach of the signals that end us.
    detached: true,
    cwd: '/',
    env: { PATH: options.path ?? '/usr/bin:/bin' },
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  return {
    dismiss: () => {
      guard.stdin?.end('done\n');
    },
  };
}
