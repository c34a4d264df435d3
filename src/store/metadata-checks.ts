/** Validation of metadata (k8s.io/apimachinery pkg/api/validation/objectmeta.go, release 1.35). */
import { fieldError, invalidValue, requiredValue, tooLong, type FieldError } from './field-error.ts';
import { sameJson, type Json } from './json.ts';
import {
  bytesOf,
  checkLabelName,
  checkLabelValue,
  checkPathSegment,
  checkQualifiedName,
  checkSubdomain,
} from './names.ts';
import type { ServedKind } from './served-kind.ts';
import type { StoredMetadata } from './stored-object.ts';

const annotationsLimitBytes = 256 * 1024;

/** Kinds with names of their own rules; all others have DNS subdomains. */
const nameChecks: Record<string, (name: string) => string[]> = {
  namespaces: checkLabelName,
  services: checkLabelName,
  'roles.rbac.authorization.k8s.io': checkPathSegment,
  'clusterroles.rbac.authorization.k8s.io': checkPathSegment,
  'rolebindings.rbac.authorization.k8s.io': checkPathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': checkPathSegment,
};

export function checkNewMetadata(
  metadata: StoredMetadata,
  kind: ServedKind,
  options: { anyName?: boolean } = {},
): FieldError[] {
  const ownCheck = nameChecks[kind.res] ?? checkSubdomain;
  const checkName = options.anyName === true ? checkPathSegment : ownCheck;
  const errors: FieldError[] = [];
  const { name, generateName } = metadata;
  if (generateName !== undefined) {
    errors.push(...each('metadata.generateName', generateName, checkName(maskTrailingDash(generateName))));
  }
  if (name === undefined) errors.push(requiredValue('metadata.name', 'name or generateName is required'));
  else errors.push(...each('metadata.name', name, checkName(name)));
  if (kind.namespaced && metadata.namespace !== undefined) {
    errors.push(...each('metadata.namespace', metadata.namespace, checkLabelName(metadata.namespace)));
  }
  return [...errors, ...checkLabelsAndOwners(metadata), ...checkFinalizers(metadata)];
}

/** The API server replaces the last two characters, not one. */
function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function each(field: string, value: string, texts: string[]): FieldError[] {
  return texts.map((text) => invalidValue(field, value, text));
}

const immutable = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
] as const;

export function checkChangedMetadata(now: StoredMetadata, before: StoredMetadata): FieldError[] {
  const errors: FieldError[] = [];
  if (before.deletionTimestamp !== undefined) errors.push(...checkNoNewFinalizers(now, before));
  for (const name of immutable) {
    if (!sameJson(now[name], before[name])) {
      errors.push(invalidValue(`metadata.${name}`, now[name] ?? '', 'field is immutable'));
    }
  }
  return [...errors, ...checkLabelsAndOwners(now)];
}

function checkNoNewFinalizers(now: StoredMetadata, before: StoredMetadata): FieldError[] {
  const added = (now.finalizers ?? []).filter((one) => before.finalizers?.includes(one) !== true).sort();
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
  const text = `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`;
  return [fieldError('FieldValueForbidden', 'metadata.finalizers', '', text)];
}

function checkLabelsAndOwners(metadata: StoredMetadata): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    errors.push(...each('metadata.labels', key, checkQualifiedName(key)));
    errors.push(...each('metadata.labels', value, checkLabelValue(value)));
  }
  const annotations = Object.entries(metadata.annotations ?? {});
  for (const [key] of annotations) {
    errors.push(...each('metadata.annotations', key, checkQualifiedName(key.toLowerCase())));
  }
  const bytes = annotations.reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(value), 0);
  if (bytes > annotationsLimitBytes) errors.push(tooLong('metadata.annotations', annotationsLimitBytes));
  return [...errors, ...checkOwners(metadata.ownerReferences ?? [])];
}

function checkOwners(owners: Json[]): FieldError[] {
  const errors: FieldError[] = [];
  const path = 'metadata.ownerReferences';
  let controller: string | undefined;
  for (const owner of owners) {
    errors.push(...checkOwnerParts(owner, path));
    if (owner['controller'] !== true) continue;
    const name = `${String(owner['kind'])}/${String(owner['name'])}`;
    if (controller === undefined) {
      controller = name;
      continue;
    }
    const text = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
    errors.push(invalidValue(path, owners, text));
  }
  return errors;
}

function checkOwnerParts(owner: Json, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const text = (name: string): string => (typeof owner[name] === 'string' ? owner[name] : '');
  if (text('apiVersion') === '') {
    errors.push(invalidValue(`${path}.apiVersion`, '', 'version must not be empty'));
  }
  for (const name of ['kind', 'name', 'uid']) {
    if (text(name) === '') errors.push(invalidValue(`${path}.${name}`, '', 'must not be empty'));
  }
  return errors;
}

function checkFinalizers(metadata: StoredMetadata): FieldError[] {
  const finalizers = metadata.finalizers ?? [];
  const errors = finalizers.flatMap((one) => each('metadata.finalizers', one, checkQualifiedName(one)));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    const text = 'finalizer orphan and foregroundDeletion cannot be both set';
    errors.push(invalidValue('metadata.finalizers', finalizers, text));
  }
  return errors;
}
