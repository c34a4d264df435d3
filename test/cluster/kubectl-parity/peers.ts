import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bodyText } from '../../../src/kube/answer.ts';
import { httpTransport } from '../../../src/kube/http-transport.ts';
import type { KubeconfigChoice } from '../../../src/kube/kubeconfig-choice.ts';
import { loadConnection } from '../../../src/kube/kubeconfig.ts';
import type { SeenRequest, TestServer, TlsFiles } from '../../unit/kube/api-server.ts';
import { makeTlsFiles, startServer } from '../../unit/kube/api-server.ts';
import { testHost } from '../../unit/kube/clients.ts';
import { programsFolder } from '../programs.mjs';

const kubectl = path.join(programsFolder(), 'kubectl');
export const askedPath = '/parity?a=b';

/** What a client did with a kubeconfig, as the servers around it saw it. */
export interface Facts {
  outcome: 'answered' | 'failed';
  requests: { url: string; identity: string[]; sni: string; clientName: string }[];
  /** CONNECT and absolute-URL lines that the proxy saw. */
  proxied: string[];
  /** KUBERNETES_EXEC_INFO of each run of the plugin. */
  pluginRuns: unknown[];
}

export interface Peers {
  tls: TlsFiles;
  https: TestServer;
  http: TestServer;
  proxyUrl: string;
  home: string;
  write(name: string, content: unknown, executable?: boolean): string;
  asKubectl(env: Record<string, string>, choice: KubeconfigChoice): Promise<Facts>;
  asRemedyctl(env: Record<string, string>, choice: KubeconfigChoice): Promise<Facts>;
  /** What the client said that failed last. */
  failure(): string;
  /** Forgets files between cases. */
  clear(): void;
  close(): Promise<void>;
}

/** An https and an http server and a proxy that record, and the two clients to set against them. */
export async function startPeers(): Promise<Peers> {
  const tls = makeTlsFiles();
  if (tls === undefined) throw new Error('openssl is needed for certificates');
  const https = await startServer(undefined, { tls });
  const http = await startServer();
  const proxy = await startProxy();
  const home = mkdtempSync(path.join(tmpdir(), 'parity-'));
  const log = path.join(home, 'plugin.log');

  let failure = '';
  const observed = async (run: () => Promise<unknown>): Promise<Facts> => {
    https.requests.length = 0;
    http.requests.length = 0;
    proxy.lines.length = 0;
    rmSync(log, { force: true });
    failure = '';
    const outcome = await run().then(
      () => 'answered' as const,
      (thrown: unknown) => {
        failure = String(thrown);
        return 'failed' as const;
      },
    );
    return {
      outcome,
      requests: [...https.requests, ...http.requests].map(seen),
      proxied: [...proxy.lines],
      pluginRuns: readRuns(log),
    };
  };

  const whole = (env: Record<string, string>) => ({
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    PLUGIN_LOG: log,
    ...env,
  });

  return {
    tls,
    https,
    http,
    proxyUrl: proxy.url,
    home,
    write: (name, content, executable = false) => {
      const file = path.join(home, name);
      mkdirSync(path.dirname(file), { recursive: true });
      const isRaw = typeof content === 'string' || Buffer.isBuffer(content);
      writeFileSync(file, isRaw ? content : JSON.stringify(content));
      if (executable) chmodSync(file, 0o755);
      return file;
    },
    asKubectl: (env, choice) => observed(() => runKubectl(whole(env), choice)),
    asRemedyctl: (env, choice) => observed(() => askOurselves(whole(env), choice, home)),
    failure: () => failure,
    clear: () => {
      rmSync(home, { recursive: true });
      mkdirSync(home);
    },
    close: async () => {
      await Promise.all([https.close(), http.close(), proxy.close()]);
      rmSync(home, { recursive: true });
      rmSync(tls.directory, { recursive: true });
    },
  };
}

function runKubectl(env: Record<string, string>, choice: KubeconfigChoice): Promise<void> {
  const flags: [flag: string, value: string | undefined][] = [
    ['--kubeconfig', choice.path],
    ['--context', choice.context],
    ['--cluster', choice.cluster],
    ['--user', choice.user],
    ['--as', choice.as],
    ...(choice.asGroups ?? []).map((group): [string, string] => ['--as-group', group]),
  ];
  const args = flags.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag}=${value}`]));
  return new Promise((resolve, reject) => {
    execFile(kubectl, ['get', '--raw', askedPath, ...args], { env, timeout: 20_000 }, (error) => {
      if (error === null) resolve();
      else reject(new Error(error.message));
    }).stdin?.end();
  });
}

async function askOurselves(
  env: Record<string, string>,
  choice: KubeconfigChoice,
  home: string,
): Promise<void> {
  const connection = await loadConnection(choice, testHost({ env, homeDirectory: home }));
  if (connection === undefined) throw new Error('no cluster');
  const transport = httpTransport(connection, { userAgent: 'remedyctl/parity' });
  try {
    const response = await transport.send({ method: 'GET', path: askedPath });
    await bodyText(response);
    if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  } finally {
    await transport.close();
  }
}

function seen(request: SeenRequest): Facts['requests'][number] {
  const identity: string[] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = (request.rawHeaders[index] ?? '').toLowerCase();
    if (name === 'authorization' || name.startsWith('impersonate-')) {
      // Node reads headers as Latin-1; what was sent are the bytes.
      identity.push(
        `${name}: ${Buffer.from(request.rawHeaders[index + 1] ?? '', 'latin1').toString('utf8')}`,
      );
    }
  }
  return { url: request.url, identity: identity.sort(), sni: request.sni, clientName: request.clientName };
}

function readRuns(log: string): unknown[] {
  try {
    return readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  } catch {
    return [];
  }
}

async function startProxy(): Promise<{ url: string; lines: string[]; close(): Promise<void> }> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const note = (line: string, authorization: string | undefined) =>
    lines.push(authorization === undefined ? line : `${line} as ${authorization}`);
  const server = createServer((request, response) => {
    note(`${request.method ?? ''} ${request.url ?? ''}`, request.headers['proxy-authorization']);
    response.end('{}');
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    note(`CONNECT ${request.url ?? ''}`, request.headers['proxy-authorization']);
    const port = Number((request.url ?? '').split(':').at(-1));
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
