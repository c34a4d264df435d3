import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { startControlPlane, type User } from './control-plane.ts';
import { missingForCluster } from './missing.ts';

/** What the one control plane of the tier tells its tests. */
export interface SharedCluster {
  server: string;
  etcd: string;
  kubeconfig: string;
  certificateAuthorityFile: string;
  tokens: Record<User, string>;
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: SharedCluster;
  }
}

/** Starts the control plane that every file of the tier shares; each file has namespaces of its own. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reason = missingForCluster();
  if (reason !== undefined) {
    if (process.env['REMEDYCTL_REQUIRE_CLUSTER'] === '1') {
      throw new Error(`the cluster tier is required and cannot run: ${reason}`);
    }
    console.log(`cluster tier skipped: ${reason}`);
    return undefined;
  }
  const controlPlane = await startControlPlane();
  try {
    await controlPlane.applyCrd();
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
  const { server, etcd, kubeconfig, certificateAuthorityFile, tokens } = controlPlane;
  project.provide('cluster', { server, etcd, kubeconfig, certificateAuthorityFile, tokens });
  return () => controlPlane.stop();
}
