import type { KubeClient } from '../../kube/client.ts';
import type { Session } from '../session.ts';
import { resolveResource } from '../named-resource.ts';
import type { ShownState, StateReader } from './state-reader.ts';
import type { Subject } from './subject.ts';

/** The state of what was asked about; of a resource, what it resolved to is said. */
export async function readState(
  reader: StateReader,
  { session, client }: { session: Session; client: KubeClient },
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
      const { fingerprint, ownerChain, ...about } = await resolveResource(session, client, subject);
      const { fingerprint: same, ...state } = await reader.ofFingerprint(fingerprint);
      return { fingerprint: same, ...about, ...state, ownerChain };
    }
  }
}
