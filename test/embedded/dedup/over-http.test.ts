import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../../../src/api/wire.ts';
import { openEmbeddedStore, type EmbeddedStore } from '../../../src/store/embedded-store.ts';
import { RealClock } from '../../../src/time/real-clock.ts';
import { SystemRandom } from '../../../src/time/system-random.ts';
import { readPhaseCases } from '../../support/phase-cases.ts';
import { hasShared } from '../../support/shared.ts';
import { CommandLine, type Ran } from '../../unit/cli/command-line.ts';
import { MemoryStream } from '../../unit/cli/memory-stream.ts';
import { requestObject } from '../../unit/dedup/requests.ts';

/** What the server does in place of an answer of its own: a status code, or `drop` the connection. */
type Fault = (request: string) => number | 'drop' | undefined;

/** An API server over HTTP that can fail on demand, and says what it was asked. */
let server: Server;
let store: EmbeddedStore;
let directory: string;
let line: CommandLine;
let asked: string[];
let fault: Fault;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-dedup-http-'));
  store = await openEmbeddedStore({
    directory,
    clock: new RealClock(),
    random: new SystemRandom(),
    namespaces: ['kubernaut-system'],
  });
  asked = [];
  fault = () => undefined;
  server = createServer((request, response) => {
    void (async () => {
      const told = `${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`;
      asked.push(told);
      const failing = fault(told);
      if (failing === 'drop') return request.socket.destroy();
      if (failing !== undefined) return response.writeHead(failing, json).end(statusBody(failing));
      const gone = new AbortController();
      response.once('close', () => {
        gone.abort();
      });
      const answer = await store.send({
        method: request.method as ApiRequest['method'],
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: await text(request),
        signal: gone.signal,
      });
      response.writeHead(answer.status, answer.headers).flushHeaders();
      return Readable.from(answer.body)
        .on('error', () => response.destroy())
        .pipe(response);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  line = new CommandLine();
  const { port } = server.address() as AddressInfo;
  const config = path.join(line.home, 'kubeconfig');
  writeFileSync(
    config,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  line.env = { KUBECONFIG: config };
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await store.close();
  line.remove();
  rmSync(directory, { recursive: true, force: true });
});

const run = (...argv: string[]): Promise<Ran> => line.run([...argv, '--target', 'cluster']);
const json = { 'content-type': 'application/json' };
const requests = '/apis/kubernaut.ai/v1alpha1/namespaces/kubernaut-system/remediationrequests';
const lease = '/apis/coordination.k8s.io/v1/namespaces/kubernaut-system/leases/gw-lock-aaaaaaaaaaaaaaaa';
const selector = `fieldSelector=spec.signalFingerprint=${'a'.repeat(64)}`;

function statusBody(code: number): string {
  const message = code === 400 ? 'field label not supported: spec.signalFingerprint' : 'injected';
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code });
}

describe('the requests of dedup show', () => {
  beforeEach(() => {
    store.importObjects([requestObject({ name: 'rr-one', status: { overallPhase: 'Pending' } })]);
  });

  it.each([
    ['a fingerprint', 'a'.repeat(64), [`GET ${requests}?limit=500&${selector}`, `GET ${lease}`]],
    ['the beginning of one', 'aaaaaaaa', [`GET ${requests}?limit=500`, `GET ${lease}`]],
    ['the name of a request', 'rr-one', [`GET ${requests}?limit=500`, `GET ${lease}`]],
  ])('are two for %s', async (_name, about, wanted) => {
    expect(await run('dedup', 'show', about)).toMatchObject({ code: 0 });
    expect(sorted(asked)).toEqual(sorted(wanted));
  });

  it('leave the lock out where leases may not be read, and say so', async () => {
    fault = (request) => (request.includes('/leases/') ? 403 : undefined);
    const shown = await run('dedup', 'show', 'a'.repeat(64), '-o', 'json');
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain('the lock is not shown');
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: 'active' });
  });
});

/** LIST and GET race: their order is nobody's business. */
function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}

describe.skipIf(!hasShared)('dedup show where the list fails as the reference met it', () => {
  const failing = readPhaseCases().cases.filter(({ listError }) => listError !== undefined);

  it('has them all', () => {
    expect(failing).toHaveLength(5);
  });

  it.each(failing)('$id: $note', async ({ now, fingerprint, list, chosen, listError }) => {
    store.importObjects(list);
    const code = listError?.code;
    fault = (request) => {
      if (!request.includes(requests)) return undefined;
      if (listError?.only !== undefined && !request.includes('fieldSelector')) return undefined;
      return code === undefined || code === 0 ? 'drop' : code;
    };
    const shown = await run('dedup', 'show', fingerprint, '--now', now, '-o', 'json');
    const document = JSON.parse(shown.stdout) as { kind: string; decision?: { request?: { name: string } } };
    if (listError?.only === undefined) {
      expect(shown.code).toBe(1);
      expect(document.kind).toBe('Error');
    } else {
      expect(document.decision?.request?.name).toBe(chosen);
    }
  });
});

