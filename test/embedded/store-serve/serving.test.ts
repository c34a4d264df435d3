import { createServer, type AddressInfo } from 'node:net';
import { request as plainRequest } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lease } from '../../contract/specimens.ts';
import { runProgram } from '../../support/built-program.ts';
import { openHttpSend } from '../../support/http-send.ts';
import { readBody } from '../../support/read-body.ts';
import { startStoreServing, type StoreServing } from '../../support/store-serving.ts';

let folder: string;
let started: StoreServing[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'store-serve-'));
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((serving) => serving.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(options: Parameters<typeof startStoreServing>[0] = {}): Promise<StoreServing> {
  const serving = await startStoreServing(options);
  started.push(serving);
  return serving;
}

const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const json = { 'content-type': 'application/json' };

async function refusedStart(...args: string[]): Promise<{ exitCode: number; error: unknown }> {
  const all = ['store', 'serve', '--store', path.join(folder, 'store'), '-o', 'json', ...args];
  const { exitCode, stdout } = await runProgram(all, { env: { HOME: folder } });
  return { exitCode, error: (JSON.parse(stdout) as { error: unknown }).error };
}

describe('store serve', () => {
  it('writes a kubeconfig for its owner alone, tells where it is, and removes it at the end', async () => {
    const serving = await serve({ args: ['-o', 'json'] });
    expect(statSync(serving.kubeconfig).mode & 0o777).toBe(0o600);
    const http = serving.connect();
    expect((await http.send({ method: 'GET', path: '/version' })).status).toBe(200);
    await http.close();
    serving.process.kill('SIGTERM');
    expect(await serving.ended).toBe(143);
    expect(existsSync(serving.kubeconfig)).toBe(false);
    expect(JSON.parse(serving.stdout())).toMatchObject({
      kind: 'StoreServer',
      server: serving.server,
      kubeconfig: serving.kubeconfig,
      target: { kind: 'embedded', store: serving.store },
    });
    expect(serving.stdout() + serving.stderr()).not.toContain(serving.token);
  });

  it('never takes the place of a file, and leaves one that somebody else has put in its place', async () => {
    const taken = path.join(folder, 'kubeconfig');
    writeFileSync(taken, 'mine');
    expect(await refusedStart('--write-kubeconfig', taken)).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE' },
    });
    expect(readFileSync(taken, 'utf8')).toBe('mine');
    const serving = await serve();
    rmSync(serving.kubeconfig);
    writeFileSync(serving.kubeconfig, 'mine');
    serving.process.kill('SIGINT');
    expect(await serving.ended).toBe(130);
    expect(readFileSync(serving.kubeconfig, 'utf8')).toBe('mine');
  });

  it.each(['0.0.0.0', '10.0.0.1', '::', 'example.org', ''])('does not listen on %j', async (address) => {
    const file = path.join(folder, 'kubeconfig');
    expect(await refusedStart('--write-kubeconfig', file, '--address', address)).toMatchObject({
      exitCode: 2,
      error: { code: 'USAGE' },
    });
    expect(existsSync(file)).toBe(false);
  });

  it('says that a port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const file = path.join(folder, 'kubeconfig');
    const refused = await refusedStart('--write-kubeconfig', file, '--port', String(port));
    other.close();
    expect(refused).toMatchObject({ exitCode: 1, error: { code: 'ADDRESS_UNAVAILABLE' } });
    expect(existsSync(file)).toBe(false);
  });

  it('answers nobody without the token, and plain HTTP in words', async () => {
    const serving = await serve();
    const { server, certificateAuthority } = serving;
    for (const token of ['', 'x', `${serving.token}x`]) {
      const http = openHttpSend({ server, certificateAuthority, token });
      const answer = await http.send({ method: 'GET', path: '/version' });
      expect(JSON.parse(await readBody(answer))).toMatchObject({ reason: 'Unauthorized', code: 401 });
      await http.close();
    }
    const said = await new Promise<string>((resolve, reject) => {
      const asked = plainRequest(server.replace('https', 'http'), (answer) => {
        resolve(text(answer));
      });
      asked.once('error', reject).end();
    });
    expect(said).toContain('HTTP request to an HTTPS server');
  });

  it('refuses a body that is too long, whether it says so or not', async () => {
    const http = (await serve()).connect();
    const body = JSON.stringify({ ...lease('l'), padding: 'x'.repeat(3 * 1024 * 1024) });
    const answer = await http.send({ method: 'POST', path: leases, headers: json, body });
    expect(JSON.parse(await readBody(answer))).toMatchObject({ reason: 'RequestEntityTooLarge', code: 413 });
    await http.close();
  });

  it('shows a watcher what another process writes, and ends the watch when it ends', async () => {
    const one = await serve();
    const other = await serve({ store: one.store });
    const watching = one.connect();
    const writing = other.connect();
    const watch = await watching.send({ method: 'GET', path: `${leases}?watch=true`, stream: true });
    const made = await writing.send({
      method: 'POST',
      path: leases,
      headers: json,
      body: JSON.stringify(lease('seen')),
    });
    await readBody(made);
    const events = watch.body[Symbol.asyncIterator]();
    const first = await events.next();
    expect(Buffer.from(first.value as Uint8Array).toString()).toContain('"name":"seen"');
    const listed = await runProgram(['lease', 'list', '--kubeconfig', other.kubeconfig, '-o', 'json'], {
      env: { HOME: folder },
    });
    expect(listed.exitCode).toBe(0);
    one.process.kill('SIGTERM');
    expect((await events.next()).done).toBe(true);
    expect(await one.ended).toBe(143);
    await Promise.all([watching.close(), writing.close()]);
  });

  it('loses nothing that was answered when it is killed, and the next one serves it', async () => {
    const killed = await serve();
    const http = killed.connect();
    const made = await http.send({
      method: 'POST',
      path: leases,
      headers: json,
      body: JSON.stringify(lease('kept')),
    });
    expect(made.status).toBe(201);
    await readBody(made);
    killed.process.kill('SIGKILL');
    await killed.ended;
    await http.close();
    const next = await serve({ store: killed.store });
    const again = next.connect();
    expect((await again.send({ method: 'GET', path: `${leases}/kept` })).status).toBe(200);
    await again.close();
  });

  it('ends when its store is taken away', async () => {
    const serving = await serve();
    const http = serving.connect();
    rmSync(serving.store, { recursive: true, force: true });
    const answer = await http.send({
      method: 'POST',
      path: leases,
      headers: json,
      body: JSON.stringify(lease('l')),
    });
    expect(JSON.parse(await readBody(answer))).toMatchObject({ code: 500 });
    expect(await serving.ended).toBe(1);
    expect(serving.stderr()).toContain('STORE_LOST');
    await http.close();
  });
});
