import type { ServedRequestKind } from '../../../src/kube/discovery.ts';

/** The kind as the newest schema serves it; `missing`: fields (with everything below) that it lacks. */
export function servedKind(missing: string[] = ['spec.deduplication']): ServedRequestKind {
  return {
    resource: {
      group: 'kubernaut.ai',
      version: 'v1alpha1',
      plural: 'remediationrequests',
      singular: 'remediationrequest',
      kind: 'RemediationRequest',
      namespaced: true,
    },
    statusLayout: 'nested',
    hasField: (path) => !missing.some((field) => path === field || path.startsWith(`${field}.`)),
  };
}