describe('watching', () => {
  it.each([
    ['dedup list', ['dedup', 'list', '--watch'], 'fingerprint'],
    ['request watch', ['request', 'watch'], 'metadata'],
  ])('%s goes on after lost connections and expired versions', async (_name, argv) => {
    store.importObjects([requestObject({ name: 'rr-one', status: { overallPhase: 'Pending' } })]);
    const stop = new AbortController();
    const stdout = new MemoryStream();
    const watching = line.run([...argv, '-o', 'jsonl', '--target', 'cluster'], {
      stdout,
      signal: stop.signal,
      interruption: () => 'SIGINT',
    });
    const told = (): { type: string }[] =>
      stdout.text
        .split('\n')
        .filter((one) => one !== '')
        .map((one) => JSON.parse(one) as { type: string });
    const watches = (): number => asked.filter((request) => request.includes('watch=true')).length;
    await expect.poll(watches, { timeout: 10_000 }).toBe(1);
    server.closeAllConnections();
    store.importObjects([requestObject({ name: 'rr-one', status: { overallPhase: 'Executing' } })]);
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(2);
    server.closeAllConnections();
    store.importObjects([requestObject({ name: 'rr-one', status: { overallPhase: 'Completed' } })]);
    store.dropHistory();
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(3);
    store.importObjects([requestObject({ name: 'rr-two', fingerprint: 'b'.repeat(64) })]);
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(4);
    expect(told().map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'MODIFIED', 'ADDED']);
    stop.abort();
    expect((await watching).code).toBe(130);
  });

  it.each([
    ['dedup list', ['dedup', 'list', '--watch']],
    ['request watch', ['request', 'watch']],
  ])('%s tells what is gone and what was made anew while the version expired', async (_name, argv) => {
    store.importObjects([
      requestObject({ name: 'rr-one', status: { overallPhase: 'Executing' } }),
      requestObject({ name: 'rr-two', fingerprint: 'b'.repeat(64), status: { overallPhase: 'Pending' } }),
    ]);
    const stop = new AbortController();
    const stdout = new MemoryStream();
    const watching = line.run([...argv, '-o', 'jsonl', '--target', 'cluster'], {
      stdout,
      signal: stop.signal,
      interruption: () => 'SIGINT',
    });
    const told = (): string[] => stdout.text.split('\n').filter((one) => one !== '');
    await expect
      .poll(() => asked.some((request) => request.includes('watch=true')), { timeout: 10_000 })
      .toBe(true);
    expect(told()).toHaveLength(2);
    fault = () => 'drop';
    server.closeAllConnections();
    await store.send({ method: 'DELETE', path: `${requests}/rr-one` });
    store.importObjects([requestObject({ name: 'rr-three', fingerprint: 'c'.repeat(64) })]);
    store.dropHistory();
    fault = () => undefined;
    await expect.poll(() => told().length, { timeout: 10_000 }).toBe(4);
    const changes = told().slice(2);
    const gone = changes.find((one) => one.includes('"DELETED"')) ?? '';
    expect(gone).toContain('rr-one');
    expect(gone).toContain('a'.repeat(64));
    expect(gone).toContain('Executing');
    expect(changes.find((one) => one.includes('"ADDED"'))).toContain('rr-three');
    stop.abort();
    expect((await watching).code).toBe(130);
  });

  it('tells a backoff that ends by itself, and what left the choice', async () => {
    const until = new Date(new RealClock().now() + 2_000).toISOString();
    store.importObjects([
      requestObject({
        name: 'rr-one',
        status: { overallPhase: 'Failed', routingStatus: { nextAllowedExecution: until } },
      }),
    ]);
    const stop = new AbortController();
    const stdout = new MemoryStream();
    const watching = line.run(
      ['dedup', 'list', '--watch', '--state', 'suppressed', '-o', 'jsonl', '--target', 'cluster'],
      { stdout, signal: stop.signal, interruption: () => 'SIGINT' },
    );
    await expect.poll(() => stdout.text.split('\n').length, { timeout: 10_000 }).toBe(3);
    stop.abort();
    expect((await watching).code).toBe(130);
    const changes = stdout.text
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one) as { type: string; object: { state: string } });
    expect(changes.map(({ type, object }) => [type, object.state])).toEqual([
      ['ADDED', 'suppressed'],
      ['DELETED', 'open'],
    ]);
  });
});
