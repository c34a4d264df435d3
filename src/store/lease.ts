/** Lease as the API server decodes and validates it (coordination.k8s.io/v1, release 1.35). */
import { invalidValue, type FieldError } from './field-error.ts';
import { readMicroTime } from './go-time.ts';
import { isObject, type Json } from './json.ts';
import { badRequest } from './refusals.ts';

type SpecType = 'string' | 'int32' | 'microTime';

const specFields: Record<string, SpecType> = {
  holderIdentity: 'string',
  leaseDurationSeconds: 'int32',
  acquireTime: 'microTime',
  renewTime: 'microTime',
  leaseTransitions: 'int32',
  strategy: 'string',
  preferredHolder: 'string',
};

/** Brings the lease into the server's form, in place; returns the paths of unknown fields. @throws a 400 refusal */
export function decodeLease(lease: Json): string[] {
  const unknown: string[] = [];
  for (const name of Object.keys(lease)) {
    if (['apiVersion', 'kind', 'metadata', 'spec'].includes(name)) continue;
    unknown.push(name);
    Reflect.deleteProperty(lease, name);
  }
  const { spec } = lease;
  if (spec !== undefined && spec !== null && !isObject(spec)) {
    throw unreadable(
      `json: cannot unmarshal ${typeof spec} into Go struct field Lease.spec of type v1.LeaseSpec`,
    );
  }
  lease['spec'] = isObject(spec) ? decodeSpec(spec, unknown) : {};
  return unknown;
}

function decodeSpec(spec: Json, unknown: string[]): Json {
  const decoded: Json = {};
  for (const [name, value] of Object.entries(spec)) {
    const type = Object.hasOwn(specFields, name) ? specFields[name] : undefined;
    if (type === undefined) unknown.push(`spec.${name}`);
    else if (value !== null) decoded[name] = decodeField(name, type, value);
  }
  // Never honoured while the server's feature gate CoordinatedLeaderElection is off, as it is by default.
  delete decoded['strategy'];
  delete decoded['preferredHolder'];
  return decoded;
}

function decodeField(name: string, type: SpecType, value: unknown): unknown {
  if (type === 'int32') {
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
    const found = typeof value === 'number' ? `number ${value}` : jsonType(value);
    throw unreadable(
      `json: cannot unmarshal ${found} into Go struct field LeaseSpec.spec.${name} of type int32`,
    );
  }
  if (typeof value !== 'string') {
    const wanted = type === 'string' ? 'string' : 'v1.MicroTime';
    throw unreadable(
      `json: cannot unmarshal ${jsonType(value)} into Go struct field LeaseSpec.spec.${name} of type ${wanted}`,
    );
  }
  if (type === 'string') return value;
  const reading = readMicroTime(value);
  if ('error' in reading) throw unreadable(reading.error);
  return reading.text;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function unreadable(why: string): Error {
  return badRequest(`Lease in version "v1" cannot be handled as a Lease: ${why}`);
}

export function checkLease(lease: Json): FieldError[] {
  const spec = isObject(lease['spec']) ? lease['spec'] : {};
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
