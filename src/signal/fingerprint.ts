import { createHash } from 'node:crypto';

/** What tells one resource from another; namespace and cluster are empty where there are none. */
interface FingerprintParts {
  clusterID?: string | undefined;
  namespace: string;
  kind: string;
  name: string;
}

/**
 * SHA-256 of `namespace:Kind:name`, or of `cluster:namespace:Kind:name` when a cluster is named, as 64 lower-case
 * hex digits. The signal's own name is no part of it: every alert about one resource shares one fingerprint.
 */
export function fingerprintOf(parts: FingerprintParts): string {
  return createHash('sha256').update(fingerprintInput(parts), 'utf8').digest('hex');
}

/** The text that is hashed. Colons are not escaped, as in the gateway: `a:b` is no injective joint. */
export function fingerprintInput({ clusterID, namespace, kind, name }: FingerprintParts): string {
  const resource = `${namespace}:${kind}:${name}`;
  return clusterID === undefined || clusterID === '' ? resource : `${clusterID}:${resource}`;
}
