import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RealClock } from '../../src/time/real-clock.ts';

const clock = new RealClock();

/** Whether a program of this name can be started. */
export function isThere(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

export type WindowShell = 'bash' | 'zsh' | 'fish';

const starts: Readonly<Record<WindowShell, (rc: string) => string>> = {
  bash: (rc) => `bash --noprofile --rcfile '${rc}' -i`,
  // by ZDOTDIR
  zsh: () => 'zsh -i',
  fish: (rc) => `fish --no-config -i -C "source '${rc}'"`,
};

/** A real shell on a terminal of 100x30, by tmux with a server of its own: keys go in, and the screen is what it shows. */
export class ShellWindow {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-window-'));
  readonly #shell: WindowShell;
  #isNew = true;

  /** `setUp`: what the shell runs first. */
  constructor(shell: WindowShell, { setUp, cwd, env }: WindowOptions) {
    this.#shell = shell;
    const rc = path.join(this.#folder, '.zshrc');
    writeFileSync(rc, `${prompts[shell]}\n${setUp}\n`);
    const words = Object.entries({ ...env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', ZDOTDIR: this.#folder })
      .map(([name, value]) => `${name}='${value}'`)
      .join(' ');
    this.#tmux(
      'new-session',
      '-d',
      '-s',
      'w',
      '-x',
      '100',
      '-y',
      '30',
      '-c',
      cwd,
      `env -u KUBECONFIG ${words} ${starts[shell](rc)}`,
    );
  }

  /** Types on an empty line, keys such as Tab included, and waits until the screen has what is expected. */
  async type(text: string, keys: readonly string[], expected: RegExp): Promise<string> {
    // what is typed before the first prompt would end what the shell runs first
    if (this.#isNew) await this.#until(/^>$/);
    this.#isNew = false;
    this.#tmux('send-keys', '-t', 'w', 'C-c');
    await this.#until(/(^|\n)>$/);
    this.#tmux('send-keys', '-t', 'w', 'C-l');
    await this.#until(/^>$/);
    this.#tmux('send-keys', '-t', 'w', '-l', text);
    await this.#until(/^> ./);
    for (const key of keys) {
      this.#tmux('send-keys', '-t', 'w', key);
      // a shell that is still at work on one Tab may drop the next
      if (keys.length > 1) await clock.sleep(2_000);
    }
    return this.#until(expected);
  }

  close(): void {
    this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #until(expected: RegExp): Promise<string> {
    let screen = '';
    for (let left = 100; left > 0; left -= 1) {
      screen = this.#tmux('capture-pane', '-p', '-t', 'w').replace(/\n+$/, '');
      if (expected.test(screen)) return screen;
      await clock.sleep(100);
    }
    throw new Error(`${this.#shell} shows, in place of ${String(expected)}:\n${screen}`);
  }

  #tmux(...words: string[]): string {
    const socket = path.join(this.#folder, 'tmux');
    return execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...words], { encoding: 'utf8' });
  }
}

interface WindowOptions {
  setUp: string;
  cwd: string;
  env: Readonly<Record<string, string>>;
}

const prompts: Readonly<Record<WindowShell, string>> = {
  bash: "PS1='> '",
  zsh: "PS1='> '",
  fish: "function fish_prompt; echo -n '> '; end; function fish_greeting; end",
};
