import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import { createDeployment, createNamespace } from './objects.ts';

const cluster = inject('cluster');

/** What a request meets in place of the API server. */
type Fault = '503' | '429' | 'reset' | 'stall';

/** Faults by what is asked for, each met once, in their order. */
class FaultyProxy {
  readonly #server: Server;
  readonly #queue = new Map<string, Fault[]>();

  /** The client sends no token over plain HTTP: the proxy has one of its own. */
  constructor(target: string, certificateAuthority: Buffer, bearer: string) {
    this.#server = createServer((incoming, outgoing) => {
      const what = `${incoming.method ?? ''} ${(incoming.url ?? '').replace(/\?.*$/, '')}`;
      const key = [...this.#queue.keys()].find((pattern) => new RegExp(pattern).test(what));
      const fault = key === undefined ? undefined : this.#queue.get(key)?.shift();
      if (fault === undefined) {
        incoming.headers.authorization = `Bearer ${bearer}`;
        forward(target, certificateAuthority, { incoming, outgoing });
      } else meet(fault, incoming, outgoing);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  plan(faults: Record<string, Fault[]>): void {
    this.#queue.clear();
    for (const [pattern, list] of Object.entries(faults)) this.#queue.set(pattern, list);
  }

  /** Whether every planned fault has been met. */
  get isSpent(): boolean {
    return [...this.#queue.values()].every((list) => list.length === 0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function meet(fault: Fault, incoming: IncomingMessage, outgoing: ServerResponse): void {
  incoming.resume();
  if (fault === 'reset') incoming.socket.resetAndDestroy();
  if (fault === 'reset' || fault === 'stall') return;
  const reason = fault === '503' ? 'ServiceUnavailable' : 'TooManyRequests';
  const message = `refused by a proxy (${reason}), password=pl4ntedText, https://u:pl4ntedUrl@host/, Authorization: Bearer pl4ntedHeader`;
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason,
    message,
    code: Number(fault),
  };
  outgoing.writeHead(Number(fault), { 'content-type': 'application/json', 'retry-after': '1' });
  outgoing.end(JSON.stringify(status));
}

function forward(
  target: string,
  ca: Buffer,
  { incoming, outgoing }: { incoming: IncomingMessage; outgoing: ServerResponse },
): void {
  const url = new URL(incoming.url ?? '/', target);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = { ...incoming.headers, host: url.host };
  const request = send(url, { method: incoming.method, headers, ca }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  request.on('error', () => outgoing.destroy());
  outgoing.on('close', () => request.destroy());
  incoming.pipe(request);
}

interface Attempt {
  request?: string;
  outcome: string;
  waitSeconds?: number;
  retryAfterSeconds?: number;
  error?: { type: string; status?: number };
}
interface Side {
  attempts: Attempt[];
  result: string;
  tries: number;
}
interface Replayed {
  operation: string;
  recorded: Side;
  replayed: Side;
  differs: boolean;
  differences?: string[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-recorded-'));
const namespace = 'recorded-run';
const token = 'pl4ntedBearer.token';

function alerts(count: number, tag: string): string {
  return JSON.stringify({
    version: '4',
    status: 'firing',
    alerts: Array.from({ length: count }, (_, index) => ({
      status: 'firing',
      labels: {
        alertname: 'Recorded',
        namespace,
        deployment: `${tag}-${index}`,
        severity: 'critical',
      },
      annotations: {},
      startsAt: new Date(1_790_000_000_000).toISOString(),
    })),
  });
}

describe('a run recorded against a real API server behind a failing proxy', () => {
  let proxy: FaultyProxy;
  let kubeconfig: string;

  beforeAll(async () => {
    const { server, certificateAuthorityFile, tokens } = cluster;
    proxy = new FaultyProxy(server, readFileSync(certificateAuthorityFile), tokens.admin);
    const url = await proxy.start();
    kubeconfig = path.join(folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'proxied',
      contexts: [{ name: 'proxied', context: { cluster: 'proxied', user: 'admin' } }],
      clusters: [{ name: 'proxied', cluster: { server: url } }],
      users: [{ name: 'admin', user: { token } }],
    };
    writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
    await createNamespace(cluster, namespace);
  });
  afterAll(async () => {
    await proxy.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function record(name: string, count: number, faults: Record<string, Fault[]>): Promise<string> {
    const trace = path.join(folder, `${name}.ndjson`);
    for (let index = 0; index < count; index += 1)
      await createDeployment(cluster, namespace, `${name}-${index}`);
    proxy.plan(faults);
    const { stdout, stderr } = await runProgram(
      [
        ...['signal', 'ingest', '-', '--kubeconfig', kubeconfig, '--target', 'cluster', '-n', namespace],
        ...[
          '--skip-scope-check',
          '--concurrency',
          '1',
          '--yes',
          '--record',
          trace,
          '--request-timeout',
          '2s',
        ],
      ],
      { env: { HOME: folder }, input: alerts(count, name) },
    );
    expect(proxy.isSpent, stdout + stderr).toBe(true);
    return trace;
  }

  async function replay(trace: string): Promise<Replayed[]> {
    const { exitCode, stdout, stderr } = await runProgram(['retry', 'replay', trace, '-o', 'json'], {
      env: { HOME: folder },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return (JSON.parse(stdout) as { operations: Replayed[] }).operations;
  }

  function checkWaits({ recorded, replayed }: Replayed): void {
    recorded.attempts.forEach(({ waitSeconds, retryAfterSeconds }, index) => {
      const again = replayed.attempts[index]!.waitSeconds;
      expect(again === undefined).toBe(waitSeconds === undefined);
      if (waitSeconds === undefined || again === undefined) return;
      if (retryAfterSeconds !== undefined) expect(again).toBe(waitSeconds);
      // each within 10 % of the same nominal wait
      else expect(Math.abs(again - waitSeconds)).toBeLessThanOrEqual(0.22 * Math.max(again, waitSeconds));
    });
  }

  it.each<[string, Record<string, Fault[]>, string, Partial<Side>]>([
    [
      '503-with-retry-after',
      { 'POST .*/remediationrequests$': ['503', '503'] },
      'create_remediation_request',
      { result: 'ok', tries: 3 },
    ],
    [
      '429-to-the-end',
      { 'POST .*/remediationrequests$': ['429', '429', '429'] },
      'create_remediation_request',
      { result: 'error', tries: 3 },
    ],
    [
      'resets',
      { 'POST .*/remediationrequests$': ['reset', 'reset'] },
      'create_remediation_request',
      { result: 'ok', tries: 3 },
    ],
    [
      'a-stall',
      { 'POST .*/remediationrequests$': ['stall'] },
      'create_remediation_request',
      { result: 'ok', tries: 2 },
    ],
    [
      'a-list-that-fails',
      { 'GET .*/remediationrequests$': ['503', 'reset'] },
      'check_deduplication',
      // what is reset on a kept connection goes out again within its try
      { result: 'ok', tries: 2 },
    ],
  ])('replays as it happened: %s', async (name, faults, operation, side) => {
    const trace = await record(name, 1, faults);
    const operations = await replay(trace);
    const hit = operations.find(
      (each) => each.operation === operation && each.recorded.attempts.some(({ error }) => error),
    );
    expect(hit?.recorded).toMatchObject(side);
    for (const each of operations) {
      expect(each.differences ?? []).toEqual([]);
      expect(
        each.replayed.attempts.map(({ outcome, request, error }) => [outcome, request, error?.type]),
      ).toEqual(each.recorded.attempts.map(({ outcome, request, error }) => [outcome, request, error?.type]));
      expect(each.replayed.result).toBe(each.recorded.result);
      checkWaits(each);
    }
  });

  it('holds no secret of the kubeconfig, of URLs and of error texts', async () => {
    const trace = await record('secrets', 1, { 'POST .*/remediationrequests$': ['503', '429'] });
    const text = readFileSync(trace, 'utf8');
    expect(text).toContain('refused by a proxy');
    for (const secret of [cluster.tokens.admin, 'pl4nted']) expect(text).not.toContain(secret);
  });
});
