import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openHttpSend, type HttpSend } from './http-send.ts';

const program = path.resolve(import.meta.dirname, '../../bin/remedyctl.cjs');
const readyWithinMs = 60_000;

/** The built `remedyctl store serve`, on a store of its own. */
export interface StoreServing {
  /** Everything of it: the store, the kubeconfig, HOME. */
  directory: string;
  store: string;
  kubeconfig: string;
  process: ChildProcess;
  /** Of the kubeconfig. */
  server: string;
  token: string;
  certificateAuthority: Buffer;
  env: Record<string, string>;
  stdout(): string;
  stderr(): string;
  /** The code it ended with, or the signal. */
  ended: Promise<number | string>;
  connect(): HttpSend;
  stop(): Promise<void>;
}

interface Kubeconfig {
  clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
  users: [{ user: { token: string } }];
}

export interface StoreServingOptions {
  /** Another's, else one of its own. */
  store?: string;
  args?: readonly string[];
  /** A program with arguments that goes before the command line. */
  within?: readonly string[];
}

/** Waits until it serves. */
export async function startStoreServing(options: StoreServingOptions = {}): Promise<StoreServing> {
  const directory = mkdtempSync(path.join(tmpdir(), 'remedyctl-serving-'));
  const store = options.store ?? path.join(directory, 'store');
  const kubeconfig = path.join(directory, 'kubeconfig');
  const env = { PATH: process.env['PATH'] ?? '', HOME: directory };
  const args = [
    'store',
    'serve',
    '--store',
    store,
    '--write-kubeconfig',
    kubeconfig,
    ...(options.args ?? []),
  ];
  const [first, ...rest] = [...(options.within ?? []), process.execPath, program, ...args] as const;
  const child = spawn(first ?? '', rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'nothing');
    });
  });
  await waitForFile(kubeconfig, child, () => said.stderr);
  const config = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const { server, 'certificate-authority-data': authority } = config.clusters[0].cluster;
  const { token } = config.users[0].user;
  const certificateAuthority = Buffer.from(authority, 'base64');
  return {
    directory,
    store,
    kubeconfig,
    process: child,
    server,
    token,
    certificateAuthority,
    env,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    connect: () => openHttpSend({ server, token, certificateAuthority }),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function waitForFile(file: string, child: ChildProcess, said: () => string): Promise<void> {
  const patience = AbortSignal.timeout(readyWithinMs);
  while (!existsSync(file)) {
    if (child.exitCode !== null || patience.aborted) throw new Error(`it does not serve: ${said()}`);
    await pause(20);
  }
}
