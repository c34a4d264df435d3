/** Lease as the API server decodes and validates it (coordination.k8s.io/v1, release 1.35). */
import { invalidValue, type FieldError } from './field-error.ts';
import { isObject, type Json } from './json.ts';
import { decodeFields, jsonTypeOf, unreadable, type TypedStruct } from './typed-fields.ts';

const lease = { kind: 'Lease', version: 'v1' };

const specStruct: TypedStruct = {
  name: 'LeaseSpec.spec',
  path: 'spec',
  fields: {
    holderIdentity: 'string',
    leaseDurationSeconds: 'int32',
    acquireTime: 'microTime',
    renewTime: 'microTime',
    leaseTransitions: 'int32',
    strategy: 'string',
    preferredHolder: 'string',
  },
};

const topLevel = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Brings the lease into the server's form, in place; returns the paths of unknown fields. @throws a 400 refusal */
export function decodeLease(object: Json): string[] {
  const unknown: string[] = [];
  for (const name of Object.keys(object)) {
    if (topLevel.includes(name)) continue;
    unknown.push(name);
    Reflect.deleteProperty(object, name);
  }
  const spec = object['spec'] ?? {};
  if (!isObject(spec)) {
    const found = jsonTypeOf(spec);
    throw unreadable(
      lease,
      `json: cannot unmarshal ${found} into Go struct field Lease.spec of type v1.LeaseSpec`,
    );
  }
  const decoded = decodeFields(lease, specStruct, spec, unknown);
  // Never honoured while the server's feature gate CoordinatedLeaderElection is off, as it is by default.
  delete decoded['strategy'];
  delete decoded['preferredHolder'];
  object['spec'] = decoded;
  return unknown;
}

export function checkLease(object: Json): FieldError[] {
  const spec = isObject(object['spec']) ? object['spec'] : {};
  const errors: FieldError[] = [];
  const { leaseDurationSeconds, leaseTransitions } = spec;
  if (typeof leaseDurationSeconds === 'number' && leaseDurationSeconds <= 0) {
    errors.push(invalidValue('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0'));
  }
  if (typeof leaseTransitions === 'number' && leaseTransitions < 0) {
    errors.push(
      invalidValue('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0'),
    );
  }
  return errors;
}
