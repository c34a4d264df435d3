import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRemoteSystems, type FakeRemoteSystems } from '../../support/remote-systems/remote-systems.ts';
import { FakeGateway } from '../../support/fake-gateway.ts';
import { serveStore, type ServedStore } from '../../support/served-store.ts';
import { taskIndex, taskPages, type TaskPage } from '../../support/task-pages.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const longestPage = 60;

let systems: FakeRemoteSystems;
let folder: string;
let behindGateway: ServedStore;
let gateway: FakeGateway;
beforeEach(async () => {
  behindGateway = await serveStore({ namespaces: ['kubernaut-system'] });
  behindGateway.put([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop', labels: { 'kubernaut.ai/managed': 'true' } },
    },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout', namespace: 'shop' } },
  ]);
  gateway = await new FakeGateway({
    send: behindGateway.send,
    tokens: { 'good-token': { user: 'jane', mayCreate: true } },
  }).start();
  systems = await startRemoteSystems();
  systems.ocm.addCluster({ id: '1a2b3c' });
  systems.pagerDuty.addIncident({ id: 'Q2I4AV3ZURABC' });
  folder = mkdtempSync(path.join(tmpdir(), 'remedyctl-task-'));
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(path.join(root, 'bin/remedyctl.cjs'), path.join(folder, 'bin/remedyctl'));
  symlinkSync(path.join(root, 'examples'), path.join(folder, 'examples'));
  writeFileSync(path.join(folder, 'token'), 'good-token\n', { mode: 0o600 });
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await systems.stop();
  await gateway.stop();
  await behindGateway.close();
});

/** The page's commands in one shell, each held to its exit code; what they printed and which broke off the page. */
function follow({ name, commands }: TaskPage): Promise<{ broken: string; printed: string }> {
  const script = commands.map(
    ({ text, line, exitCode }) =>
      `echo ${shellText(`$ ${text}`)}\n${text}\ncode=$?\n[ $code -eq ${exitCode} ] || { echo "line ${line}: exit $code, not ${exitCode}" >&3; exit; }\n`,
  );
  const isAboutGateway = name === 'does-the-gateway-take-it.md';
  const env = {
    ...systems.env,
    PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOME: path.join(folder, 'home'),
    REMEDYCTL_TARGET: 'embedded',
    REMEDYCTL_PAGERDUTY_SILENT_POLICY: 'PSILENT1',
    ...(isAboutGateway ? gatewayEnv() : {}),
  };
  const shell = spawn('bash', ['-c', `exec 2>&1\n${script.join('')}`], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const heard = { broken: '', printed: '' };
  shell.stdout?.on('data', (text: Buffer) => (heard.printed += text.toString()));
  shell.stdio[3]?.on('data', (text: Buffer) => (heard.broken += text.toString()));
  return new Promise((resolve, reject) => {
    shell.once('error', reject);
    shell.once('close', () => {
      resolve(heard);
    });
  });
}

/** As the page itself exports it, and the cluster that the gateway works on. */
function gatewayEnv(): Record<string, string> {
  return {
    REMEDYCTL_TARGET: 'cluster',
    KUBECONFIG: behindGateway.kubeconfig,
    REMEDYCTL_GATEWAY_URL: gateway.url,
    REMEDYCTL_GATEWAY_TOKEN_FILE: 'token',
  };
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What has to be out of order for a page, beyond what its own commands do. */
function spoil(name: string): void {
  if (name !== 'a-run-was-interrupted.md') return;
  systems.ocm.server.failOn(/^POST .*limited_support_reasons/, { kind: 'stall', effect: true });
}

describe.each(taskPages())('docs/tasks/$name', (page) => {
  it('has commands that end as it says, in their order, on an empty store', async () => {
    spoil(page.name);
    const { broken, printed } = await follow(page);
    if (process.env['SHOW_TASKS'] === page.name) process.stderr.write(printed);
    expect(broken, printed).toBe('');
    expect(page.commands.length).toBeGreaterThan(1);
  });

  it('is short, and in the index', () => {
    expect(page.text.split('\n').length - 1).toBeLessThanOrEqual(longestPage);
    expect(taskIndex()).toContain(`(${page.name})`);
  });
});
