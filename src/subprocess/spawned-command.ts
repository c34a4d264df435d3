import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { RemedyError } from '../errors/remedy-error.ts';
import type { Subject, SubjectEnd, SubjectRequest } from '../lease/run-subject.ts';
import { guardCommand, type CommandGuard } from './command-guard.ts';
import { ProcessTree } from './process-tree.ts';

/** Which command, and how it is ended. */
export interface CommandOptions {
  /** The program, by name or path, and its arguments; no shell. */
  command: readonly [string, ...string[]];
  env: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL where this process dies, milliseconds. */
  graceMs: number;
}

const signalOf: Readonly<Record<SubjectRequest, NodeJS.Signals>> = {
  terminate: 'SIGTERM',
  kill: 'SIGKILL',
  freeze: 'SIGSTOP',
  thaw: 'SIGCONT',
};

/**
 * A command with our standard streams. With a controlling terminal it stays in our process group: only so does it
 * own the terminal's keys and may read from it, since Node.js cannot make another group the foreground one.
 * Without one it leads a session of its own, whose group is signalled as a whole.
 */
export class SpawnedCommand implements Subject {
  readonly ownSession = !hasTerminal();
  readonly ended: Promise<SubjectEnd>;
  readonly #options: CommandOptions;
  #child: ChildProcess | undefined;
  #guard: CommandGuard | undefined;
  #tree: ProcessTree | undefined;
  #resolveEnded: (end: SubjectEnd) => void = () => undefined;

  constructor(options: CommandOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  /** What of it can be signalled; absent before the start. */
  get tree(): ProcessTree | undefined {
    return this.#tree;
  }

  /** To be called once. Throws COMMAND_NOT_STARTED. */
  async start(): Promise<void> {
    const { command, env, graceMs } = this.#options;
    const [file, ...args] = command;
    const { ownSession } = this;
    try {
      const child = spawn(file, args, { stdio: 'inherit', env, detached: ownSession });
      this.#child = child;
      if (child.pid !== undefined) {
        this.#tree = new ProcessTree(child.pid, { ownSession });
        this.#guard = guardCommand(child.pid, { ownSession, graceMs, path: env['PATH'] });
      }
      child.once('exit', (code, signal) => {
        this.#guard?.dismiss();
        this.#resolveEnded(signal === null ? { exitCode: code ?? 0 } : { signal });
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve).once('error', reject);
      });
    } catch (cause) {
      throw notStarted(file, cause);
    }
  }

  ask(request: SubjectRequest): void {
    this.#tree?.signalAll(signalOf[request]);
  }

  isGone(): boolean {
    return this.#tree?.isGone() ?? true;
  }

  /** Lets this process end although the command did not. */
  leave(): void {
    this.#child?.unref();
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

const notFound: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR']);

function notStarted(file: string, cause: unknown): RemedyError {
  const { code } = cause as NodeJS.ErrnoException;
  const found = !notFound.has(code);
  const why = found ? `it cannot be executed (${code ?? String(cause)})` : 'there is no such program';
  return new RemedyError('COMMAND_NOT_STARTED', `cannot start "${file}": ${why}`, {
    hint: found ? 'check its permissions and that it is a program' : 'check its name and PATH',
    details: { command: file, found },
    cause,
  });
}
