import type { TargetResource } from './signal.ts';

/** `Kind/name in namespace ns`. */
export function describeResource({ kind, name, namespace }: TargetResource): string {
  return namespace === undefined ? `${kind}/${name}` : `${kind}/${name} in namespace ${namespace}`;
}
