import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, inject } from 'vitest';
import type { KubeList, KubeObject } from '../../src/api/objects.ts';
import { deploymentNames, describeManyProcesses } from '../support/many-processes.ts';
import { bareDeployment } from './bare-deployment.ts';
import { programsFolder } from './programs.mjs';

const cluster = inject('cluster');

describe('many processes on one cluster', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-many-'));
  const env = { KUBECONFIG: cluster.kubeconfig, HOME: home };
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  const kubectl = (args: readonly string[], input = ''): Promise<string> =>
    new Promise((resolve, reject) => {
      const options = { env, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(path.join(programsFolder(), 'kubectl'), args, options, (error, stdout) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${error.message}`));
        else resolve(stdout);
      });
      child.stdin?.end(input);
    });

  describeManyProcesses(async (prefix) => {
    const namespace = `many-${prefix}`;
    const labels = { 'kubernaut.ai/managed': 'true' };
    const items = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      ...deploymentNames(prefix).map((name) => bareDeployment(namespace, name)),
    ];
    await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const listed = async (kind: string): Promise<KubeObject[]> =>
      (JSON.parse(await kubectl(['get', kind, '-n', namespace, '-o', 'json'])) as KubeList).items;
    return {
      env,
      flags: ['--target', 'cluster', '-n', namespace],
      namespace,
      readRequests: () => listed('rr'),
      readLeases: () => listed('leases'),
    };
  });
});
