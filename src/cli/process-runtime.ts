import { RealClock } from '../time/real-clock.ts';
import { SystemRandom } from '../time/system-random.ts';
import { isReaderGone } from './closed-reader.ts';
import { errorText } from './error-report.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { endInOrder } from './process-end.ts';
import type { Interruption, Runtime } from './runtime.ts';
import { StopRequest } from './stop-request.ts';
import { assumeSize } from './terminal-size.ts';
import { once } from '../time/once.ts';

declare const __REMEDYCTL_VERSION__: string;

/**
 * The Runtime of a real process. The first SIGINT, SIGTERM or SIGHUP aborts `signal`, so that what is
 * held is released; the second SIGINT ends the process at once. After a SIGHUP the process dies by it in the end.
 */
export function createProcessRuntime(bin: string, startNotice?: string): Runtime {
  const controller = new AbortController();
  let interruption: Interruption | undefined;
  let ignored = false;
  let outlives = false;
  const interrupt = (by: Interruption): void => {
    if (ignored) return;
    if (interruption === 'SIGINT' && by === 'SIGINT') process.exit(exitCodes.interrupted);
    // a terminal that closes fails the next write, and sends its SIGHUP
    if (interruption === undefined || (interruption === 'output closed' && by === 'SIGHUP'))
      interruption = by;
    controller.abort(new StopRequest(by));
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interrupt(name);
    });
  }
  ignoreClosedPipe(process.stdout, ({ code }) => {
    // EIO: the terminal has hung up, and its SIGHUP may be on the way
    if (code === 'EIO') interrupt('SIGHUP');
    else if (!outlives) interrupt('output closed');
  });
  ignoreClosedPipe(process.stderr, () => undefined);
  for (const stream of [process.stdout, process.stderr]) assumeSize(stream);
  const stdin = once(() => {
    const { isTTY } = process.stdin;
    process.stdin.on('error', (error: NodeJS.ErrnoException) => {
      // read before the SIGHUP of a closed terminal is noticed
      if (isTTY && error.code === 'EIO') interrupt('SIGHUP');
    });
    return process.stdin;
  });
  endInOrder(() => interruption === 'SIGHUP');
  hideExperimentalWarnings();
  process.on('uncaughtException', exitWithBug);
  process.on('unhandledRejection', exitWithBug);
  return {
    bin,
    version: __REMEDYCTL_VERSION__,
    startNotice,
    env: process.env,
    cwd: process.cwd(),
    get stdin() {
      return stdin();
    },
    stdout: process.stdout,
    stderr: process.stderr,
    clock: new RealClock(),
    random: new SystemRandom(),
    signal: controller.signal,
    interruption: () => interruption,
    ignoreInterruption: () => {
      ignored = true;
    },
    outliveReader: () => {
      outlives = true;
    },
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}

/** That a library calls a part of it experimental (undici its SOCKS5 proxies) is nothing a user could act on. */
function hideExperimentalWarnings(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    for (const print of printers) print.call(process, warning);
  });
}

/** What nobody caught is a bug; Node's own report would print a whole line of the bundle. */
function exitWithBug(thrown: unknown): void {
  process.stderr.write(errorText(thrown, { version: __REMEDYCTL_VERSION__, verbose: true }));
  process.exit(exitCodeOf(thrown));
}

/**
 * A command that waits for what will never come ends as a bug, not as done: Node ends a process that has nothing left to
 * wait for with 0. Returns what is to be called when the command has ended.
 */
export function failWhenIdle(): () => void {
  const onIdle = (): void => {
    exitWithBug(new Error('the command has not ended, and nothing is left that it could wait for'));
  };
  process.once('beforeExit', onIdle);
  return () => {
    process.removeListener('beforeExit', onIdle);
  };
}

/**
 * `| head` closes the pipe, a person the terminal; that is no error, but the end of a work that is there to be read. Any
 * other failure reaches the writer.
 */
function ignoreClosedPipe(
  stream: NodeJS.WriteStream,
  onClosed: (error: NodeJS.ErrnoException) => void,
): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isReaderGone(error, stream)) onClosed(error);
  });
}
