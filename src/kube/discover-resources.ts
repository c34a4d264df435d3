import type { ApiResource } from '../api/objects.ts';
import type { Send } from '../api/wire.ts';
import { recordsOf, textOf } from './answer-shape.ts';
import { isApiError } from './api-error.ts';
import type { ServedVersion } from './discovery-lists.ts';
import { aggregatedVersions, byPreference, fieldOf, listedResources } from './discovery-lists.ts';
import { getJson } from './get-json.ts';

/** Aggregated discovery where the server has it (1.27 and later), the legacy lists where it has not. */
const accept = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

interface VersionAddress {
  group: string;
  version: string;
  rank: number;
}

/** Every served resource: two requests, on an old server one more per group and version. */
export async function discoverResources(send: Send): Promise<ApiResource[]> {
  const [core, groups] = await Promise.all([getJson(send, '/api', accept), getJson(send, '/apis', accept)]);
  const [coreVersions, groupVersions] = await Promise.all([
    versionsOf(send, core, legacyCore),
    versionsOf(send, groups, legacyGroups),
  ]);
  return byPreference([...coreVersions, ...groupVersions]);
}

async function versionsOf(
  send: Send,
  answer: unknown,
  legacy: (answer: unknown) => VersionAddress[],
): Promise<ServedVersion[]> {
  if (fieldOf(answer, 'kind') === 'APIGroupDiscoveryList') return aggregatedVersions(answer);
  return Promise.all(legacy(answer).map((address) => legacyVersion(send, address)));
}

function legacyCore(answer: unknown): VersionAddress[] {
  const versions = fieldOf(answer, 'versions');
  return (Array.isArray(versions) ? versions : [])
    .filter((version) => typeof version === 'string')
    .map((version, rank) => ({ group: '', version, rank }));
}

function legacyGroups(answer: unknown): VersionAddress[] {
  return recordsOf(fieldOf(answer, 'groups')).flatMap((group) => {
    const name = textOf(group['name']);
    if (name === undefined) return [];
    const preferred = textOf(fieldOf(group['preferredVersion'], 'version'));
    const versions = recordsOf(group['versions']).flatMap(({ version }) => textOf(version) ?? []);
    const ordered = [...new Set(preferred === undefined ? versions : [preferred, ...versions])];
    return ordered.map((version, rank) => ({ group: name, version, rank }));
  });
}

/** A group whose own server is down (503 of an aggregated API) or is gone by now counts as empty. */
async function legacyVersion(send: Send, address: VersionAddress): Promise<ServedVersion> {
  const { group, version, rank } = address;
  const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  try {
    return { rank, resources: listedResources(await getJson(send, path), group, version) };
  } catch (thrown) {
    if (isApiError(thrown) && (thrown.httpStatus === 404 || thrown.httpStatus === 503)) {
      return { rank, resources: [] };
    }
    throw thrown;
  }
}
