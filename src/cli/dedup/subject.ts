import { RemedyError } from '../../errors/remedy-error.ts';

/** What `dedup show` is asked about, as far as the text alone tells. */
export type Subject =
  | { kind: 'fingerprint'; fingerprint: string }
  | { kind: 'prefix'; prefix: string }
  | { kind: 'request'; name: string }
  | { kind: 'resource'; text: string };

const hex = /^[0-9a-f]+$/i;
const fingerprintDigits = 64;
const shortestPrefix = 8;

/** A fingerprint, 8 to 63 of its leading digits, KIND/NAME, else the name of a request. Throws USAGE. */
export function parseSubject(text: string): Subject {
  if (text.includes('/')) return { kind: 'resource', text };
  if (!hex.test(text)) {
    if (text.trim() !== '') return { kind: 'request', name: text };
    throw new RemedyError('USAGE', 'the name is empty', { hint: 'see remedyctl dedup show --help' });
  }
  const digits = text.toLowerCase();
  if (digits.length === fingerprintDigits) return { kind: 'fingerprint', fingerprint: digits };
  if (digits.length >= shortestPrefix && digits.length < fingerprintDigits) {
    return { kind: 'prefix', prefix: digits };
  }
  throw new RemedyError('USAGE', `"${text}" is no fingerprint: it has ${digits.length} digits`, {
    hint: `give all ${fingerprintDigits} digits, or the first ${shortestPrefix} or more`,
  });
}

/** `KIND/NAME`. Throws USAGE. */
export function parseResourceName(text: string): { kind: string; name: string } {
  const [, kind, name] = /^([A-Za-z][A-Za-z0-9]*)\/([^/]+)$/.exec(text) ?? [];
  if (kind !== undefined && name !== undefined) return { kind, name };
  throw new RemedyError('USAGE', `"${text}" is not KIND/NAME`, {
    hint: 'for example Deployment/checkout; its namespace is given with --resource-namespace',
  });
}
