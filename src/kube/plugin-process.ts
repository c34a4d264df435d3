import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { textOfBytes } from '../files/read-text.ts';
import type { Clock } from '../time/clock.ts';
import type { PluginCommand, PluginResult } from './kube-host.ts';

/** A credential is a few kilobytes; a plugin that goes on printing is none. */
const largestOutputBytes = 4 * 1024 * 1024;
/** Between asking it to end and making it. */
const graceMs = 300;

/**
 * Runs a credential plugin to its end and collects its stdout. A plugin that takes too long or prints too much is
 * killed, with all that it started, and so is one that runs when the signal aborts, whose reason is then thrown, or when
 * this process ends. One that talks to the user stays in the group of the terminal, and of it only the plugin itself is
 * killed.
 */
export async function runPluginProcess(plugin: PluginCommand, clock: Clock): Promise<PluginResult> {
  const child = spawn(plugin.command, [...plugin.args], {
    env: plugin.env,
    stdio: [plugin.interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    windowsHide: true,
    detached: !plugin.interactive && process.platform !== 'win32',
  });
  const running = new RunningPlugin(child, plugin);
  const over = new AbortController();
  try {
    return await Promise.race([
      running.result(),
      running.stopped(plugin.signal, over.signal),
      running.late(plugin.timeoutMs ?? 0, clock, over.signal),
    ]);
  } finally {
    over.abort();
    await running.end(clock);
  }
}

class RunningPlugin {
  readonly #child: ChildProcess;
  readonly #stdout: Readable;
  readonly #inGroup: boolean;
  readonly #closed: Promise<number | null>;
  #state: 'running' | 'closed' = 'running';
  readonly #killAtExit = (): void => {
    this.#kill('SIGKILL');
  };

  constructor(child: ChildProcess & { stdout: Readable }, { interactive }: PluginCommand) {
    this.#child = child;
    this.#stdout = child.stdout;
    this.#inGroup = !interactive && process.platform !== 'win32';
    this.#closed = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    this.#closed.then(
      () => (this.#state = 'closed'),
      () => (this.#state = 'closed'),
    );
    process.once('exit', this.#killAtExit);
  }

  async result(): Promise<PluginResult> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of this.#stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > largestOutputBytes) return killedFor('output');
      chunks.push(chunk);
    }
    return { stdout: printed(Buffer.concat(chunks)), exitCode: await this.#closed };
  }

  stopped(signal: AbortSignal | undefined, over: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      signal?.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error);
        },
        { once: true, signal: over },
      );
    });
  }

  async late(timeoutMs: number, clock: Clock, over: AbortSignal): Promise<PluginResult> {
    if (timeoutMs === 0) return new Promise(() => undefined);
    await clock.sleep(timeoutMs, over);
    return killedFor('timeout');
  }

  /** Nothing of it is left after this, nor does anything wait for it: what it started may hold its stdout open. */
  async end(clock: Clock): Promise<void> {
    if (this.#isRunning()) {
      this.#kill('SIGTERM');
      const over = new AbortController();
      const closed = this.#closed.then(
        () => undefined,
        () => undefined,
      );
      await Promise.race([closed, clock.sleep(graceMs, over.signal).catch(() => undefined)]);
      over.abort();
      if (this.#isRunning()) this.#kill('SIGKILL');
      this.#stdout.destroy();
    }
    process.removeListener('exit', this.#killAtExit);
  }

  #isRunning(): boolean {
    return this.#state === 'running';
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(this.#inGroup ? -pid : pid, signal);
    } catch {
      // it has ended meanwhile
    }
  }
}

/** What is no text is no credential: nothing is left of it. */
function printed(bytes: Buffer): string {
  try {
    return textOfBytes(bytes);
  } catch {
    return '';
  }
}

function killedFor(killed: 'timeout' | 'output'): PluginResult {
  return { stdout: '', exitCode: null, killed };
}
