import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint, isRunning, parentOf, program, until } from './lease-process.ts';
import { startStoreServer, type StoreServer } from './store-server.ts';

/** script(1) of util-linux gives a program a terminal of its own. */
const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe.skipIf(!hasTerminals)('lease run in a terminal', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-terminal-'));
  let server: StoreServer;
  beforeAll(async () => {
    server = await startStoreServer(folder);
  });
  beforeEach(() => {
    server.log.length = 0;
    server.refuseWith = undefined;
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** `$RUN` is `lease run KEY FLAGS --`, `$SCRIPT` the script, for a shell with job control as an interactive one has it. */
  function inTerminal(line: string, script = '') {
    const { env, flags } = server.target;
    const run = [
      process.execPath,
      program,
      'lease',
      'run',
      fingerprint,
      ...flags,
      '--ttl',
      '10s',
      '--wait',
      '30s',
      '--',
    ].join(' ');
    const child: ChildProcess = spawn('script', ['-qefc', `bash -c 'set -m; ${line}'`, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', ...env, RUN: run, SCRIPT: script, SHELL: '/bin/sh' },
    });
    let shown = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (shown += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return {
      shown: () => shown,
      type: (keys: string) => child.stdin?.write(keys),
      ended,
    };
  }
  const methods = (): string[] => server.log.map((entry) => entry.split(' ')[0] ?? '');

  it('lets the command read from the terminal and know its size', async () => {
    const terminal = inTerminal(
      `stty cols 77 rows 11; $RUN sh -c "read word </dev/tty; echo got \\$word; stty size; test -t 0 && echo stdin"`,
    );
    await until('the lock is taken', () => methods().includes('POST'));
    terminal.type('hello\n');
    expect(await terminal.ended).toBe(0);
    expect(terminal.shown()).toContain('got hello');
    expect(terminal.shown()).toContain('11 77');
    expect(terminal.shown()).toContain('stdin');
    expect(methods()).toEqual(['POST', 'DELETE']);
  });

  it('leaves Ctrl-C to the command, which gets it once, however often it is pressed', async () => {
    const script = `trap "echo got int" INT; echo inside; n=0; while [ $n -lt 25 ]; do n=$((n+1)); sleep 0.1; done; exit 9`;
    const terminal = inTerminal('$RUN sh -c "$SCRIPT"; echo ended with $?', script);
    await until('it is inside', () => terminal.shown().includes('inside'));
    for (let pressed = 1; pressed <= 3; pressed += 1) {
      terminal.type('\x03');
      await until('it got that', () => terminal.shown().split('got int').length === pressed + 1);
      await pause(200);
    }
    await terminal.ended;
    expect(terminal.shown()).toContain('ended with 9');
    expect(terminal.shown().split('got int')).toHaveLength(4);
    expect(methods()).toEqual(['POST', 'DELETE']);
  });

  it('stops and goes on with the command at Ctrl-Z and fg, its lock kept', async () => {
    const terminal = inTerminal('$RUN cat; echo stopped with $?; fg >/dev/null; echo ended with $?');
    await until('the lock is taken', () => methods().includes('POST'));
    terminal.type('one\n');
    await until('it is inside', () => terminal.shown().split('one').length === 3);
    terminal.type('\x1a');
    await until('it goes on', () => terminal.shown().includes('stopped with 148'));
    terminal.type('two\n');
    await until('it goes on', () => terminal.shown().split('two').length === 3);
    terminal.type('\x04');
    await terminal.ended;
    expect(terminal.shown()).toContain('ended with 0');
    expect(methods().at(-1)).toBe('DELETE');
  });

  it('ends the command when it is itself killed with SIGKILL', async () => {
    const terminal = inTerminal('$RUN sh -c "echo pid \\$\\$; exec sleep 300"; echo ended with $?');
    await until('it is inside', () => /pid \d+/.test(terminal.shown()));
    const pid = Number(/pid (\d+)/.exec(terminal.shown())?.[1]);
    process.kill(parentOf(pid), 'SIGKILL');
    await until('the command is gone', () => !isRunning(pid), 8000);
    await terminal.ended;
    expect(terminal.shown()).toContain('ended with 137');
  });

  it('stops what the command started too when the lock is lost', async () => {
    const pids = path.join(folder, 'pids');
    const script = `(sleep 300 & echo $! > ${pids}; wait) & echo inside; wait`;
    const terminal = inTerminal('$RUN sh -c "$SCRIPT"; echo ended with $?', script);
    await until('it is inside', () => terminal.shown().includes('inside'), 30_000);
    server.refuseWith = 503;
    await terminal.ended;
    expect(terminal.shown()).toContain('ended with 5');
    expect(isRunning(Number(readFileSync(pids, 'utf8')))).toBe(false);
  });
});
