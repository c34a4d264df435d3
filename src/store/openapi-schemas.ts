/** The fields of the built-in kinds that remedyctl works with, for `kubectl explain` and for clients that check fields. */
type OpenApiSchema = Record<string, unknown>;

export const objectMetaName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const text: OpenApiSchema = { type: 'string' };
const flag: OpenApiSchema = { type: 'boolean' };
const moment: OpenApiSchema = { type: 'string', format: 'date-time' };
const count: OpenApiSchema = { type: 'integer', format: 'int32' };
const long: OpenApiSchema = { type: 'integer', format: 'int64' };
const texts: OpenApiSchema = { type: 'object', additionalProperties: text };

const object = (properties: Record<string, OpenApiSchema>, required?: string[]): OpenApiSchema => ({
  type: 'object',
  properties,
  ...(required === undefined ? {} : { required }),
});

const list = (items: OpenApiSchema): OpenApiSchema => ({ type: 'array', items });

/** A list that merges by a key, for either kind of patch. */
const keyed = (key: string, items: OpenApiSchema): OpenApiSchema => ({
  ...list(items),
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': [key],
  'x-kubernetes-patch-strategy': 'merge',
  'x-kubernetes-patch-merge-key': key,
});

const owner = object(
  {
    apiVersion: text,
    blockOwnerDeletion: flag,
    controller: flag,
    kind: text,
    name: text,
    uid: text,
  },
  ['apiVersion', 'kind', 'name', 'uid'],
);

const managedField = object({
  apiVersion: text,
  fieldsType: text,
  fieldsV1: { type: 'object' },
  manager: text,
  operation: text,
  subresource: text,
  time: moment,
});

export const objectMeta: OpenApiSchema = object({
  annotations: texts,
  creationTimestamp: moment,
  deletionGracePeriodSeconds: long,
  deletionTimestamp: moment,
  finalizers: { ...list(text), 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' },
  generateName: text,
  generation: long,
  labels: texts,
  managedFields: { ...list(managedField), 'x-kubernetes-list-type': 'atomic' },
  name: text,
  namespace: text,
  ownerReferences: keyed('uid', { ...owner, 'x-kubernetes-map-type': 'atomic' }),
  resourceVersion: text,
  selfLink: text,
  uid: text,
});

const condition = object(
  { lastTransitionTime: moment, message: text, reason: text, status: text, type: text },
  ['type', 'status'],
);

/** By the key of the kind's objects in the tables: what it has besides type and metadata. */
export const builtinContent: Readonly<Record<string, Record<string, OpenApiSchema>>> = {
  namespaces: {
    spec: object({ finalizers: { ...list(text), 'x-kubernetes-list-type': 'atomic' } }),
    status: object({ conditions: keyed('type', condition), phase: text }),
  },
  'leases.coordination.k8s.io': {
    spec: object({
      acquireTime: moment,
      holderIdentity: text,
      leaseDurationSeconds: count,
      leaseTransitions: count,
      preferredHolder: text,
      renewTime: moment,
      strategy: text,
    }),
  },
};

/** Of every object. */
export const typeAndMetadata: Readonly<Record<string, OpenApiSchema>> = {
  apiVersion: text,
  kind: text,
  metadata: { allOf: [{ $ref: `#/components/schemas/${objectMetaName}` }] },
};
