import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sharedPath } from '../support/shared.ts';
import { type HttpSend, openHttpSend } from '../support/http-send.ts';
import { readBody } from '../support/read-body.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import { programsFolder } from './programs.mjs';

/** Everyone whom the API server knows. `admin` may do anything, `reader` may read anything, `jane` nothing. */
export const users = ['admin', 'reader', 'jane'] as const;
export type User = (typeof users)[number];

export interface ControlPlane {
  readonly directory: string;
  readonly server: string;
  readonly etcd: string;
  readonly certificateAuthorityFile: string;
  readonly tokens: Record<User, string>;
  /** One context per user, named like the user; `admin` is the current one. */
  readonly kubeconfig: string;
  /** Runs kubectl as the admin; rejects with its stderr when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Installs the RemediationRequest definition and waits until its kind is served. */
  applyCrd(): Promise<void>;
  /** Stops kube-apiserver where it stands, as a machine that hangs would, or has it go on. */
  signalServer(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills kube-apiserver, and starts it again after so long; resolves when it is ready. */
  restartServer(awayMs: number): Promise<void>;
  stop(): Promise<void>;
}

interface ControlPlaneOptions {
  /** Also the controller manager and the scheduler. Default: false. */
  controllers?: boolean;
  /** Where the programs lie. Default: where `cluster:build` puts them, or KUBEBUILDER_ASSETS. */
  programs?: string;
}

const readyWithinMs = 90_000;
const startAttempts = 3;

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function etcdFlags(directory: string, client: string, peer: string): string[] {
  return [
    `--data-dir=${path.join(directory, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

function apiserverFlags(directory: string, etcd: string, port: number): string[] {
  const key = path.join(directory, 'service-account.key');
  return [
    `--etcd-servers=${etcd}`,
    `--cert-dir=${path.join(directory, 'certificates')}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${path.join(directory, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
  ];
}

function controllerFlags(directory: string, name: string, port: number): string[] {
  const kubeconfig = path.join(directory, 'kubeconfig');
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${path.join(directory, `${name}-certificates`)}`,
  ];
}

function writeSecrets(directory: string): Record<User, string> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  writeFileSync(path.join(directory, 'service-account.key'), privateKey, { mode: 0o600 });
  const tokens = Object.fromEntries(users.map((user) => [user, randomBytes(16).toString('hex')])) as Record<
    User,
    string
  >;
  const lines = users.map(
    (user) => `${tokens[user]},${user},${user},"${user === 'admin' ? 'system:masters' : 'people'}"`,
  );
  writeFileSync(path.join(directory, 'tokens.csv'), lines.join('\n') + '\n', { mode: 0o600 });
  return tokens;
}

function writeKubeconfig(
  file: string,
  server: string,
  certificateAuthorityFile: string,
  tokens: Record<User, string>,
): void {
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server, 'certificate-authority': certificateAuthorityFile } }],
    users: users.map((name) => ({ name, user: { token: tokens[name] } })),
    contexts: users.map((name) => ({ name, context: { cluster: 'local', user: name } })),
    'current-context': 'admin',
  };
  // JSON is YAML, and needs no library.
  writeFileSync(file, JSON.stringify(kubeconfig, null, 2) + '\n', { mode: 0o600 });
}

async function answersOk(send: HttpSend): Promise<boolean> {
  try {
    const answer = await send.send({ method: 'GET', path: '/readyz', signal: AbortSignal.timeout(5_000) });
    await readBody(answer);
    return answer.status === 200;
  } catch {
    // Not listening yet, or its certificate is not written yet.
    return false;
  }
}

async function waitUntilReady(connect: () => HttpSend, processes: readonly GuardedProcess[]): Promise<void> {
  const patience = AbortSignal.timeout(readyWithinMs);
  for (;;) {
    const ended = processes.find((started) => !started.isRunning());
    if (ended) throw new Error(`${ended.name} ended while it was starting:\n${ended.lastLines()}`);
    if (patience.aborted) {
      const said = processes.map((started) => `${started.name}:\n${started.lastLines()}`).join('\n');
      throw new Error(`the API server was not ready after ${readyWithinMs} ms\n${said}`);
    }
    let send: HttpSend | undefined;
    try {
      send = connect();
      if (await answersOk(send)) return;
    } catch {
      // The certificate that the server writes for itself is not there yet.
    } finally {
      await send?.close();
    }
    await pause(100);
  }
}

/** An established kind answers 404, then 429 until its cache has begun. */
async function waitUntilServed(kubectl: ControlPlane['kubectl']): Promise<void> {
  const patience = AbortSignal.timeout(readyWithinMs);
  for (;;) {
    try {
      await kubectl(['get', '--raw', '/apis/kubernaut.ai/v1alpha1/remediationrequests']);
      return;
    } catch (error) {
      if (patience.aborted) throw error;
    }
    await pause(100);
  }
}

function runKubectl(
  program: string,
  kubeconfig: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { ...process.env, KUBECONFIG: kubeconfig }, maxBuffer: 256 * 1024 * 1024 };
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined).end(input);
  });
}

const readerRole = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'remedyctl-test-reader' },
    rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'remedyctl-test-reader' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'remedyctl-test-reader' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'reader' }],
  },
];

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  const folder = options.programs ?? programsFolder();
  const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-cluster-'));
  const certificateAuthorityFile = path.join(directory, 'certificates', 'apiserver.crt');
  const kubeconfig = path.join(directory, 'kubeconfig');
  const processes: GuardedProcess[] = [];
  const start = (name: string, args: readonly string[]): void => {
    const log = path.join(directory, `${name}.log`);
    processes.push(startGuarded(name, path.join(folder, name), args, log));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((started) => started.stop()));
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    mkdirSync(path.dirname(certificateAuthorityFile));
    const [clientPort, peerPort, apiPort, managerPort, schedulerPort] = (await freePorts(5)) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const etcd = `http://127.0.0.1:${clientPort}`;
    const server = `https://127.0.0.1:${apiPort}`;
    const tokens = writeSecrets(directory);
    writeKubeconfig(kubeconfig, server, certificateAuthorityFile, tokens);

    start('etcd', etcdFlags(directory, etcd, `http://127.0.0.1:${peerPort}`));
    start('kube-apiserver', apiserverFlags(directory, etcd, apiPort));
    const connect = (): HttpSend =>
      openHttpSend({
        server,
        token: tokens.admin,
        certificateAuthority: readFileSync(certificateAuthorityFile),
      });
    await waitUntilReady(connect, processes);
    if (options.controllers) {
      const key = path.join(directory, 'service-account.key');
      start('kube-controller-manager', [
        ...controllerFlags(directory, 'kube-controller-manager', managerPort),
        `--service-account-private-key-file=${key}`,
        '--use-service-account-credentials=false',
      ]);
      start('kube-scheduler', controllerFlags(directory, 'kube-scheduler', schedulerPort));
    }
    const kubectl = (args: readonly string[], input?: string): Promise<string> =>
      runKubectl(path.join(folder, 'kubectl'), kubeconfig, args, input);
    await kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: readerRole }),
    );
    return {
      directory,
      server,
      etcd,
      certificateAuthorityFile,
      tokens,
      kubeconfig,
      kubectl,
      async applyCrd() {
        const definition = sharedPath('crds', 'kubernaut.ai_remediationrequests.yaml');
        await kubectl(['apply', '--server-side', '-f', definition]);
        const name = 'customresourcedefinitions/remediationrequests.kubernaut.ai';
        await kubectl(['wait', '--for=condition=Established', '--timeout=60s', name]);
        await waitUntilServed(kubectl);
      },
      signalServer(name) {
        processes.find((started) => started.name === 'kube-apiserver')?.signal(name);
      },
      async restartServer(awayMs) {
        const place = processes.findIndex((started) => started.name === 'kube-apiserver');
        await processes.splice(place, 1)[0]?.stop();
        await pause(awayMs);
        start('kube-apiserver', apiserverFlags(directory, etcd, apiPort));
        await waitUntilReady(connect, processes);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts etcd and kube-apiserver on free loopback ports; another process may take such a port first, so tries again. */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('address already in use');
      if (!taken || attempt === startAttempts) throw error;
    }
  }
}
