import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { hasShared } from '../support/shared.ts';
import { startControlPlane, type User } from './control-plane.ts';
import { missingPrograms, programsFolder } from './programs.mjs';

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
    /** Null where the programs of the control plane are missing: the tier is skipped. */
    cluster: SharedCluster | null;
  }
}

const needed = ['etcd', 'kube-apiserver', 'kubectl'];

function whyNot(): string | undefined {
  const missing = missingPrograms(programsFolder(), needed);
  if (missing.length > 0) {
    return `${missing.join(', ')} not in ${programsFolder()}; get them with: npm run cluster:build`;
  }
  return hasShared ? undefined : 'the resource definition (../shared/crds) is not beside this checkout';
}

/** Starts the control plane that every file of the tier shares; each file has namespaces of its own. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const reason = whyNot();
  if (reason !== undefined) {
    if (process.env['REMEDYCTL_REQUIRE_CLUSTER'] === '1') {
      throw new Error(`the cluster tier is required and cannot run: ${reason}`);
    }
    console.log(`cluster tier skipped: ${reason}`);
    project.provide('cluster', null);
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
