import { resolveResource, type ResourceGround } from '../signal/named-resource.ts';
import type { StateReader, SubjectState } from './state-reader.ts';
import type { Subject } from './subject.ts';

/** The state of what was asked about; of a resource, what it resolved to is said. Throws what the reader throws. */
export async function readState(
  reader: StateReader,
  ground: ResourceGround,
  subject: Subject,
): Promise<SubjectState> {
  switch (subject.kind) {
    case 'fingerprint':
      return reader.ofFingerprint(subject.fingerprint);
    case 'prefix':
      return reader.ofPrefix(subject.prefix);
    case 'request':
      return reader.ofRequest(subject.name);
    case 'resource': {
      const resolved = await resolveResource(ground, subject);
      const { ownerChain, ...about } = resolved;
      return { ...about, ...(await reader.ofResource(resolved)), ownerChain };
    }
  }
}
