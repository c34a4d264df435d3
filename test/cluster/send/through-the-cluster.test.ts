import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Send } from '../../../src/api/wire.ts';
import { serviceAccountToken } from '../../../src/gateway/gateway-token.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ObjectAccess } from '../../../src/kube/object-access.ts';
import type { SendItem } from '../../../src/send/send-item.ts';
import { MockClock } from '../../../src/time/mock-clock.ts';
import { runProgram, type ProgramResult } from '../../support/built-program.ts';
import { FakeGateway, type KnownToken } from '../../support/fake-gateway.ts';
import { serveKubelet } from '../../support/fake-kubelet.ts';
import { alertOf, webhookText } from '../../support/gateway-objects.ts';
import type { HttpSend } from '../../support/http-send.ts';
import { readBody } from '../../support/read-body.ts';
import { makeTlsFiles, type TlsFiles } from '../../unit/kube/api-server.ts';
import { connectAs, ensureNamespace, openAsAdmin } from '../admin.ts';
import { makeNode, makePod } from '../forwarded-pods.ts';
import { programsFolder } from '../programs.mjs';

const cluster = inject('cluster');
const namespace = 'send-gateway';
const shop = 'send-shop';
const account = { namespace, name: 'alertmanager' };

let admin: HttpSend;
let tls: TlsFiles;
let kubelet: Server;
let gateway: FakeGateway;
const sockets = new Set<Socket>();
const asked: string[] = [];
/** Tokens that were shown to the gateway, in their order. */
const shown: string[] = [];
/** It does not know the next token, nor that one ever after. */
let refusesNext = false;
const refused = new Set<string>();
const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-send-'));
const file = path.join(home, 'alerts.json');

async function kubectl(...words: string[]): Promise<string> {
  const program = path.join(programsFolder(), 'kubectl');
  const { stdout } = await promisify(execFile)(program, ['--kubeconfig', cluster.kubeconfig, ...words]);
  return stdout;
}

async function post(send: Send, group: string, kind: string, spec: object): Promise<Record<string, unknown>> {
  const answer = await send({
    method: 'POST',
    path: `/apis/${group}/v1/${kind.toLowerCase()}s`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: `${group}/v1`, kind, spec }),
  });
  const { status } = JSON.parse(await readBody(answer)) as { status: Record<string, unknown> };
  return status;
}

/** As a gateway asks its API server: who that is, and whether that user, without groups, may create the service. */
async function reviewed(token: string): Promise<KnownToken | undefined> {
  shown.push(token);
  if (refusesNext) refused.add(token);
  refusesNext = false;
  if (refused.has(token)) return undefined;
  const { authenticated, user } = await post(admin.send, 'authentication.k8s.io', 'TokenReview', { token });
  if (authenticated !== true) return undefined;
  const { username } = user as { username: string };
  const { allowed } = await post(admin.send, 'authorization.k8s.io', 'SubjectAccessReview', {
    user: username,
    resourceAttributes: { namespace, verb: 'create', resource: 'services', name: 'gateway-service' },
  });
  return { user: username, mayCreate: allowed === true };
}

async function send(...words: string[]): Promise<ProgramResult & { items: SendItem[] }> {
  const ran = await runProgram(
    ['signal', 'send', file, '-n', namespace, ...withAccount(words), '-o', 'json'],
    { env: { HOME: home, KUBECONFIG: cluster.kubeconfig } },
  );
  const { items } = JSON.parse(ran.stdout || '{"items":[]}') as { items: SendItem[] };
  return { ...ran, items };
}

function withAccount(words: readonly string[]): string[] {
  return words.includes('--service-account') ? [...words] : ['--service-account', account.name, ...words];
}

function claimsOf(token: string): { sub: string; iat: number; exp: number } {
  const [, claims = ''] = token.split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as ReturnType<typeof claimsOf>;
}

async function clientAs(user?: string): Promise<KubeClient> {
  return connectAs(cluster, namespace, user);
}

beforeAll(async () => {
  const made = makeTlsFiles();
  if (made === undefined) throw new Error('a kubelet needs a certificate, which openssl makes');
  tls = made;
  admin = openAsAdmin(cluster);
  await ensureNamespace(cluster, namespace);
  await ensureNamespace(cluster, shop);
  await kubectl('label', 'namespace', shop, 'kubernaut.ai/managed=true');
  await kubectl('create', 'serviceaccount', account.name, '-n', namespace);
  for (const name of ['checkout', 'payments']) {
    await kubectl('create', 'deployment', name, '--image=registry.invalid/main:1', '-n', shop);
  }
  kubelet = createHttpsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) });
  kubelet.on('connection', (socket: Socket) => sockets.add(socket));
  gateway = await new FakeGateway({ send: admin.send, namespace, tokens: reviewed }).start();
  const behind = serveKubelet(kubelet);
  behind.portOf = ({ pod, port }) => {
    asked.push(`${pod}:${port}`);
    return Number(new URL(gateway.url).port);
  };
  await new Promise<void>((resolve) => kubelet.listen(0, '127.0.0.1', resolve));
  const objects = new ObjectAccess(admin.send);
  await makeNode(objects, 'send-node', (kubelet.address() as AddressInfo).port);
  await makePod(objects, { namespace, name: 'gateway', nodeName: 'send-node' });
  const alerts = ['checkout', 'payments', 'checkout'].map((deployment) =>
    alertOf({ namespace: shop, deployment }),
  );
  writeFileSync(file, webhookText(alerts));
});

