import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import {
  fingerprint,
  isRunning,
  linesOf,
  lockName,
  startLeaseRun,
  stateOf,
  until,
  type LeaseTarget,
} from './lease-process.ts';
import { startStoreServer, type StoreServer } from './store-server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-lease-run-'));
let server: StoreServer;
let target: LeaseTarget;

beforeAll(async () => {
  server = await startStoreServer(folder);
  ({ target } = server);
});
beforeEach(() => {
  server.log.length = 0;
  server.refuseWith = undefined;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const methods = (): string[] => server.log.map((line) => line.split(' ')[0] ?? '');
const shell = (script: string): string[] => ['sh', '-c', script];

describe('lease run', () => {
  it('runs the command under the lock: one request to take it, one to release it', async () => {
    const { code, stdout, stderr } = await startLeaseRun(target, shell('cat; echo; echo "$0"'), {
      input: 'from stdin',
    }).ended;
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'from stdin\nsh\n', stderr: '' });
    const leases = '/apis/coordination.k8s.io/v1/namespaces/kubernaut-system/leases';
    expect(server.log).toEqual([`POST ${leases}`, `DELETE ${leases}/${lockName}`]);
  });

  it('tells the command what it holds', async () => {
    const startedMs = Date.now();
    const { stdout } = await startLeaseRun(target, ['env']).ended;
    const said = Object.fromEntries(
      stdout.split('\n').flatMap((line) => {
        const [, name, value] = /^REMEDYCTL_LEASE_(\w+)=(.*)$/.exec(line) ?? [];
        return name === undefined ? [] : [[name, value ?? '']];
      }),
    );
    expect(said).toEqual({
      NAME: lockName,
      NAMESPACE: 'kubernaut-system',
      HOLDER: expect.stringMatching(/^[^/]+\/\d+\/[0-9a-f-]{36}$/) as string,
      TOKEN: expect.stringMatching(/^\d+$/) as string,
      EXPIRES_AT: expect.stringMatching(/^[-\dT:]+\.\d{6}Z$/) as string,
    });
    const leftMs = Date.parse(said['EXPIRES_AT']!) - startedMs;
    expect(leftMs).toBeGreaterThan(29_000);
    expect(leftMs).toBeLessThan(40_000);
  });

  const plainFile = path.join(folder, 'plain');
  it.each<[string, string[], number]>([
    ['its own code', shell('exit 7'), 7],
    ['a code that means something to remedyctl', shell('exit 5'), 5],
    ['128 + the signal that ended it', shell('kill -SEGV $$'), 139],
    ['127 where there is no such program', ['remedyctl-no-such-program'], 127],
    ['127 where there is no such file', ['/no/such/file'], 127],
    ['126 where it cannot be executed', [plainFile], 126],
    ['126 for a folder', [folder], 126],
  ])('exits with %s, and the lock is free', async (_, command, exit) => {
    writeFileSync(plainFile, 'no program\n');
    chmodSync(plainFile, 0o644);
    const { code, stdout } = await startLeaseRun(target, command).ended;
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(methods()).toEqual(['POST', 'DELETE']);
  });

  it('leaves everything after the first -- to the command', async () => {
    const command = ['printf', '%s.', '--help', '--', '-o', 'json', '--dry-run', '--ttl'];
    const { code, stdout } = await startLeaseRun(target, command).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '--help.--.-o.json.--dry-run.--ttl.' });
  });

  it.each([
    ['no command', [], 'there is no command to run'],
    ['a grace that does not fit', ['--grace', '13s', '--', 'true'], 'does not fit into a lease of 30 s'],
    ['a lease too short', ['--ttl', '9s', '--', 'true'], 'not what a lease can say'],
    ['a lease of broken seconds', ['--ttl', '10.5s', '--', 'true'], 'not what a lease can say'],
    ['an unknown flag', ['--nonsense', '--', 'true'], 'nonexistent flag'],
  ])('refuses %s without a request and with nothing on stdout', async (_, args, message) => {
    const env = { ...target.env };
    const { exitCode, stdout, stderr } = await runProgram(
      ['lease', 'run', fingerprint, ...target.flags, '-o', 'json', ...args],
      { env },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(server.log).toEqual([]);
  });

  it.each([
    [[], 5],
    [['--conflict-exit-code', '75'], 75],
    [['--wait', '1s'], 5],
  ])('does not start the command while somebody else holds the lock (%j)', async (flags, exit) => {
    const holder = startLeaseRun(target, shell('echo inside; sleep 60'));
    await until('the holder is inside', () => holder.stdout() !== '');
    const { code, stdout, stderr } = await startLeaseRun(target, ['echo', 'entered'], { flags }).ended;
    holder.child.kill('SIGTERM');
    await holder.ended;
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(/holds it until [-\dT:]+\.\d+Z/);
    expect(stderr).toContain('code: LOCK_NOT_ACQUIRED');
  });

  it('waits for the lock as long as it is told', async () => {
    const holder = startLeaseRun(target, shell('echo inside; sleep 1'));
    await until('the holder is inside', () => holder.stdout() !== '');
    const waited = await startLeaseRun(target, ['echo', 'entered'], { flags: ['--wait', '1m'] }).ended;
    expect(waited).toMatchObject({ code: 0, stdout: 'entered\n' });
    expect((await holder.ended).code).toBe(0);
  });

  it('stopped while it waits, exits by the signal and leaves nothing of its own', async () => {
    const holder = startLeaseRun(target, shell('echo inside; sleep 60'));
    await until('the holder is inside', () => holder.stdout() !== '');
    server.log.length = 0;
    const waiting = startLeaseRun(target, ['echo', 'entered'], { flags: ['--wait', '1m'] });
    await until('it asks', () => methods().includes('GET'));
    waiting.child.kill('SIGHUP');
    expect(await waiting.ended).toMatchObject({ code: 129, stdout: '' });
    holder.child.kill('SIGTERM');
    expect((await holder.ended).code).toBe(143);
    expect(methods().filter((method) => method === 'DELETE')).toHaveLength(1);
  });

  it.each([
    ['SIGINT', 'INT'],
    ['SIGTERM', 'TERM'],
    ['SIGHUP', 'HUP'],
    ['SIGQUIT', 'QUIT'],
    ['SIGUSR1', 'USR1'],
    ['SIGUSR2', 'USR2'],
    ['SIGWINCH', 'WINCH'],
  ] as const)(
    'hands %s on to the command, once, and keeps the lock for as long as that runs',
    async (signal, name) => {
      const script = `trap 'echo got' ${name}; echo inside; for i in 1 2 3 4 5 6 7 8; do sleep 0.1; done; exit 9`;
      const running = startLeaseRun(target, shell(script));
      await until('it is inside', () => running.stdout() !== '');
      running.child.kill(signal);
      expect(await running.ended).toMatchObject({ code: 9, stdout: 'inside\ngot\n' });
      expect(methods()).toEqual(['POST', 'DELETE']);
    },
  );

  it.runIf(process.platform === 'linux')(
    'stops with its command at SIGTSTP, and goes on with it',
    async () => {
      const running = startLeaseRun(target, shell('echo $$; sleep 1; echo done'));
      await until('it is inside', () => running.stdout() !== '');
      const pids = [running.child.pid!, Number(running.stdout())];
      running.child.kill('SIGTSTP');
      await until('both have stopped', () => pids.every((pid) => stateOf(pid) === 'T'));
      running.child.kill('SIGCONT');
      expect(await running.ended).toMatchObject({ code: 0, stdout: `${String(pids[1])}\ndone\n` });
      expect(methods()).toEqual(['POST', 'DELETE']);
    },
  );

  it('ended by a signal that the command does not catch, exits as a shell would say it', async () => {
    // a shell that gets the signal while it starts a process lets that one run on, and dies after it: hence exec
    const running = startLeaseRun(target, shell('echo inside; exec sleep 60'));
    await until('it is inside', () => running.stdout() !== '');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(methods()).toEqual(['POST', 'DELETE']);
  });

  it('warns and keeps the code of the command when the lock cannot be released', async () => {
    const running = startLeaseRun(target, shell('echo inside; sleep 0.5; exit 3'), {
      flags: ['--ttl', '10s'],
    });
    await until('it is inside', () => running.stdout() !== '');
    server.refuseWith = 500;
    const { code, stderr } = await running.ended;
    expect(code).toBe(3);
    expect(stderr).toContain('was not released and expires by itself');
    server.refuseWith = undefined;
    await startLeaseRun(target, ['true'], { flags: ['--wait', '30s'] }).ended;
  });

  it('stops everything the command started when renewals fail for good: SIGTERM, then SIGKILL, before the lease expires', async () => {
    const file = path.join(folder, 'stubborn');
    const deaf = `trap 'echo "term $(date +%s%3N)" >> ${file}' TERM
      (trap '' TERM; while :; do date +%s%3N >> ${file}.child; sleep 0.05; done) &
      echo $! > ${file}.pid; echo inside
      while :; do date +%s%3N >> ${file}.alive; sleep 0.05; done`;
    const running = startLeaseRun(target, shell(deaf), { flags: ['--ttl', '10s', '--grace', '1s'] });
    const startedMs = Date.now();
    await until('it is inside', () => running.stdout() !== '');
    server.refuseWith = 503;
    const { code, stderr } = await running.ended;
    server.refuseWith = undefined;
    expect(code).toBe(5);
    expect(stderr).toContain('code: LOCK_LOST');
    expect(linesOf(file)).toHaveLength(1);
    const lastAlive = Math.max(...[...linesOf(`${file}.alive`), ...linesOf(`${file}.child`)].map(Number));
    // No renewal was acknowledged: the lease runs from its acquisition, which came after the start.
    expect(lastAlive).toBeLessThan(startedMs + 10_000);
    expect(isRunning(Number(linesOf(`${file}.pid`)[0]))).toBe(false);
    await startLeaseRun(target, ['true'], { flags: ['--wait', '30s'] }).ended;
  });
});
