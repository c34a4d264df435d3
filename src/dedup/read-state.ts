import { resolveResource, type ResourceGround } from '../signal/named-resource.ts';
import type { ShownState, StateReader } from './state-reader.ts';
import type { Subject } from './subject.ts';

/** The state of what was asked about; of a resource, what it resolved to is said. Throws what the reader throws. */
export async function readState(
  reader: StateReader,
  ground: ResourceGround,
  subject: Subject,
): Promise<ShownState & { ownerChain?: string[] }> {
  switch (subject.kind) {
    case 'fingerprint':
      return reader.ofFingerprint(subject.fingerprint);
    case 'prefix':
      return reader.ofPrefix(subject.prefix);
    case 'request':
      return reader.ofRequest(subject.name);
    case 'resource': {
      const { fingerprint, ownerChain, ...about } = await resolveResource(ground, subject);
      const { fingerprint: same, ...state } = await reader.ofFingerprint(fingerprint);
      return { fingerprint: same, ...about, ...state, ownerChain };
    }
  }
}
