import type { ApiResource } from '../api/objects.ts';
import { apiVersionOf } from '../api/objects.ts';
import type { Send } from '../api/wire.ts';
import { isApiError } from './api-error.ts';
import { getJson } from './get-json.ts';
import { isRecord } from './kubeconfig-fields.ts';

export interface RequestSchema {
  /** Dotted from the root; a list is passed through to its items. */
  hasField(path: string): boolean;
}

/**
 * The OpenAPI v3 schema that the server publishes for a kind. Where it publishes none, or not to us (403,
 * 404), every field counts as there: the server then drops or warns about what it does not know.
 */
export async function readRequestSchema(send: Send, resource: ApiResource): Promise<RequestSchema> {
  const root = resource.group === '' ? 'api' : 'apis';
  const document = await published(send, `/openapi/v3/${root}/${apiVersionOf(resource)}`);
  const schemas = at(document, 'components', 'schemas');
  const own = Object.values(isRecord(schemas) ? schemas : {}).find((schema) => describes(schema, resource));
  if (own === undefined) return { hasField: () => true };
  return { hasField: (path) => hasPath(own, path.split('.'), schemas) };
}

async function published(send: Send, path: string): Promise<unknown> {
  try {
    return await getJson(send, path);
  } catch (thrown) {
    if (isApiError(thrown) && (thrown.httpStatus === 404 || thrown.httpStatus === 403)) return undefined;
    throw thrown;
  }
}

function describes(schema: unknown, resource: ApiResource): boolean {
  const kinds = at(schema, 'x-kubernetes-group-version-kind');
  if (!Array.isArray(kinds)) return false;
  return kinds.some(
    (entry) =>
      at(entry, 'group') === resource.group &&
      at(entry, 'version') === resource.version &&
      at(entry, 'kind') === resource.kind,
  );
}

function hasPath(schema: unknown, path: readonly string[], schemas: unknown): boolean {
  const node = resolved(schema, schemas);
  const [name, ...rest] = path;
  if (name === undefined) return true;
  if (at(node, 'type') === 'array') return hasPath(at(node, 'items'), path, schemas);
  const property = at(node, 'properties', name);
  if (property !== undefined) return hasPath(property, rest, schemas);
  if (at(node, 'x-kubernetes-preserve-unknown-fields') === true) return true;
  const additional = at(node, 'additionalProperties');
  return isRecord(additional) ? hasPath(additional, rest, schemas) : additional === true;
}

/** Follows `$ref` and `allOf: [{$ref}]`, which kube-openapi writes where a reference has a default. */
function resolved(schema: unknown, schemas: unknown): unknown {
  const [first] = [at(schema, 'allOf')].flat();
  const reference = at(schema, '$ref') ?? at(first, '$ref');
  if (typeof reference !== 'string') return schema;
  return at(schemas, reference.slice(reference.lastIndexOf('/') + 1));
}

function at(value: unknown, ...path: string[]): unknown {
  let node = value;
  for (const name of path) {
    if (!isRecord(node) || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return node;
}
