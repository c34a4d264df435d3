import type { KubeObject } from '../api/objects.ts';
import type { NamedInput } from '../documents/input-files.ts';
import { RemedyError } from '../errors/remedy-error.ts';

/** What a request was made of. */
export interface RequestPayload {
  /** Its `spec.originalPayload`, as an input for whoever reads documents; the whole webhook, where it was one. */
  input: NamedInput;
  /** Its `spec.signalFingerprint`: of the alerts in the payload those that it was made for have it. */
  fingerprint: string;
}

/** @throws NOT_FOUND for a request that does not hold its payload, or no fingerprint */
export function payloadOf(request: KubeObject): RequestPayload {
  const { name } = request.metadata;
  const { originalPayload: text, signalFingerprint: fingerprint } = (request['spec'] ?? {}) as Record<
    string,
    unknown
  >;
  if (typeof text !== 'string' || text.trim() === '') throw missing(name, 'originalPayload');
  if (typeof fingerprint !== 'string' || fingerprint === '') throw missing(name, 'signalFingerprint');
  const bytes = Buffer.from(text);
  return { fingerprint, input: { name: `request/${name}`, open: () => Promise.resolve(once(bytes)) } };
}

function missing(name: string, field: string): RemedyError {
  return new RemedyError(
    'NOT_FOUND',
    `request ${name} has no spec.${field}, so that it cannot be injected once more`,
    {
      hint: 'the payload is left out where it is too large for an object; give the file that the request was made of',
    },
  );
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void> {
  yield bytes;
  await Promise.resolve();
}
