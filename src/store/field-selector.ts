/** Field selectors (k8s.io/apimachinery pkg/fields): `=`, `==` and `!=`, joined by commas. */
import { atPath } from './json.ts';
import { badRequest } from './refusals.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredObject } from './stored-object.ts';

export interface FieldRequirement {
  path: string;
  equals: boolean;
  value: string;
}

/** Fields that built-in kinds can be selected by, besides name and namespace. */
const builtinFields: Record<string, readonly string[]> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
};

/** Kinds whose refusal is worded as that of custom resources. */
const plainRefusal = new Set(Object.keys(builtinFields));

/** @throws a 400 refusal */
export function readFieldSelector(text: string | null, kind: ServedKind): FieldRequirement[] {
  if (text === null || text === '') return [];
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => {
      const requirement = readTerm(term, text);
      requireSelectable(requirement.path, kind);
      return requirement;
    });
}

function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^\\,])+|(?<=,)(?=,|$)/gsu) ?? [];
}

function readTerm(term: string, whole: string): FieldRequirement {
  const match = /^(.*?)(!=|==|=)(.*)$/su.exec(term);
  if (match === null) {
    throw badRequest(`invalid selector: '${whole}'; can't understand '${term}'`);
  }
  const [, path = '', operator = '', value = ''] = match;
  return { path, equals: operator !== '!=', value: unescaped(value) };
}

function unescaped(value: string): string {
  const bad = /\\(?![\\,=])(.?)/su.exec(value);
  if (bad !== null) {
    throw badRequest(`invalid field selector: invalid escape sequence: \\${bad[1] ?? ''}`);
  }
  const bare = /(?<!\\)(?:\\\\)*([,=])/su.exec(value);
  if (bare !== null) {
    throw badRequest(`invalid field selector: unescaped character in value: ${bare[1]?.codePointAt(0) ?? 0}`);
  }
  return value.replace(/\\([\\,=])/gsu, '$1');
}

function requireSelectable(path: string, kind: ServedKind): void {
  const plain = kind.custom !== undefined || plainRefusal.has(kind.res);
  if (isSelectable(path, kind, plain)) return;
  if (plain) throw badRequest(`field label not supported: ${path}`);
  throw badRequest(
    `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function isSelectable(path: string, kind: ServedKind, plain: boolean): boolean {
  if (path === 'metadata.name') return true;
  if (path === 'metadata.namespace') return kind.namespaced || !plain;
  const fields = kind.custom?.selectableFields ?? builtinFields[kind.res] ?? [];
  return fields.includes(path);
}

export function matchesFields(object: StoredObject, requirements: readonly FieldRequirement[]): boolean {
  return requirements.every(({ path, equals, value }) => (fieldText(object, path) === value) === equals);
}

function fieldText(object: StoredObject, path: string): string {
  if (path === 'source' && object.kind === 'Event') {
    return shownText(atPath(object, ['source', 'component']));
  }
  return shownText(atPath(object, path.split('.')));
}

function shownText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The one value that the selector allows for a field, if it names one. */
export function exactValue(requirements: readonly FieldRequirement[], path: string): string | undefined {
  return requirements.find((one) => one.path === path && one.equals)?.value;
}
