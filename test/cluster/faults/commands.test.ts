import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { runProgram } from '../../support/built-program.ts';
import type { FaultRule, FaultServer } from '../../support/fault-server.ts';
import { htmlFault, startFaultServer, statusFault } from '../../support/fault-server.ts';
import { runProcess } from '../../support/run-process.ts';
import { alert, webhook } from '../../support/signals.ts';
import type { TlsFiles } from '../../unit/kube/api-server.ts';
import { makeTlsFiles } from '../../unit/kube/api-server.ts';
import { bareDeployment } from '../bare-deployment.ts';
import { programsFolder } from '../programs.mjs';

const cluster = inject('cluster');
const namespace = 'faulty-commands';
const kubectl = path.join(programsFolder(), 'kubectl');

/** What the server does to whoever comes, and what a client makes of it. */
const weather: [name: string, how: { rules?: FaultRule[]; idleCloseMs?: () => number }][] = [
  ['closes what is idle after 3 to 30 ms', { idleCloseMs: () => 3 + Math.random() * 27 }],
  [
    'answers every third request with 429',
    { rules: [{ nth: (n) => n % 3 === 1, fault: statusFault(429, 1) }] },
  ],
  [
    'answers every third request with 503',
    { rules: [{ nth: (n) => n % 3 === 2, fault: statusFault(503, 1) }] },
  ],
  [
    'resets every third request that reads',
    { rules: [{ methods: ['GET'], nth: (n) => n % 3 === 1, fault: { kind: 'reset' } }] },
  ],
  [
    'loses every third answer to a read',
    { rules: [{ methods: ['GET'], nth: (n) => n % 3 === 2, fault: { kind: 'lost', by: 'fin' } }] },
  ],
  [
    'loses the answer to every write that is guarded',
    { rules: [{ methods: ['PUT', 'PATCH', 'DELETE'], nth: (n) => n % 2 === 1, fault: { kind: 'lost' } }] },
  ],
  [
    'stands behind a balancer that finds nobody now and then',
    { rules: [{ methods: ['GET'], nth: (n) => n % 3 === 1, fault: htmlFault(502) }] },
  ],
];

/** A command of each group; with kubectl's where it has one. */
const commands: [args: string[], kubectl?: string[]][] = [
  [
    ['request', 'list'],
    ['get', 'remediationrequests'],
  ],
  [
    ['lease', 'list'],
    ['get', 'leases'],
  ],
  [['lease', 'doctor']],
  [['dedup', 'list']],
  [['signal', 'explain', '-']],
  [['signal', 'ingest', '-']],
  [['doctor'], ['version']],
];

describe('every group of commands before a server that', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-faults-'));
  const kubeconfig = path.join(home, 'config');
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: kubeconfig };
  const input = webhook([alert('checkout', { labels: { alertname: 'Slow', namespace } })]);
  let tls: TlsFiles;
  let server: FaultServer;

  beforeAll(async () => {
    tls = makeTlsFiles()!;
    server = await startFaultServer({ tls, behind: cluster.server });
    writeFileSync(kubeconfig, server.kubeconfig(cluster.tokens.admin, namespace));
    const labels = { 'kubernaut.ai/managed': 'true' };
    const items = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      bareDeployment(namespace, 'checkout'),
    ];
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const applied = await runProcess(kubectl, ['apply', '-f', '-'], { env, input: list });
    expect(applied.exitCode, applied.stderr).toBe(0);
  });

  beforeEach(() => {
    server.rules = [];
    server.idleCloseMs = undefined;
    server.requests.length = 0;
  });

  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(tls.directory, { recursive: true, force: true });
  });

  it.each(weather)('%s', { timeout: 300_000 }, async (_name, { rules = [], idleCloseMs }) => {
    const fresh = (): void => {
      server.rules = rules.map((rule) => ({ ...rule }));
      server.idleCloseMs = idleCloseMs;
    };
    const failed: string[] = [];
    for (const [args, theirs] of commands) {
      fresh();
      const flags = ['--target', 'cluster', '-n', namespace];
      const { exitCode, stderr } = await runProgram([...args, ...flags], { env, input });
      if (exitCode !== 0) failed.push(`${args.join(' ')}: exit ${exitCode}: ${stderr}`);
      if (theirs === undefined) continue;
      fresh();
      const kubectls = await runProcess(kubectl, [...theirs, '-n', namespace], { env });
      // Where kubectl fails as well, nobody can be asked to succeed.
      if (kubectls.exitCode !== 0 && exitCode !== 0) failed.pop();
    }
    expect(failed).toEqual([]);
    expect(server.requests.length).toBeGreaterThan(commands.length);
    const named = server.requests.filter(({ fault }) => fault !== undefined);
    if (rules.length > 0) expect(named.length).toBeGreaterThan(0);
  });
});