beforeEach(() => {
  shown.length = 0;
  asked.length = 0;
  gateway.seen.length = 0;
});

afterAll(async () => {
  await gateway.stop();
  await admin.close();
  for (const socket of sockets) socket.destroy();
  kubelet.close();
  rmSync(home, { recursive: true });
  rmSync(tls.directory, { recursive: true });
});

describe('signal send with a token of a service account, by the built program', () => {
  it('without the grant: refused at the first signal, and doctor names the commands that give it', async () => {
    const { items, exitCode } = await send('--port-forward', 'gateway', '--concurrency', '1');
    expect(items.map(({ outcome }) => outcome)).toEqual(['failed', 'notRun', 'notRun']);
    expect(items[0]?.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(exitCode).toBe(1);

    const examined = await runProgram(
      [
        'doctor',
        '--port-forward',
        'gateway',
        '--service-account',
        account.name,
        '-n',
        namespace,
        '-o',
        'json',
      ],
      { env: { HOME: home, KUBECONFIG: cluster.kubeconfig } },
    );
    const { checks } = JSON.parse(examined.stdout) as {
      checks: { name: string; status: string; fix?: string }[];
    };
    const permission = checks.find(({ name }) => name === 'gateway permission');
    expect(permission?.status, examined.stdout).toBe('fail');
    const commands = (permission?.fix ?? '').split('\n');
    expect(commands).toHaveLength(2);
    for (const command of commands) await kubectl(...command.split(' ').slice(1));
  });

  it('through the API server and the kubelet: the token is the account’s, for ten minutes', async () => {
    const { items, exitCode, stderr } = await send('--port-forward', 'gateway', '-v');
    expect(
      items.map(({ outcome }) => outcome),
      stderr,
    ).toEqual(['created', 'created', 'duplicate']);
    expect(items[2]?.deduplication).toMatchObject({ occurrenceCount: 2, persisted: true });
    expect(exitCode).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['gateway:8080']));
    // one token for all of them
    const [token = '', ...others] = new Set(shown);
    expect(others).toEqual([]);
    const { sub, iat, exp } = claimsOf(token);
    expect(sub).toBe(`system:serviceaccount:${namespace}:${account.name}`);
    expect(exp - iat).toBe(600);
    expect(stderr).not.toContain(token);
    expect(gateway.seen.map(({ headers }) => headers.host)).toEqual(
      Array.from({ length: 3 }, () => `gateway.${namespace}.svc`),
    );
    const listed = await kubectl('get', 'remediationrequests', '-n', namespace, '-o', 'name');
    expect(listed.trim().split('\n')).toHaveLength(2);
  });

  it('a token that the gateway does not know any more: another one, and the same signal once more', async () => {
    refusesNext = true;
    const { items, exitCode } = await send('--gateway', gateway.url, '--concurrency', '1');
    expect(items.map(({ outcome, attempts = 1 }) => [outcome, attempts])).toEqual([
      ['duplicate', 2],
      ['duplicate', 1],
      ['duplicate', 1],
    ]);
    expect(exitCode).toBe(0);
    expect(new Set(shown).size).toBe(2);
  });

  it('an account that is not there: what the API server says, before anything is sent', async () => {
    const { stderr, exitCode } = await send('--gateway', gateway.url, '--service-account', 'nobody');
    expect(stderr).toContain(`no token was made for the service account ${namespace}/nobody`);
    expect(stderr).toContain('serviceaccounts "nobody" not found');
    expect(exitCode).not.toBe(0);
    expect(shown).toEqual([]);
  });

  it('who may not make tokens is told which permission it takes', async () => {
    const { stderr } = await send('--gateway', gateway.url, '--context', 'reader');
    expect(stderr).toContain('cannot create resource "serviceaccounts/token"');
    expect(stderr).toContain('create on serviceaccounts/token');
    expect(shown).toEqual([]);
  });
});

describe('a token of a service account, made by a real API server', () => {
  it('is kept for all who ask, and renewed a minute before its end', async () => {
    const client = await clientAs();
    const clock = new MockClock();
    const token = serviceAccountToken(account, { client, clock });
    const first = await Promise.all([token.get(), token.get(), token.get()]);
    expect(new Set(first.map((secret) => secret.reveal())).size).toBe(1);
    await clock.advance(9 * 60_000 - 1);
    expect((await token.get()).reveal()).toBe(first[0].reveal());
    await clock.advance(1);
    const renewed = await Promise.all([token.get(), token.get()]);
    expect(new Set(renewed.map((secret) => secret.reveal())).size).toBe(1);
    expect(renewed[0].reveal()).not.toBe(first[0].reveal());
    await client.close();
  });
});
