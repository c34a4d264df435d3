import { RemedyError } from '../errors/remedy-error.ts';
import { parseResourceName, type WantedResource } from '../signal/named-resource.ts';

/** What is asked about, as far as the text alone tells. */
export type Subject =
  | { kind: 'fingerprint'; fingerprint: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'request'; name: string }
  | ({ kind: 'resource' } & WantedResource);

const hex = /^[0-9a-f]+$/i;
const fingerprintDigits = 64;
const shortestPrefix = 8;

/** Reads a fingerprint, 8 to 63 of its leading digits, KIND/NAME, else the name of a request. Throws INVALID_OPTION. */
export function parseSubject(text: string): Subject {
  if (text.includes('/')) {
    parseResourceName(text);
    return { kind: 'resource', text };
  }
  if (!hex.test(text)) {
    if (text.trim() !== '') return { kind: 'request', name: text };
    throw new RemedyError('INVALID_OPTION', 'the name is empty');
  }
  const digits = text.toLowerCase();
  if (digits.length === fingerprintDigits) return { kind: 'fingerprint', fingerprint: digits };
  if (digits.length >= shortestPrefix && digits.length < fingerprintDigits) {
    return { kind: 'prefix', prefix: digits };
  }
  throw new RemedyError('INVALID_OPTION', `"${text}" is no fingerprint: it has ${digits.length} digits`, {
    hint: `give all ${fingerprintDigits} digits, or the first ${shortestPrefix} or more`,
  });
}
