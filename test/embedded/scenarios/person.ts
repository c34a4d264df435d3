/**
 * A person at a terminal of 80 columns who knows nothing of remedyctl but what it prints: what is typed is either where
 * the scenario begins, or a command as the screen has it, to the letter.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { TerminalScreen } from '../../support/terminal-screen.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/remedyctl.cjs');
const size = { columns: 80, rows: 24 };
/** A line that the terminal broke is one again when it is copied; one that the program broke is not. */
const unbroken = 10_000;

/** A command is what a line ends with, alone on it or after a colon: it is copied to the end of the line. */
const commandAtEnd = /(?:^\s*|: +|> )((?:remedyctl|kubectl) [a-z].*)$/;

/** The end of a question, with what it wants typed. */
const question = /\[(?:type (?<word>\S+) to go on|(?<yes>y)\/N)\] $/;

const hungMs = 60_000;

/** What a command left on the screen. */
export class Shown {
  readonly exitCode: number;
  readonly lines: readonly string[];

  constructor(exitCode: number, lines: readonly string[]) {
    this.exitCode = exitCode;
    this.lines = lines;
  }

  get text(): string {
    return this.lines.join('\n');
  }

  /** The first command on the screen that begins so. */
  command(beginning: string): string {
    const commands = this.lines.flatMap((line) => commandAtEnd.exec(line)?.[1] ?? []);
    const found = commands.find((command) => command === beginning || command.startsWith(`${beginning} `));
    expect(found, `no command ${beginning} … to copy from this screen:\n${this.text}`).toBeDefined();
    return found ?? '';
  }
}

/** A folder to work in with an embedded store of its own, and a shell that has `remedyctl` on its PATH. */
export class Person {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-person-'));
  readonly env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>> = { REMEDYCTL_TARGET: 'embedded' }) {
    const bin = path.join(this.folder, 'bin');
    mkdirSync(bin);
    this.env = {
      ...env,
      HOME: this.folder,
      SHELL: '/bin/sh',
      TERM: 'xterm',
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    };
    this.has('bin/remedyctl', `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(path.join(bin, 'remedyctl'), 0o755);
  }

  leaves(): void {
    // a program that was killed may leave its last file while the folder goes
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A file in the folder. */
  has(name: string, content: string | object): void {
    writeFileSync(
      path.join(this.folder, name),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }

  /** Types a line, agrees to every question in the words that it asks for, and waits for the prompt. */
  types(line: string): Promise<Shown> {
    const { child, screen } = this.#starts(line);
    return new Promise((resolve, reject) => {
      const hung = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error(`it does not end: ${line}\n${screen.lines.join('\n')}`));
      }, hungMs);
      child.once('error', reject);
      child.once('close', (code) => {
        clearTimeout(hung);
        resolve(new Shown(code ?? -1, screen.lines));
      });
    });
  }

  /** The same, with how it has to end. */
  async typesAndSees(exitCode: number, line: string): Promise<Shown> {
    const shown = await this.types(line);
    expect(shown.exitCode, `${line}\n${shown.text}`).toBe(exitCode);
    return shown;
  }

  /** Types a line; once it is time the program is gone, as when the machine runs out of memory. */
  async typesAndIsKilled(line: string, isTime: () => boolean): Promise<void> {
    const { child } = this.#starts(`exec ${line}`);
    const ended = once(child, 'close');
    await expect.poll(isTime, { timeout: hungMs, interval: 20 }).toBe(true);
    const own = await readFile(`/proc/${child.pid ?? 0}/task/${child.pid ?? 0}/children`, 'utf8');
    for (const pid of own.trim().split(' ')) process.kill(Number(pid), 'SIGKILL');
    await ended;
  }

  #starts(line: string): { child: ChildProcessWithoutNullStreams; screen: TerminalScreen } {
    const { columns, rows } = size;
    const command = `stty cols ${columns} rows ${rows}; ${line}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: this.folder, env: this.env });
    const screen = new TerminalScreen({ ...size, columns: unbroken });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen.write(text);
      const asked = question.exec(text)?.groups;
      if (asked !== undefined) child.stdin.write(`${asked['word'] ?? asked['yes'] ?? ''}\n`);
    });
    return { child, screen };
  }
}
