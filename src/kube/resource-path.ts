import type { ApiResource } from '../api/objects.ts';
import { apiVersionOf } from '../api/objects.ts';

interface ResourceAddress {
  namespace?: string | undefined;
  name?: string | undefined;
  subresource?: 'status' | 'portforward' | undefined;
}

export type Query = Record<string, string | number | boolean | undefined>;

/**
 * The path of a resource, percent-encoded. Names are only ever one path segment: `/`, `?`, `#` and `%` are
 * encoded, and a name that is `.` or `..` (which encoding cannot keep a server from resolving) is refused.
 */
export function resourcePath(resource: ApiResource, address: ResourceAddress, query: Query = {}): string {
  const root = resource.group === '' ? '/api' : '/apis';
  const segments = [`${root}/${apiVersionOf(resource)}`];
  if (resource.namespaced && address.namespace !== undefined && address.namespace !== '') {
    segments.push('namespaces', pathSegment(address.namespace));
  }
  segments.push(resource.plural);
  if (address.name !== undefined) segments.push(pathSegment(address.name));
  if (address.subresource !== undefined) segments.push(address.subresource);
  return segments.join('/') + queryString(query);
}

/** `leases.coordination.k8s.io`, `pods`, `remediationrequests.kubernaut.ai/status`. */
export function resourceName(resource: ApiResource, subresource?: string): string {
  const grouped = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return subresource === undefined ? grouped : `${grouped}/${subresource}`;
}

function queryString(query: Query): string {
  const pairs: string[] = [];
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    pairs.push(`${key}=${encodeText(String(value))}`);
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function pathSegment(name: string): string {
  if (!isPathSegment(name)) throw new TypeError(`"${name}" cannot be one segment of a path`);
  return encodeText(name);
}

/** Whether a name can stand in a path at all; what is allowed in a name is for the server to say. */
export function isPathSegment(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..';
}

/** A lone surrogate, which encodeURIComponent throws on, becomes U+FFFD as in any UTF-8 encoder. */
function encodeText(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}
