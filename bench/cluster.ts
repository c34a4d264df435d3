import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ControlPlane, startControlPlane } from '../test/cluster/control-plane.ts';

/** A control plane of its own with the resource definition, and a home folder, for as long as `work` runs. */
export async function withCluster(
  work: (cluster: ControlPlane, home: string) => Promise<void>,
): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'remedyctl-bench-'));
  const cluster = await startControlPlane();
  try {
    await cluster.applyCrd();
    await work(cluster, home);
  } finally {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

export async function makeNamespace(cluster: ControlPlane, name: string): Promise<void> {
  const metadata = { name, labels: { 'kubernaut.ai/managed': 'true' } };
  await cluster.kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }),
  );
}
