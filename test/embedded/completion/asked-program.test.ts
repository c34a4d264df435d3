import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RealClock } from '../../../src/time/real-clock.ts';
import { runProgram, type ProgramResult } from '../../support/built-program.ts';

let home: string;
let env: Record<string, string>;
let server: Server;
const sockets = new Set<Socket>();

beforeEach(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'remedyctl-asked-'));
  env = { HOME: home };
  // takes connections and answers nothing
  server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  rmSync(home, { recursive: true, force: true });
});

function kubeconfig(scheme: string, user: object): string {
  const { port } = server.address() as AddressInfo;
  const file = path.join(home, 'kubeconfig');
  const config = {
    'current-context': 'prod',
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }],
    clusters: [{ name: 'prod', cluster: { server: `${scheme}://127.0.0.1:${port}` } }],
    users: [{ name: 'me', user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function timed(words: string[]): Promise<ProgramResult & { ms: number }> {
  const clock = new RealClock();
  const start = clock.monotonicMs();
  return { ...(await runProgram(['__complete', ...words], { env })), ms: clock.monotonicMs() - start };
}

const nothing = { exitCode: 0, stdout: ':4\n', stderr: '' };

// a machine under load may need longer for names than a person is kept waiting
describe('the program that a shell asks', { retry: 2 }, () => {
  it.each(['http', 'https'])('waits 300 ms for a server that never answers: %s', async (scheme) => {
    const file = kubeconfig(scheme, { token: 'x' });
    const line = ['--kubeconfig', file, '--request-timeout', '60s', 'request', 'get', ''];
    // the first start compiles
    await timed(line);
    const local = await timed(['--kubeconfig', file, '--context', '']);
    expect(local).toMatchObject({ exitCode: 0, stdout: 'prod\tprod\n:4\n', stderr: '' });
    const hung = await timed(line);
    expect(hung).toMatchObject(nothing);
    expect(sockets.size).toBeGreaterThan(0);
    expect(hung.ms - local.ms).toBeLessThan(1_500);
  });

  it('starts no credential plugin, and knows the contexts all the same', async () => {
    const plugin = path.join(home, 'plugin');
    const traces = path.join(home, 'was-here');
    writeFileSync(plugin, `#!/bin/sh\ntouch '${traces}'\n`);
    chmodSync(plugin, 0o755);
    const apiVersion = 'client.authentication.k8s.io/v1';
    const exec = { command: plugin, apiVersion, interactiveMode: 'IfAvailable' };
    const file = kubeconfig('https', { exec });
    expect(await timed(['--kubeconfig', file, 'request', 'get', ''])).toMatchObject(nothing);
    expect(await timed(['--kubeconfig', file, '-n', ''])).toMatchObject(nothing);
    expect((await timed(['--kubeconfig', file, '--context', ''])).stdout).toBe('prod\tprod\n:4\n');
    expect(existsSync(traces)).toBe(false);
    // a command that is run does start it
    await runProgram(['request', 'list', '--kubeconfig', file], { env });
    expect(existsSync(traces)).toBe(true);
  });

  it('makes no store to look into it', async () => {
    expect(await timed(['--target', 'embedded', 'request', 'get', ''])).toMatchObject(nothing);
    expect(await timed(['plan', 'status', ''])).toMatchObject(nothing);
    expect(existsSync(path.join(home, '.local'))).toBe(false);
  });

  it.each([
    [['--config', '/there/is/none', 'lease', 'get', '']],
    [['--kubeconfig', '/there/is/none', 'lease', 'get', '']],
    [['--target', 'nowhere', 'lease', 'get', '']],
    [['--context', 'nowhere', 'lease', 'get', '']],
  ])('never complains: %j', async (words) => {
    expect(await timed(words)).toMatchObject(nothing);
  });
});
