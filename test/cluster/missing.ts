import { hasShared } from '../support/shared.ts';
import { missingPrograms, programsFolder } from './programs.mjs';

const needed = ['etcd', 'kube-apiserver', 'kubectl'];

/**
 * What the cluster tier lacks here, or undefined where it can run. The one guard of the tier: without it, no file of
 * the tier is loaded (vitest.config.ts), so none needs a guard of its own.
 */
export function missingForCluster(): string | undefined {
  const missing = missingPrograms(programsFolder(), needed);
  if (missing.length > 0) {
    return `${missing.join(', ')} not in ${programsFolder()}; get them with: npm run cluster:build`;
  }
  return hasShared ? undefined : 'the resource definition (../shared/crds) is not beside this checkout';
}
