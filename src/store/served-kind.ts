import type { ApiResource } from '../api/objects.ts';
import { apiVersionOf } from '../api/objects.ts';
import { builtinKinds, type BuiltinKind, type KindTraits } from './builtin-kinds.ts';
import { atPath, isObject, type Json } from './json.ts';
import {
  remediationRequestPrinterColumns,
  remediationRequestSchema,
  remediationRequestSelectableFields,
} from './remediation-request-schema.ts';
import type { Schema } from './schema.ts';

/** One kind under one group and version, as the store serves it. */
export interface ServedKind extends ApiResource {
  /** The key of its objects in the tables; versions of one kind share it. */
  res: string;
  shortNames: readonly string[];
  listKind: string;
  traits: KindTraits;
  /** Only for kinds of a CustomResourceDefinition. */
  custom?: CustomFacts;
}

export interface CustomFacts {
  /** Absent: anything goes, nothing is pruned. */
  schema?: Schema;
  /** Paths without the leading dot. */
  selectableFields: readonly string[];
  printerColumns: readonly PrinterColumnFacts[];
}

/** A column of `additionalPrinterColumns`. */
export interface PrinterColumnFacts {
  name: string;
  type: string;
  jsonPath: string;
  priority: number;
}

const remediationRequestDefinition: Json = {
  spec: {
    group: 'kubernaut.ai',
    scope: 'Namespaced',
    names: {
      kind: 'RemediationRequest',
      listKind: 'RemediationRequestList',
      plural: 'remediationrequests',
      singular: 'remediationrequest',
      shortNames: ['rr'],
    },
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        schema: { openAPIV3Schema: remediationRequestSchema },
        additionalPrinterColumns: remediationRequestPrinterColumns,
        selectableFields: remediationRequestSelectableFields.map((jsonPath) => ({ jsonPath })),
        subresources: { status: {} },
      },
    ],
  },
};

/** Core and events.k8s.io Events are one kind in two dresses; everything else is itself. */
function storageKey(group: string, plural: string): string {
  if (plural === 'events' && group === 'events.k8s.io') return 'events';
  return group === '' ? plural : `${plural}.${group}`;
}

/** The kinds served, from the built-in table and CustomResourceDefinitions. Immutable. */
export class KindCatalog {
  readonly kinds: readonly ServedKind[];
  readonly #byPath: ReadonlyMap<string, ServedKind>;
  readonly #byKind: ReadonlyMap<string, ServedKind>;

  /** An imported definition of RemediationRequest takes the place of the built-in one. */
  constructor(definitions: Iterable<Json>) {
    const custom = new Map<string, ServedKind>();
    for (const definition of [remediationRequestDefinition, ...definitions]) {
      for (const kind of kindsOfDefinition(definition)) custom.set(pathKey(kind, kind.plural), kind);
    }
    this.kinds = [...builtinKinds().map(builtinServed), ...custom.values()];
    this.#byPath = new Map(this.kinds.map((kind) => [pathKey(kind, kind.plural), kind]));
    this.#byKind = new Map(this.kinds.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind]));
  }

  byPath(group: string, version: string, plural: string): ServedKind | undefined {
    return this.#byPath.get(pathKey({ group, version }, plural));
  }

  byKind(apiVersion: string, kind: string): ServedKind | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }

  /** Any version of a group's kind: objects are imported in whatever version they were exported. */
  byGroupKind(group: string, kind: string): ServedKind | undefined {
    return this.kinds.find((served) => served.group === group && served.kind === kind);
  }

  byStorageKey(res: string): ServedKind | undefined {
    return this.kinds.find((served) => served.res === res);
  }
}

function pathKey(resource: { group: string; version: string }, plural: string): string {
  return `${resource.group}/${resource.version}/${plural}`;
}

function builtinServed(kind: BuiltinKind): ServedKind {
  return { ...kind, res: storageKey(kind.group, kind.plural), listKind: `${kind.kind}List` };
}

/** Reads leniently: a definition that names no group or kind serves nothing. */
function kindsOfDefinition(definition: Json): ServedKind[] {
  const spec = isObject(definition['spec']) ? definition['spec'] : {};
  const names = isObject(spec['names']) ? spec['names'] : {};
  const { group, scope, versions } = spec;
  const { kind, plural } = names;
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string') return [];
  if (!Array.isArray(versions)) return [];
  return versions.flatMap((version: unknown) => {
    if (!isObject(version) || typeof version['name'] !== 'string' || version['served'] === false) return [];
    const served: ServedKind = {
      group,
      version: version['name'],
      plural,
      singular: textOr(names['singular'], kind.toLowerCase()),
      kind,
      namespaced: scope !== 'Cluster',
      res: storageKey(group, plural),
      shortNames: textsOf(names['shortNames']),
      listKind: textOr(names['listKind'], `${kind}List`),
      traits: {
        status: isObject(atPath(version, ['subresources', 'status'])),
        generation: true,
        createOnUpdate: false,
        unconditionalUpdate: false,
        review: false,
      },
      custom: customFacts(version),
    };
    return [served];
  });
}

function customFacts(version: Json): CustomFacts {
  const schema = atPath(version, ['schema', 'openAPIV3Schema']);
  const fields = Array.isArray(version['selectableFields']) ? version['selectableFields'] : [];
  return {
    ...(isObject(schema) ? { schema: schema } : {}),
    selectableFields: fields
      .map((field) => atPath(field, ['jsonPath']))
      .filter((path) => typeof path === 'string')
      .map((path) => path.replace(/^\./, '')),
    printerColumns: printerColumns(version['additionalPrinterColumns']),
  };
}

/** An API server shows the age where a definition says nothing. */
const agesOnly: PrinterColumnFacts[] = [
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', priority: 0 },
];

function printerColumns(columns: unknown): PrinterColumnFacts[] {
  if (!Array.isArray(columns) || columns.length === 0) return agesOnly;
  return columns.filter(isObject).map(({ name, type, jsonPath, priority }) => ({
    name: textOr(name, ''),
    type: textOr(type, 'string'),
    jsonPath: textOr(jsonPath, ''),
    priority: typeof priority === 'number' ? priority : 0,
  }));
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
