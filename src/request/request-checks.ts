import { RemedyError } from '../errors/remedy-error.ts';
import type { NormalizedSignal } from '../signal/signal.ts';
import { parseRfc3339 } from '../time/rfc3339.ts';
import { characterCount } from './text-limits.ts';

interface Limit {
  field: 'signalName' | 'severity' | 'clusterID' | 'signalSource';
  min: number;
  max: number;
}

/** Lengths that the CRD's schema allows, in characters. */
const limits: readonly Limit[] = [
  { field: 'signalName', min: 0, max: 253 },
  { field: 'severity', min: 1, max: 50 },
  { field: 'clusterID', min: 0, max: 253 },
  { field: 'signalSource', min: 0, max: 63 },
];

/**
 * Refuses a signal that the API server would refuse, before any request is spent on it.
 * Throws INVALID_FIELD with the field's name in the message and in `details.field`.
 */
export function checkRequestFields(signal: NormalizedSignal): void {
  checkResource(signal);
  if (!/^[a-f0-9]{64}$/.test(signal.fingerprint)) {
    throw invalidField('signalFingerprint', 'is not 64 lower-case hexadecimal digits');
  }
  for (const { field, min, max } of limits) {
    const length = characterCount(signal[field] ?? '');
    if (length > max) throw invalidField(field, `is ${length} characters long; at most ${max} are allowed`);
    if (length < min) throw invalidField(field, `must not be empty`);
  }
  checkTime('receivedTime', signal.receivedTime);
  if (signal.firingTime !== undefined) checkTime('firingTime', signal.firingTime);
}

function checkResource({ resource }: NormalizedSignal): void {
  const unresolved = [
    ...(isUnresolved(resource.kind) ? ['Kind'] : []),
    ...(isUnresolved(resource.name) ? ['Name'] : []),
  ];
  if (unresolved.length === 0) return;
  throw new RemedyError(
    'INVALID_FIELD',
    `resource validation failed: missing or unresolved fields [${unresolved.join(', ')}] - V1.0 requires valid Kubernetes resource info`,
    {
      hint: 'The signal needs a label such as deployment, pod or node that names an object.',
      details: { field: `targetResource.${unresolved.includes('Kind') ? 'kind' : 'name'}` },
    },
  );
}

function isUnresolved(text: string): boolean {
  return text === '' || text.toLowerCase() === 'unknown';
}

function checkTime(field: string, text: string): void {
  if (parseRfc3339(text) === undefined) throw invalidField(field, 'is not an RFC 3339 time');
}

function invalidField(field: string, problem: string): RemedyError {
  return new RemedyError('INVALID_FIELD', `spec.${field} ${problem}`, {
    hint: `Shorten or correct what sets ${field} in the alert or event; the API server refuses it as it is.`,
    details: { field },
  });
}
