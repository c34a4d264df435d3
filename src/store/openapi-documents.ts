/** /openapi/v3: one document a group and version, enough for clients that ask which fields a kind has. */
import { apiVersionOf } from '../api/objects.ts';
import { jsonAnswer, type Answer } from './answer.ts';
import type { KindCatalog, ServedKind } from './served-kind.ts';
import { builtinContent, objectMeta, objectMetaName, typeAndMetadata } from './openapi-schemas.ts';
import type { Schema } from './schema.ts';

/** `rest`: the path below /openapi. */
export function answerOpenApi(catalog: KindCatalog, rest: readonly string[]): Answer | undefined {
  const [version, ...path] = rest;
  if (version !== 'v3') return undefined;
  if (path.length === 0) {
    const index = jsonAnswer(200, { paths: documentPaths(catalog) });
    return { ...index, contentType: 'text/plain; charset=utf-8' };
  }
  const asked = path.join('/');
  const kinds = catalog.kinds.filter((kind) => documentPath(kind) === asked);
  return kinds.length === 0 ? undefined : jsonAnswer(200, document(kinds));
}

function documentPath(kind: ServedKind): string {
  return kind.group === '' ? `api/${kind.version}` : `apis/${kind.group}/${kind.version}`;
}

function documentPaths(catalog: KindCatalog): Record<string, unknown> {
  const paths = new Set(catalog.kinds.map(documentPath));
  return Object.fromEntries([...paths].map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }]));
}

function document(kinds: readonly ServedKind[]): unknown {
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.assign({}, ...kinds.map(pathsOf)) as Record<string, unknown>,
    components: {
      schemas: {
        [objectMetaName]: objectMeta,
        ...Object.fromEntries(kinds.map((kind) => [schemaName(kind), schemaOf(kind)])),
      },
    },
  };
}

/** Reversed group, version, kind: `ai.kubernaut.v1alpha1.RemediationRequest`, `io.k8s.api.core.v1.Pod`. */
function schemaName(kind: ServedKind): string {
  const { group, version } = kind;
  if (kind.custom !== undefined) {
    return `${group.split('.').reverse().join('.')}.${version}.${kind.kind}`;
  }
  const short = group === '' ? 'core' : (group.split('.')[0] ?? group);
  return `io.k8s.api.${short}.${version}.${kind.kind}`;
}

function schemaOf(kind: ServedKind): unknown {
  const { group, version, custom } = kind;
  const identity = {
    'x-kubernetes-group-version-kind': [{ group, version, kind: kind.kind }],
  };
  const schema: Schema | undefined = custom?.schema;
  const content = builtinContent[kind.res];
  if (content !== undefined) {
    return { type: 'object', properties: { ...typeAndMetadata, ...content }, ...identity };
  }
  if (schema === undefined) {
    const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    return { ...open, properties: typeAndMetadata, ...identity };
  }
  return { ...schema, properties: { ...schema.properties, ...typeAndMetadata }, ...identity };
}

/** kubectl looks here whether the server can check fields and try a write out. */
function pathsOf(kind: ServedKind): Record<string, unknown> {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  const scope = kind.namespaced ? '/namespaces/{namespace}' : '';
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  return {
    [`${root}${scope}/${kind.plural}/{name}`]: {
      patch: {
        parameters,
        responses: { '200': { description: 'OK' } },
        'x-kubernetes-action': 'patch',
        'x-kubernetes-group-version-kind': {
          group: kind.group,
          version: kind.version,
          kind: kind.kind,
        },
      },
    },
  };
}
