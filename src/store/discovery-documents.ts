/** What clients ask before they ask for objects: groups, resources, versions, schemas. */
import { createHash } from 'node:crypto';
import { jsonAnswer, type Answer } from './answer.ts';
import { answerOpenApi } from './openapi-documents.ts';
import type { KindCatalog, ServedKind } from './served-kind.ts';

interface GroupVersion {
  group: string;
  version: string;
  kinds: ServedKind[];
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Undefined for a path that is not served. */
export function answerDiscovery(
  catalog: KindCatalog,
  segments: readonly string[],
  accept: string,
): Answer | undefined {
  const path = segments.join('/');
  if (path === 'version') return jsonAnswer(200, versionDocument());
  if (healthPaths.has(path)) return { status: 200, body: 'ok', contentType: 'text/plain; charset=utf-8' };
  if (segments[0] === 'openapi') return answerOpenApi(catalog, segments.slice(1));
  const groups = groupVersions(catalog);
  if (path === 'api' || path === 'apis') return rootDocument(groups, path, accept);
  return segments[0] === 'api' ? coreDocument(groups, segments) : namedDocument(groups, segments);
}

const healthPaths = new Set(['healthz', 'livez', 'readyz']);

function coreDocument(groups: GroupVersion[], segments: readonly string[]): Answer | undefined {
  const [, version = '', ...rest] = segments;
  return rest.length > 0 ? undefined : resourceList(groups, { group: '', version });
}

function namedDocument(groups: GroupVersion[], segments: readonly string[]): Answer | undefined {
  const [root, group, version, ...rest] = segments;
  if (root !== 'apis' || group === undefined || rest.length > 0) return undefined;
  return version === undefined ? groupDocument(groups, group) : resourceList(groups, { group, version });
}

function versionDocument(): unknown {
  return {
    major: '1',
    minor: '35',
    gitVersion: 'v1.35.4+remedyctl-embedded',
    gitCommit: '',
    gitTreeState: '',
    buildDate: '',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  };
}

function groupVersions(catalog: KindCatalog): GroupVersion[] {
  const groups = new Map<string, GroupVersion>();
  for (const kind of catalog.kinds) {
    const key = `${kind.group}/${kind.version}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { group: kind.group, version: kind.version, kinds: [kind] });
    else known.kinds.push(kind);
  }
  return [...groups.values()];
}

function rootDocument(groups: GroupVersion[], path: string, accept: string): Answer {
  const shown = groups.filter(({ group }) => (group === '') === (path === 'api'));
  if (accept.replaceAll(' ', '').includes('g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList')) {
    return { ...jsonAnswer(200, aggregated(shown)), contentType: aggregatedType };
  }
  if (path === 'api') {
    return jsonAnswer(200, {
      kind: 'APIVersions',
      versions: shown.map(({ version }) => version),
      serverAddressByClientCIDRs: [],
    });
  }
  const names = [...new Set(shown.map(({ group }) => group))];
  return jsonAnswer(200, {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: names.map((group) => describeGroup(shown, group)),
  });
}

function describeGroup(groups: GroupVersion[], group: string): Record<string, unknown> {
  const versions = groups
    .filter((one) => one.group === group)
    .map(({ version }) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

function groupDocument(groups: GroupVersion[], group: string): Answer | undefined {
  if (!groups.some((one) => one.group === group)) return undefined;
  return jsonAnswer(200, { kind: 'APIGroup', apiVersion: 'v1', ...describeGroup(groups, group) });
}

function resourceList(groups: GroupVersion[], asked: { group: string; version: string }): Answer | undefined {
  const found = groups.find((one) => one.group === asked.group && one.version === asked.version);
  if (found === undefined) return undefined;
  const { group, version } = asked;
  return jsonAnswer(200, {
    kind: 'APIResourceList',
    ...(group === '' ? {} : { apiVersion: 'v1' }),
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: found.kinds.flatMap(legacyEntries),
  });
}

const objectVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
/** The API server lists those of custom resources in an order of its own. */
const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];
const statusVerbs = ['get', 'patch', 'update'];

function verbsOf(kind: ServedKind): string[] {
  if (kind.traits.review) return ['create'];
  if (kind.res === 'namespaces') return objectVerbs.filter((verb) => verb !== 'deletecollection');
  return kind.custom === undefined ? objectVerbs : customVerbs;
}

/** As k8s.io/apiserver makes it: the first 8 bytes of a SHA-256 of group, version and kind. */
function storageVersionHash(kind: ServedKind): string {
  const name = `${kind.group}/${kind.version}/${kind.kind}`;
  return createHash('sha256').update(name).digest().subarray(0, 8).toString('base64');
}

function legacyEntries(kind: ServedKind): unknown[] {
  const base = { namespaced: kind.namespaced, kind: kind.kind };
  const main = {
    name: kind.plural,
    singularName: kind.singular,
    ...base,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.traits.review ? {} : { storageVersionHash: storageVersionHash(kind) }),
  };
  if (!kind.traits.status) return [main];
  return [main, { name: `${kind.plural}/status`, singularName: '', ...base, verbs: statusVerbs }];
}

function aggregated(groups: GroupVersion[]): unknown {
  const names = [...new Set(groups.map(({ group }) => group))];
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: { ...(name === '' ? {} : { name }), creationTimestamp: null },
      versions: groups
        .filter(({ group }) => group === name)
        .map(({ version, kinds }) => ({
          version,
          resources: kinds.map(aggregatedEntry),
          freshness: 'Current',
        })),
    })),
  };
}

function aggregatedEntry(kind: ServedKind): unknown {
  const responseKind = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
    ...(kind.traits.status
      ? { subresources: [{ subresource: 'status', responseKind, verbs: statusVerbs }] }
      : {}),
  };
}
